//! Exact states, given to objects of a real API server without controllers.

use serde_json::{Value, json};

use super::{
    builder::{ago, container, crashing, ended, job, owned, pod, running, waiting, well},
    incidents, looked, tells, told,
};
use crate::cluster::{ControlPlane, server};

/// A pod with a second container of another kind in trouble.
fn with_init(mut pod: Value, name: &str, policy: Option<&str>, status: Value) -> Value {
    let mut init = json!({ "name": name, "image": "helper:1" });
    if let Some(policy) = policy {
        init["restartPolicy"] = policy.into();
    }
    pod["spec"]["initContainers"] = json!([init]);
    pod["status"]["initContainerStatuses"] = json!([status]);
    pod
}

fn evicted() -> Value {
    let mut gone = well("evicted", "hungry");
    gone["status"] = json!({
        "phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory.",
    });
    gone
}

fn gated() -> Value {
    let mut gated = pod(
        "gate",
        "gated",
        "Running",
        false,
        container("main", running(), json!({}), 0),
    );
    gated["spec"]["readinessGates"] = json!([{ "conditionType": "example.org/open" }]);
    gated
}

fn silent() -> Value {
    let mut silent = crashing("off", "noisy");
    silent["metadata"]["annotations"] = json!({ "porthole.dev/alerts": "off" });
    silent
}

/// Ready only after longer than usual, which its annotation allows.
fn patient() -> Value {
    let mut slow = pod(
        "patient",
        "slow",
        "Running",
        false,
        container("main", running(), json!({}), 0),
    );
    slow["metadata"]["annotations"] = json!({ "porthole.dev/not-ready-after": "3h" });
    slow
}

/// Pods at the edge of what may exist: nothing is said of them, many containers, the longest name.
fn odd() -> Vec<Value> {
    let mut bare = well("odd", "bare");
    bare.as_object_mut().expect("an object").remove("status");
    let mut many = well("odd", &"n".repeat(253));
    let containers: Vec<Value> = (0..200)
        .map(|n| json!({ "name": format!("c{n}"), "image": "app:1" }))
        .collect();
    let statuses: Vec<Value> = (0..200)
        .map(|n| container(&format!("c{n}"), running(), json!({}), 0))
        .collect();
    many["spec"]["containers"] = containers.into();
    many["status"]["containerStatuses"] = statuses.into();
    vec![bare, many]
}

fn node(name: &str, ready: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Node", "metadata": { "name": name },
        "status": { "conditions": [{
            "type": "Ready", "status": ready, "reason": "NodeStatusUnknown",
            "message": "Kubelet stopped posting node status.",
            "lastTransitionTime": ago(600), "lastHeartbeatTime": ago(600),
        }] },
    })
}

fn on_node(mut pod: Value, node: &str) -> Value {
    pod["spec"]["nodeName"] = node.into();
    pod
}

/// What each scene begins with, by namespace.
fn scenes() -> Vec<(&'static str, Vec<Value>)> {
    let oom = container("main", running(), ended(137, "OOMKilled", 30), 1);
    let broken = || {
        container(
            "helper",
            waiting("CrashLoopBackOff", "back-off"),
            ended(2, "Error", 20),
            4,
        )
    };
    let lost: Vec<Value> = (0..3)
        .map(|n| {
            on_node(
                pod(
                    "lost",
                    &format!("p{n}"),
                    "Running",
                    false,
                    container("main", running(), json!({}), 0),
                ),
                "gone",
            )
        })
        .collect();
    let failed_try = {
        let main = container("main", ended(1, "Error", 300), json!({}), 0);
        owned(
            pod("retry", "import-1", "Failed", false, main),
            "batch/v1",
            "Job",
            "import",
        )
    };
    let cron = json!({
        "apiVersion": "batch/v1", "kind": "CronJob", "metadata": { "name": "backup", "namespace": "cron" },
        "spec": { "schedule": "0 3 * * *", "jobTemplate": { "spec": { "template": { "spec": {
            "restartPolicy": "Never", "containers": [{ "name": "main", "image": "job:1" }],
        } } } } },
        "status": { "lastScheduleTime": ago(600) },
    });
    let first = owned(
        job("cron", "backup-1", Some(("Failed", 60))),
        "batch/v1",
        "CronJob",
        "backup",
    );
    vec![
        ("well", vec![well("well", "a"), well("well", "b")]),
        ("oom", vec![pod("oom", "greedy", "Running", true, oom)]),
        (
            "sidecar",
            vec![with_init(
                well("sidecar", "app"),
                "helper",
                Some("Always"),
                broken(),
            )],
        ),
        (
            "init",
            vec![with_init(
                pod(
                    "init",
                    "app",
                    "Pending",
                    false,
                    container("main", waiting("PodInitializing", ""), json!({}), 0),
                ),
                "helper",
                None,
                broken(),
            )],
        ),
        ("evicted", vec![evicted()]),
        ("gate", vec![gated()]),
        ("off", vec![silent()]),
        ("patient", vec![patient()]),
        ("odd", odd()),
        ("lost", lost),
        ("retry", vec![job("retry", "import", None), failed_try]),
        ("cron", vec![cron, first]),
        ("scaled", vec![crashing("scaled", "a")]),
    ]
}

#[tokio::test]
async fn each_state_is_told_once_as_what_it_is_and_nothing_else_is() {
    let plane = ControlPlane::start("states", false).await;
    plane.place(&node("gone", "Unknown")).await;
    for (namespace, objects) in scenes() {
        plane.kubectl(&["create", "namespace", namespace]).await;
        for object in objects {
            plane.place(&object).await;
        }
    }
    let server = server(&[&plane.kubeconfig()]).await;
    let admin = server.admin().await;

    for (namespace, line) in [
        ("oom", "greedy was ended for using too much memory"),
        ("sidecar", "app keeps crashing"),
        ("init", "app keeps crashing"),
        ("evicted", "hungry was evicted from its node"),
        ("gate", "gated runs but is not ready"),
        ("cron", "The job backup failed"),
        ("scaled", "a keeps crashing"),
        ("", "The node gone does not answer"),
    ] {
        tells(&admin, namespace, &[line]).await;
    }
    let of_node = incidents(&admin).await;
    let of_node = of_node
        .iter()
        .find(|i| i["class"] == "NODE_NOT_READY")
        .expect("told");
    assert_eq!(
        of_node["affected"],
        json!(["lost/p0", "lost/p1", "lost/p2"])
    );

    // The Job's next try succeeds; the CronJob's next run too; a pod that crashed is deleted.
    plane
        .status(&job("retry", "import", Some(("Complete", 1))))
        .await;
    let second = owned(
        job("cron", "backup-2", Some(("Complete", 1))),
        "batch/v1",
        "CronJob",
        "backup",
    );
    plane.place(&second).await;
    plane
        .kubectl(&[
            "delete",
            "pod",
            "a",
            "--namespace=scaled",
            "--grace-period=0",
            "--force",
        ])
        .await;
    tells(
        &admin,
        "cron",
        &["The job backup failed", "backup has recovered"],
    )
    .await;
    tells(&admin, "scaled", &["a keeps crashing", "a is gone"]).await;
    looked(&admin).await;
    for quiet in ["well", "off", "patient", "odd", "lost", "retry"] {
        assert_eq!(told(&admin, quiet).await, [""; 0], "{quiet}");
    }
    plane.tool("down", &[]).await;
}
