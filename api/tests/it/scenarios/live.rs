//! With the real controllers: rollouts, drains, lost nodes, deletions, and our own restart.

use serde_json::{Value, json};

use super::{incidents, tells, told};
use crate::{
    app::Client,
    cluster::{ControlPlane, deployment, server, wait_for},
};

fn in_namespace(namespace: &str, mut object: Value) -> Value {
    object["metadata"]["namespace"] = namespace.into();
    object
}

struct Stage<'a> {
    plane: &'a ControlPlane,
    admin: &'a Client,
}

impl Stage<'_> {
    async fn kubectl(&self, namespace: &str, args: &[&str]) -> String {
        let namespace = format!("--namespace={namespace}");
        self.plane.kubectl(&[args, &[&namespace]].concat()).await
    }

    async fn rolled_out(&self, namespace: &str, name: &str) {
        let target = format!("deployment/{name}");
        self.kubectl(namespace, &["rollout", "status", &target, "--timeout=80s"])
            .await;
    }

    /// Twenty pods are replaced: nothing to tell.
    async fn rollout(&self) {
        self.plane
            .apply(&in_namespace("roll", deployment("big", 20, "app:1", None)))
            .await;
        self.rolled_out("roll", "big").await;
        self.kubectl("roll", &["set", "image", "deployment/big", "main=app:2"])
            .await;
        self.rolled_out("roll", "big").await;
    }

    /// A rollout whose pods never get ready hits its deadline, and is taken back.
    async fn failing_rollout(&self) {
        let mut web = in_namespace("fail", deployment("web", 3, "web:1", None));
        web["spec"]["progressDeadlineSeconds"] = 4.into();
        self.plane.apply(&web).await;
        self.rolled_out("fail", "web").await;
        web["spec"]["template"]["metadata"]["labels"]["testcluster/play"] = "not-ready".into();
        web["spec"]["template"]["spec"]["containers"][0]["image"] = "web:2".into();
        self.plane.apply(&web).await;
        tells(self.admin, "fail", &["The rollout of web is stuck"]).await;
        let all = incidents(self.admin).await;
        let stuck = all.iter().find(|i| i["namespace"] == "fail").expect("told");
        assert_eq!(stuck["class"], "ROLLOUT_STUCK");
        assert_eq!(
            stuck["change"]["images"],
            json!([{ "container": "main", "before": "web:1", "after": "web:2" }])
        );
        assert_eq!(stuck["change"]["previousRevision"], 1);
        assert_eq!(stuck["change"]["revision"], 2);
        self.kubectl("fail", &["rollout", "undo", "deployment/web"])
            .await;
        tells(
            self.admin,
            "fail",
            &["The rollout of web is stuck", "web has recovered"],
        )
        .await;
    }

    /// What crashes is scaled to zero: it is gone, not well.
    async fn scaled_to_zero(&self) {
        let crash = deployment("sync", 2, "sync:1", Some("crash-loop"));
        self.plane.apply(&in_namespace("zero", crash)).await;
        tells(self.admin, "zero", &["sync keeps crashing"]).await;
        self.kubectl("zero", &["scale", "deployment/sync", "--replicas=0"])
            .await;
        tells(self.admin, "zero", &["sync keeps crashing", "sync is gone"]).await;
    }

    /// Its namespace is deleted.
    async fn namespace_deleted(&self) {
        let broken = deployment("puller", 1, "nowhere:1", Some("image-pull"));
        self.plane.apply(&in_namespace("doomed", broken)).await;
        let line = "puller cannot start: its image cannot be pulled";
        tells(self.admin, "doomed", &[line]).await;
        self.plane
            .kubectl(&["delete", "namespace", "doomed", "--wait=false"])
            .await;
        tells(self.admin, "doomed", &[line, "puller is gone"]).await;
    }

    /// A Job that gives up, and a CronJob that is well again with its next run.
    async fn jobs(&self) {
        let template = |play: &str| {
            json!({
                "metadata": { "labels": { "testcluster/play": play } },
                "spec": { "restartPolicy": "Never", "containers": [{ "name": "main", "image": "job:1" }] },
            })
        };
        let cron = |play: &str| {
            json!({
                "apiVersion": "batch/v1", "kind": "CronJob",
                "metadata": { "name": "nightly", "namespace": "jobs" },
                "spec": { "schedule": "0 3 1 1 *", "jobTemplate": { "spec": { "backoffLimit": 0, "template": template(play) } } },
            })
        };
        self.plane.apply(&cron("fail")).await;
        self.kubectl(
            "jobs",
            &["create", "job", "--from=cronjob/nightly", "first"],
        )
        .await;
        tells(self.admin, "jobs", &["The job nightly failed"]).await;
        self.plane.apply(&cron("none")).await;
        self.kubectl(
            "jobs",
            &["create", "job", "--from=cronjob/nightly", "second"],
        )
        .await;
        tells(
            self.admin,
            "jobs",
            &["The job nightly failed", "nightly has recovered"],
        )
        .await;
    }
}

