//! Objects in exactly the state a scenario needs.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};

/// A Job's start never changes.
const STARTED: &str = "2026-01-01T00:00:00Z";

/// So many seconds ago, as Kubernetes writes it.
pub fn ago(seconds: i64) -> String {
    (porthole::clock::Clock::System.now() - TimeDelta::seconds(seconds))
        .to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A container's status.
pub fn container(name: &str, state: Value, last: Value, restarts: u32) -> Value {
    let is_running = state.get("running").is_some();
    json!({
        "name": name, "image": "app:1", "imageID": "", "ready": is_running, "started": is_running,
        "restartCount": restarts, "state": state, "lastState": last,
    })
}

pub fn running() -> Value {
    json!({ "running": { "startedAt": ago(60) } })
}

pub fn waiting(reason: &str, message: &str) -> Value {
    json!({ "waiting": { "reason": reason, "message": message } })
}

pub fn ended(code: i32, reason: &str, seconds: i64) -> Value {
    json!({ "terminated": {
        "exitCode": code, "reason": reason, "startedAt": ago(seconds + 5), "finishedAt": ago(seconds),
    } })
}

/// A pod of one container, called `main`.
pub fn pod(namespace: &str, name: &str, phase: &str, ready: bool, main: Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": { "name": name, "namespace": namespace },
        "spec": { "containers": [{ "name": "main", "image": "app:1" }] },
        "status": {
            "phase": phase, "containerStatuses": [main],
            "conditions": [
                { "type": "Initialized", "status": "True" },
                { "type": "Ready", "status": if ready { "True" } else { "False" }, "lastTransitionTime": ago(3_600) },
            ],
        },
    })
}

/// A well one.
pub fn well(namespace: &str, name: &str) -> Value {
    pod(
        namespace,
        name,
        "Running",
        true,
        container("main", running(), json!({}), 0),
    )
}

/// One that crashes again and again.
pub fn crashing(namespace: &str, name: &str) -> Value {
    let main = container(
        "main",
        waiting(
            "CrashLoopBackOff",
            "back-off 5m0s restarting failed container",
        ),
        ended(1, "Error", 20),
        5,
    );
    pod(namespace, name, "Running", false, main)
}

/// One whose image cannot be pulled.
pub fn unpulled(namespace: &str, name: &str, image: &str, message: &str) -> Value {
    let main = container("main", waiting("ErrImagePull", message), json!({}), 0);
    let mut pod = pod(namespace, name, "Pending", false, main);
    pod["spec"]["containers"][0]["image"] = image.into();
    pod
}

/// Makes an object belong to another.
pub fn owned(mut object: Value, api: &str, kind: &str, name: &str) -> Value {
    object["metadata"]["ownerReferences"] = json!([{
        "apiVersion": api, "kind": kind, "name": name, "controller": true,
        "uid": format!("{kind}-{name}"),
    }]);
    object
}

/// A Job whose condition is this, some seconds ago.
pub fn job(namespace: &str, name: &str, condition: Option<(&str, i64)>) -> Value {
    let mut status = json!({ "startTime": STARTED, "active": 1, "failed": 1 });
    if let Some((kind, seconds)) = condition {
        let at = ago(seconds);
        let reason = if kind == "Failed" {
            "BackoffLimitExceeded"
        } else {
            "CompletionsReached"
        };
        let condition = |kind: &str| {
            json!({
                "type": kind, "status": "True", "reason": reason, "message": "Job has reached its end",
                "lastTransitionTime": at, "lastProbeTime": at,
            })
        };
        status = json!({ "startTime": STARTED, "active": 0, "failed": 1, "uncountedTerminatedPods": {} });
        status["conditions"] = if kind == "Failed" {
            json!([condition("FailureTarget"), condition("Failed")])
        } else {
            status["succeeded"] = 1.into();
            status["completionTime"] = at.clone().into();
            json!([condition("SuccessCriteriaMet"), condition("Complete")])
        };
    }
    json!({
        "apiVersion": "batch/v1", "kind": "Job", "metadata": { "name": name, "namespace": namespace },
        "spec": { "backoffLimit": 3, "template": { "spec": {
            "restartPolicy": "Never", "containers": [{ "name": "main", "image": "job:1" }],
        } } },
        "status": status,
    })
}
