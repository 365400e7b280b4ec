//! Counting pods, and the statuses that are little more than the count.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    kinds,
    lab::Lab,
    objects::{condition, number, owned_by, stamp, text},
    pods,
    store::Key,
};

/// A controller's view of its pods.
#[derive(Default)]
pub struct Count {
    /// All that are not on their way out.
    pub all: i64,
    /// Those that may be sent traffic.
    pub ready: i64,
    /// Those that have not ended.
    pub active: i64,
    /// Those that have ended well.
    pub succeeded: i64,
}

/// Counts an owner's pods.
pub fn count(lab: &Lab, owner: &Value) -> Count {
    let mut count = Count::default();
    let namespace = text(owner, "/metadata/namespace");
    let uid = text(owner, "/metadata/uid");
    for (_, pod) in lab.store.list(kinds::POD, Some(namespace)).1 {
        // Controllers do not count a pod that is going.
        if !owned_by(&pod, uid) || pods::is_terminating(&pod) {
            continue;
        }
        let done = text(&pod, "/status/phase") == "Succeeded";
        count.all += 1;
        count.ready += i64::from(pods::is_ready(&pod));
        count.active += i64::from(!done);
        count.succeeded += i64::from(done);
    }
    count
}

/// Writes the fields of a status; like the real thing, leaves out what is zero unless it is always there.
pub fn write(status: &mut Value, always: &[(&str, i64)], unless_zero: &[(&str, i64)]) {
    if !status.is_object() {
        *status = json!({});
    }
    for (name, value) in always {
        status[*name] = json!(value);
    }
    for (name, value) in unless_zero {
        if *value != 0 {
            status[*name] = json!(value);
        } else if let Some(fields) = status.as_object_mut() {
            fields.remove(*name);
        }
    }
}

/// Counts a stateful set's pods.
pub fn stateful_set(lab: &Lab, key: &Key) {
    let Some(set) = lab.store.get(key) else {
        return;
    };
    let n = count(lab, &set);
    lab.store.edit(key, |set| {
        let generation = number(set, "/metadata/generation");
        let always = [
            ("observedGeneration", generation),
            ("replicas", n.all),
            ("availableReplicas", n.ready),
            ("collisionCount", 0),
        ];
        let unless_zero = [
            ("readyReplicas", n.ready),
            ("currentReplicas", n.all),
            ("updatedReplicas", n.all),
        ];
        write(&mut set["status"], &always, &unless_zero);
    });
}

/// Counts a daemon set's pods.
pub fn daemon_set(lab: &Lab, key: &Key) {
    let Some(set) = lab.store.get(key) else {
        return;
    };
    let n = count(lab, &set);
    let nodes = i64::try_from(pods::NODES.len()).unwrap_or_default();
    lab.store.edit(key, |set| {
        let generation = number(set, "/metadata/generation");
        let always = [
            ("observedGeneration", generation),
            ("desiredNumberScheduled", nodes),
            ("currentNumberScheduled", n.all),
            ("numberMisscheduled", 0),
            ("numberReady", n.ready),
        ];
        let unless_zero = [
            ("updatedNumberScheduled", n.all),
            ("numberAvailable", n.ready),
            ("numberUnavailable", nodes - n.ready),
        ];
        write(&mut set["status"], &always, &unless_zero);
    });
}

/// Counts a job's pods, and notes when it began and when it is done.
pub fn job(lab: &Lab, key: &Key, at: DateTime<Utc>) {
    let Some(job) = lab.store.get(key) else {
        return;
    };
    let n = count(lab, &job);
    lab.store.edit(key, |job| {
        if job["status"].get("completionTime").is_some() {
            return;
        }
        let unless_zero = [("active", n.active), ("succeeded", n.succeeded)];
        write(
            &mut job["status"],
            &[("ready", n.ready), ("terminating", 0)],
            &unless_zero,
        );
        job["status"]["uncountedTerminatedPods"] = json!({});
        if job["status"].get("startTime").is_none() {
            job["status"]["startTime"] = json!(stamp(at));
        }
        if n.succeeded > 0 {
            job["status"]["completionTime"] = json!(stamp(at));
            for kind in ["SuccessCriteriaMet", "Complete"] {
                let extra = json!({
                    "reason": "CompletionsReached", "lastProbeTime": stamp(at),
                    "message": "Reached expected number of succeeded pods",
                });
                condition(job, extra, kind, "True", at);
            }
        }
    });
}