/// What a container says is read and followed through the real API server.
async fn logs(admin: &Client) {
    let ask = "query { pods(filter: { namespace: \"roll\" }, first: 1) { nodes { id } } }";
    let pods = admin.ok(ask, json!({})).await;
    let pod = pods["pods"]["nodes"][0]["id"].clone();
    let tail = "query($p: ID!) { podLogs(pod: $p, tail: 3) { lines { at text } } }";
    let lines = admin.ok(tail, json!({ "p": pod })).await["podLogs"]["lines"].clone();
    let lines = lines.as_array().expect("lines");
    assert!((1..=3).contains(&lines.len()), "{lines:?}");
    let mut socket = admin.socket().await;
    let follow = "subscription($p: ID!) { podLogLines(pod: $p, tail: 2) { lines { text } } }";
    socket.subscribe("logs", follow, json!({ "p": pod })).await;
    let first = socket.data().await;
    assert!(
        first["podLogLines"]["lines"][0]["text"].is_string(),
        "{first}"
    );
    for (variables, words) in [
        (json!({ "p": pod, "c": "nobody" }), "no container nobody"),
        (json!({ "p": pod, "t": 100_000 }), "1 to 1000"),
    ] {
        let ask = "query($p: ID!, $c: String, $t: Int) { podLogs(pod: $p, container: $c, tail: $t) { lines { text } } }";
        let answer = admin.send(ask, variables).await;
        let message = answer["errors"][0]["message"].to_string();
        assert!(message.contains(words), "{answer}");
    }
}

#[tokio::test]
async fn what_controllers_do_is_told_as_it_is() {
    let plane = ControlPlane::start("scenes", true).await;
    let server = server(&[&plane.kubeconfig()]).await;
    let admin = server.admin().await;
    for namespace in ["roll", "fail", "zero", "doomed", "jobs"] {
        plane.kubectl(&["create", "namespace", namespace]).await;
    }
    let stage = Stage {
        plane: &plane,
        admin: &admin,
    };
    tokio::join!(
        stage.rollout(),
        stage.failing_rollout(),
        stage.scaled_to_zero(),
        stage.namespace_deleted(),
        stage.jobs(),
    );
    assert_eq!(told(&admin, "roll").await, [""; 0]);
    logs(&admin).await;
    plane.tool("down", &[]).await;
}

#[tokio::test]
async fn a_drained_node_is_no_problem_and_a_lost_one_is_one_problem() {
    let plane = ControlPlane::start("nodes", true).await;
    let server = server(&[&plane.kubeconfig()]).await;
    let admin = server.admin().await;
    plane.apply(&deployment("web", 30, "web:1", None)).await;
    plane
        .kubectl(&["rollout", "status", "deployment/web", "--timeout=80s"])
        .await;
    plane
        .kubectl(&[
            "drain",
            "node-b",
            "--force",
            "--ignore-daemonsets",
            "--timeout=80s",
        ])
        .await;
    plane
        .kubectl(&["rollout", "status", "deployment/web", "--timeout=80s"])
        .await;
    plane.kubectl(&["uncordon", "node-b"]).await;
    // Its kubelet is gone with all its pods on it.
    plane
        .kubectl(&["label", "node", "node-a", "testcluster/kubelet-"])
        .await;
    tells(&admin, "", &["The node node-a does not answer"]).await;
    let all = incidents(&admin).await;
    let lost = all
        .iter()
        .find(|i| i["class"] == "NODE_NOT_READY")
        .expect("told");
    assert!(
        lost["affected"]
            .as_array()
            .is_some_and(|pods| pods.len() >= 30),
        "{lost}"
    );
    plane
        .kubectl(&["label", "node", "node-a", "testcluster/kubelet=kwok"])
        .await;
    tells(
        &admin,
        "",
        &["The node node-a does not answer", "node-a has recovered"],
    )
    .await;
    wait_for("all pods to be ready", || async {
        let ready = plane
            .kubectl(&[
                "get",
                "deployment",
                "web",
                "-o",
                "jsonpath={.status.readyReplicas}",
            ])
            .await;
        ready == "30"
    })
    .await;
    assert_eq!(
        told(&admin, "default").await,
        [""; 0],
        "the node told it all"
    );
    plane.tool("down", &[]).await;
}
