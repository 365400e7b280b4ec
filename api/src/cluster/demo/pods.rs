//! A pod's life, written into its status the way a kubelet writes it.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::{
    kinds::{self, Kind},
    objects::{self, condition, digest, number, pick, stamp, text},
};

/// The machines of the lab.
pub const NODES: [&str; 4] = ["harbor-1", "harbor-2", "harbor-3", "harbor-4"];

/// A new pod from its owner's template: nobody has looked at it yet.
pub fn new(owner: &Value, kind: Kind, name: &str, template: &Value, at: DateTime<Utc>) -> Value {
    let namespace = text(owner, "/metadata/namespace");
    let owner_name = text(owner, "/metadata/name");
    let mut pod = objects::object(kinds::POD, namespace, name, at);
    pod["metadata"]["labels"] = template["metadata"]["labels"].clone();
    if let Some(annotations) = template["metadata"].get("annotations") {
        pod["metadata"]["annotations"] = annotations.clone();
    }
    pod["metadata"]["ownerReferences"] = objects::owner(kind, namespace, owner_name);
    pod["spec"] = template["spec"].clone();
    pod["spec"]["enableServiceLinks"] = json!(true);
    pod["spec"]["priority"] = json!(0);
    pod["status"] = json!({"phase": "Pending", "qosClass": "Burstable"});
    pod
}

/// The scheduler has chosen a machine.
pub fn scheduled(pod: &mut Value, node: &str, at: DateTime<Utc>) {
    pod["spec"]["nodeName"] = json!(node);
    mark(pod, "PodScheduled", true, None, at);
}

/// The machine has taken the pod on and is preparing its container.
pub fn creating(pod: &mut Value, at: DateTime<Utc>) {
    let node = text(pod, "/spec/nodeName").to_owned();
    let ip = format!("192.168.10.{}", 10 + index(&node));
    pod["status"]["hostIP"] = json!(ip);
    pod["status"]["hostIPs"] = json!([{"ip": ip}]);
    pod["status"]["startTime"] = json!(stamp(at));
    pod["status"]["containerStatuses"] = json!([{
        "name": pod["spec"]["containers"][0]["name"], "image": pod["spec"]["containers"][0]["image"],
        "imageID": "", "ready": false, "started": false, "restartCount": 0, "lastState": {},
        "state": {"waiting": {"reason": "ContainerCreating"}},
    }]);
    mark(pod, "PodReadyToStartContainers", false, None, at);
    mark(pod, "Initialized", true, None, at);
    readiness(pod, false, "ContainersNotReady", at);
}

/// The container runs, for the first time or again. It is not ready before [`ready`] says so.
pub fn running(pod: &mut Value, at: DateTime<Utc>) {
    network(pod, at);
    let uid = text(pod, "/metadata/uid").to_owned();
    let image = text(pod, "/spec/containers/0/image").to_owned();
    let repository = image.rsplit_once(':').map_or(image.as_str(), |(r, _)| r);
    let last = last_run(pod);
    let restarts =
        number(pod, "/status/containerStatuses/0/restartCount") + i64::from(last.is_some());
    pod["status"]["phase"] = json!("Running");
    let container = &mut pod["status"]["containerStatuses"][0];
    if let Some(last) = last {
        container["lastState"] = json!({"terminated": last});
    }
    container["imageID"] = json!(format!("{repository}@sha256:{}", digest(&image)));
    container["containerID"] = json!(format!(
        "containerd://{}",
        digest(&format!("{uid}#{restarts}"))
    ));
    container["restartCount"] = json!(restarts);
    container["started"] = json!(true);
    container["ready"] = json!(false);
    container["state"] = json!({"running": {"startedAt": stamp(at)}});
    readiness(pod, false, "ContainersNotReady", at);
}

/// The container answers its readiness probe.
pub fn ready(pod: &mut Value, at: DateTime<Utc>) {
    pod["status"]["containerStatuses"][0]["ready"] = json!(true);
    readiness(pod, true, "", at);
}

/// The container has ended with a code; what it last logged is the message.
pub fn ended(pod: &mut Value, code: i64, message: &str, at: DateTime<Utc>) {
    let container = &mut pod["status"]["containerStatuses"][0];
    let mut terminated = json!({
        "exitCode": code, "reason": if code == 0 { "Completed" } else { "Error" },
        "startedAt": container["state"]["running"]["startedAt"], "finishedAt": stamp(at),
        "containerID": container["containerID"],
    });
    if !message.is_empty() {
        terminated["message"] = json!(message);
    }
    container["state"] = json!({"terminated": terminated});
    container["started"] = json!(false);
    container["ready"] = json!(false);
    if code == 0 {
        // Only pods that are meant to end do so with success: nothing will be restarted.
        pod["status"]["phase"] = json!("Succeeded");
        mark(pod, "PodReadyToStartContainers", false, None, at);
        mark(
            pod,
            "Initialized",
            true,
            Some(json!({"reason": "PodCompleted"})),
            at,
        );
        let done = json!({"reason": "PodCompleted"});
        mark(pod, "Ready", false, Some(done.clone()), at);
        mark(pod, "ContainersReady", false, Some(done), at);
    } else {
        readiness(pod, false, "ContainersNotReady", at);
    }
}

