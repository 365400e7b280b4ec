//! What happens in the demo cluster while somebody watches.
//!
//! Each actor below is a loop of its own. Together they see to it that something moves every few seconds, that
//! one thing is broken and heals by itself, and that another is broken until somebody rolls out a repair.

use futures::future::{BoxFuture, join_all};
use serde_json::{Value, json};

use super::{
    apps::{CRASH, GRAFANA, LEDGER, PHOTOS, WIKI},
    control, jobs, kinds,
    lab::Lab,
    nodes, objects, pods,
    rollout::{self, pods_of},
    store::Key,
};

/// How often the sync fails before it heals: with the pauses between, about a minute.
const CRASHES: usize = 4;

/// Plays the script for as long as it is polled.
pub async fn play(lab: Lab) {
    let actors: Vec<BoxFuture<'_, ()>> = vec![
        Box::pin(ledger(&lab)),
        Box::pin(grafana(&lab)),
        Box::pin(wiki(&lab)),
        Box::pin(photos(&lab)),
        Box::pin(jobs::builds(&lab)),
        Box::pin(jobs::cron(&lab)),
        Box::pin(heartbeats(&lab)),
    ];
    join_all(actors).await;
}

fn deployment((namespace, name): (&str, &str)) -> Key {
    Key::new(kinds::DEPLOYMENT, namespace, name)
}

/// The pods of a deployment's newest replica set.
fn current_pods(lab: &Lab, key: &Key) -> Vec<Key> {
    let Some(deployment) = lab.store.get(key) else {
        return Vec::new();
    };
    control::replica_sets(lab, &deployment)
        .first()
        .map(|(set, _)| pods_of(lab, set))
        .unwrap_or_default()
}

/// Crash-loops for about a minute, is healthy for five, and begins again.
async fn ledger(lab: &Lab) {
    let Some(pod) = current_pods(lab, &deployment(LEDGER)).into_iter().next() else {
        return;
    };
    let name = LEDGER.1;
    // The story opens in the middle of the wait before the next attempt.
    lab.pause(3.0).await;
    loop {
        for _ in 0..CRASHES {
            lab.start_container(&pod);
            lab.pause(0.5).await;
            lab.pod(&pod, pods::ready);
            lab.pause(4.0).await;
            lab.pod(&pod, |p, at| pods::ended(p, 1, CRASH, at));
            lab.pause(1.0).await;
            lab.pod(&pod, pods::backing_off);
            let uid = objects::uid(kinds::POD, &pod.namespace, &pod.name);
            let message = format!(
                "Back-off restarting failed container {name} in pod {}_{}({uid})",
                pod.name, pod.namespace
            );
            lab.kubelet(&pod, "Warning", "BackOff", message);
            lab.pause(9.5).await;
        }
        lab.start_container(&pod);
        lab.pause(0.5).await;
        lab.pod(&pod, pods::ready);
        lab.pause(300.0).await;
        lab.pod(&pod, |p, at| pods::ended(p, 1, CRASH, at));
        lab.pause(1.0).await;
        lab.pod(&pod, pods::backing_off);
        lab.pause(9.5).await;
    }
}

/// Fails to fetch an image that does not exist for two minutes; then somebody sets one that does.
async fn grafana(lab: &Lab) {
    let key = deployment(GRAFANA);
    for _ in 0..8 {
        for pod in current_pods(lab, &key) {
            let image = lab
                .store
                .get(&pod)
                .map(|p| objects::text(&p, "/spec/containers/0/image").to_owned())
                .unwrap_or_default();
            lab.pause(13.5).await;
            lab.kubelet(
                &pod,
                "Normal",
                "Pulling",
                format!("Pulling image \"{image}\""),
            );
            lab.pause(1.0).await;
            lab.pod(&pod, |p, at| pods::unpulled(p, false, at));
            let message = format!(
                "Failed to pull image \"{image}\": {}",
                pods::pull_error(&image)
            );
            lab.kubelet(&pod, "Warning", "Failed", message);
            lab.pause(0.5).await;
            lab.pod(&pod, |p, at| pods::unpulled(p, true, at));
            let message = format!("Back-off pulling image \"{image}\"");
            lab.kubelet(&pod, "Normal", "BackOff", message);
        }
    }
    rollout::roll(lab, &key, 5.0, |template| {
        template["spec"]["containers"][0]["image"] = json!("docker.io/grafana/grafana:12.1.1");
    })
    .await;
}

/// Is updated every minute and a half, as if its configuration kept changing; nobody notices.
async fn wiki(lab: &Lab) {
    let key = deployment(WIKI);
    loop {
        lab.pause(75.0).await;
        let at = objects::stamp(lab.now());
        rollout::roll(lab, &key, 2.0, |template: &mut Value| {
            template["metadata"]["annotations"] = json!({"kubectl.kubernetes.io/restartedAt": at});
        })
        .await;
    }
}

/// Is given a second pod while there are photos to look at.
async fn photos(lab: &Lab) {
    let key = deployment(PHOTOS);
    loop {
        lab.pause(35.0).await;
        let why = "cpu resource utilization (percentage of request) above target";
        rollout::scale(lab, &key, 2, why).await;
        lab.pause(20.0).await;
        rollout::scale(lab, &key, 1, "All metrics below target").await;
    }
}

/// Each machine says every five minutes that it is there, each at its own moment.
async fn heartbeats(lab: &Lab) {
    loop {
        for node in pods::NODES {
            lab.pause(75.0).await;
            nodes::heartbeat(&lab.store, node, lab.now());
        }
    }
}
