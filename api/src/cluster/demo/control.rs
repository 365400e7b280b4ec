//! The controllers' bookkeeping: what a workload's status says is counted from the pods that are there, so
//! that it is true at every moment of the script.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    kinds::{self, Kind},
    lab::Lab,
    objects::{condition, number, owned_by, stamp, text},
    store::Key,
    tally::{count, daemon_set, job, stateful_set, write},
};

/// Lets the owner of a pod, and the owner of that, count again.
pub fn owners_of(lab: &Lab, pod: &Value, at: DateTime<Utc>) {
    let namespace = text(pod, "/metadata/namespace");
    let name = text(pod, "/metadata/ownerReferences/0/name");
    let key = |kind: Kind| Key::new(kind, namespace, name);
    match text(pod, "/metadata/ownerReferences/0/kind") {
        "ReplicaSet" => {
            replica_set(lab, &key(kinds::REPLICA_SET));
            if let Some(set) = lab.store.get(&key(kinds::REPLICA_SET)) {
                let deployment = text(&set, "/metadata/ownerReferences/0/name");
                self::deployment(lab, &Key::new(kinds::DEPLOYMENT, namespace, deployment), at);
            }
        }
        "StatefulSet" => stateful_set(lab, &key(kinds::STATEFUL_SET)),
        "DaemonSet" => daemon_set(lab, &key(kinds::DAEMON_SET)),
        "Job" => job(lab, &key(kinds::JOB), at),
        _ => {}
    }
}

/// Counts a replica set's pods.
pub fn replica_set(lab: &Lab, key: &Key) {
    let Some(set) = lab.store.get(key) else {
        return;
    };
    let n = count(lab, &set);
    lab.store.edit(key, |set| {
        let generation = number(set, "/metadata/generation");
        let always = [("observedGeneration", generation), ("replicas", n.all)];
        let unless_zero = [
            ("fullyLabeledReplicas", n.all),
            ("readyReplicas", n.ready),
            ("availableReplicas", n.ready),
        ];
        write(&mut set["status"], &always, &unless_zero);
    });
}

/// A deployment's replica sets, the newest first.
pub fn replica_sets(lab: &Lab, deployment: &Value) -> Vec<(Key, i64)> {
    let namespace = text(deployment, "/metadata/namespace");
    let uid = text(deployment, "/metadata/uid");
    let revision = "/metadata/annotations/deployment.kubernetes.io~1revision";
    let mut sets: Vec<(Key, i64)> = lab
        .store
        .list(kinds::REPLICA_SET, Some(namespace))
        .1
        .into_iter()
        .filter(|(_, set)| owned_by(set, uid))
        .map(|(key, set)| (key, text(&set, revision).parse().unwrap_or(0)))
        .collect();
    sets.sort_by_key(|(_, revision)| -revision);
    sets
}

/// Adds up a deployment's replica sets and judges how its rollout goes.
pub fn deployment(lab: &Lab, key: &Key, at: DateTime<Utc>) {
    let Some(deployment) = lab.store.get(key) else {
        return;
    };
    let sets: Vec<_> = replica_sets(lab, &deployment)
        .iter()
        .filter_map(|(key, _)| lab.store.get(key))
        .collect();
    let Some(newest) = sets.first() else {
        return;
    };
    let total = |pointer| sets.iter().map(|set| number(set, pointer)).sum::<i64>();
    let all = total("/status/replicas");
    let ready = total("/status/readyReplicas");
    let updated = number(newest, "/status/replicas");
    let wanted = number(&deployment, "/spec/replicas");
    let missing = (total("/spec/replicas") - ready).max(0);
    let name = text(newest, "/metadata/name").to_owned();
    lab.store.edit(key, |it| {
        let generation = number(it, "/metadata/generation");
        let always = [("observedGeneration", generation)];
        let unless_zero = [
            ("replicas", all),
            ("updatedReplicas", updated),
            ("readyReplicas", ready),
            ("availableReplicas", ready),
            ("unavailableReplicas", missing),
        ];
        write(&mut it["status"], &always, &unless_zero);
        // A quarter may be missing; rounded down, as the real one does.
        let available = ready >= wanted - wanted / 4;
        let (is, reason, message) = match available {
            true => (
                "True",
                "MinimumReplicasAvailable",
                "Deployment has minimum availability.",
            ),
            false => (
                "False",
                "MinimumReplicasUnavailable",
                "Deployment does not have minimum availability.",
            ),
        };
        judge(it, "Available", is, reason, message, at);
        let finished = format!("ReplicaSet \"{name}\" has successfully progressed.");
        let complete = updated == wanted && all == wanted && ready >= wanted;
        let last = it["status"]["conditions"]
            .as_array()
            .and_then(|all| all.iter().find(|c| c["type"] == "Progressing"));
        // A rollout once finished stays so, whatever becomes of its pods; one that timed out stays so until
        // it finishes after all.
        let settled = last.is_some_and(|c| {
            c["message"] == *finished
                || (c["status"] == "False" && text(c, "/message").contains(&name))
        });
        if complete {
            judge(
                it,
                "Progressing",
                "True",
                "NewReplicaSetAvailable",
                &finished,
                at,
            );
        } else if !settled {
            let message = format!("ReplicaSet \"{name}\" is progressing.");
            judge(it, "Progressing", "True", "ReplicaSetUpdated", &message, at);
        }
    });
}

/// Sets a deployment's condition, with the time it was last touched, unless it says the same already.
pub fn judge(it: &mut Value, kind: &str, is: &str, reason: &str, message: &str, at: DateTime<Utc>) {
    let same = |c: &Value| {
        c["type"] == kind && c["status"] == is && c["reason"] == reason && c["message"] == message
    };
    let conditions = it["status"]["conditions"].as_array();
    if conditions.is_some_and(|all| all.iter().any(same)) {
        return;
    }
    let extra = json!({"reason": reason, "message": message, "lastUpdateTime": stamp(at)});
    condition(it, extra, kind, is, at);
}