/// The machine waits before it starts the container again.
pub fn backing_off(pod: &mut Value, at: DateTime<Utc>) {
    let last = last_run(pod);
    let message = format!(
        "back-off 10s restarting failed container={} pod={}_{}({})",
        text(pod, "/spec/containers/0/name"),
        text(pod, "/metadata/name"),
        text(pod, "/metadata/namespace"),
        text(pod, "/metadata/uid"),
    );
    let container = &mut pod["status"]["containerStatuses"][0];
    container["lastState"] = json!({"terminated": last});
    container["state"] = json!({"waiting": {"reason": "CrashLoopBackOff", "message": message}});
    readiness(pod, false, "ContainersNotReady", at);
}

/// The image cannot be fetched: the attempt has just failed, or the machine waits before the next one.
pub fn unpulled(pod: &mut Value, waiting: bool, at: DateTime<Utc>) {
    network(pod, at);
    let image = text(pod, "/spec/containers/0/image").to_owned();
    let cause = pull_error(&image);
    let state = match waiting {
        true => json!({
            "reason": "ImagePullBackOff",
            "message": format!("Back-off pulling image \"{image}\": ErrImagePull: {cause}"),
        }),
        false => json!({"reason": "ErrImagePull", "message": cause}),
    };
    pod["status"]["containerStatuses"][0]["state"] = json!({"waiting": state});
}

/// What the container runtime says about an image that does not exist.
pub fn pull_error(image: &str) -> String {
    format!(
        "rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": \
         failed to resolve reference \"{image}\": {image}: not found"
    )
}

/// The pod was asked to go, and has its grace period to do so.
pub fn terminating(pod: &mut Value, at: DateTime<Utc>) {
    pod["metadata"]["deletionGracePeriodSeconds"] = json!(30);
    pod["metadata"]["deletionTimestamp"] = json!(stamp(at + chrono::Duration::seconds(30)));
}

/// Whether the pod is on its way out.
pub fn is_terminating(pod: &Value) -> bool {
    pod["metadata"].get("deletionTimestamp").is_some()
}

/// Whether the pod may be sent traffic.
pub fn is_ready(pod: &Value) -> bool {
    let ready = |c: &Value| c["type"] == "Ready" && c["status"] == "True";
    pod["status"]["conditions"]
        .as_array()
        .is_some_and(|all| all.iter().any(ready))
}

/// How the container's last run ended, wherever it is written at the moment.
fn last_run(pod: &Value) -> Option<Value> {
    let container = &pod["status"]["containerStatuses"][0];
    let state = container["state"].get("terminated");
    let last = container["lastState"].get("terminated");
    // A container that runs already is not being restarted.
    match container["state"].get("running") {
        Some(_) => None,
        None => state.or(last).cloned(),
    }
}

fn network(pod: &mut Value, at: DateTime<Utc>) {
    let node = index(text(pod, "/spec/nodeName"));
    let ip = format!("10.42.{node}.{}", 2 + pick(text(pod, "/metadata/uid"), 250));
    pod["status"]["podIP"] = json!(ip);
    pod["status"]["podIPs"] = json!([{"ip": ip}]);
    mark(pod, "PodReadyToStartContainers", true, None, at);
}

fn index(node: &str) -> usize {
    NODES.iter().position(|n| *n == node).map_or(0, |i| i + 1)
}

fn readiness(pod: &mut Value, is: bool, reason: &str, at: DateTime<Utc>) {
    let why = (!is).then(|| {
        let name = text(pod, "/spec/containers/0/name");
        json!({"reason": reason, "message": format!("containers with unready status: [{name}]")})
    });
    mark(pod, "Ready", is, why.clone(), at);
    mark(pod, "ContainersReady", is, why, at);
}

fn mark(pod: &mut Value, kind: &str, is: bool, why: Option<Value>, at: DateTime<Utc>) {
    let mut extra = why.unwrap_or_else(|| Value::Object(Map::new()));
    extra["lastProbeTime"] = Value::Null;
    condition(pod, extra, kind, if is { "True" } else { "False" }, at);
}
