//! Subscriptions that many have: executed once, told to all, and nobody is told what is not theirs or out of order.

use std::{collections::HashMap, time::Duration};

use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, Patch, PatchParams};
use metrics_exporter_prometheus::PrometheusHandle;
use porthole::{alerts::finding::Severity, telemetry};
use serde_json::{Value, json};

use crate::{
    access::{id_of, tick},
    app::{Client, Socket},
    cluster::{ControlPlane, server},
    db::both,
    scenarios::builder::{container, pod, running},
    scene::{Scene, UNSETTLED, crash},
};

const INCIDENTS: &str = "subscription { incidentChanges { __typename
    ... on IncidentSnapshot { items { number } }
    ... on IncidentUpsert { object { number deliveries { id } } } } }";
const PODS: &str = "subscription($after: String) { podChanges(after: $after) { __typename
    ... on PodSnapshot { items { name restarts } cursor }
    ... on PodUpsert { object { name restarts } cursor } } }";
/// Operations of one socket.
const FULL: usize = 50;

fn number(metrics: &PrometheusHandle, starts: &str) -> f64 {
    let text = metrics.render();
    let found = text.lines().filter(|line| line.starts_with(starts));
    let values = found.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
    values.sum()
}

fn executions(metrics: &PrometheusHandle) -> f64 {
    number(
        metrics,
        "porthole_operation_seconds_count{operation=\"subscription\"",
    )
}

/// A socket with as many equal subscriptions as one may have, each at its snapshot.
async fn full_socket(client: &Client) -> Socket {
    let mut socket = client.socket().await;
    for id in 0..FULL {
        socket
            .subscribe(&id.to_string(), INCIDENTS, json!({}))
            .await;
        let first = socket.data().await;
        assert_eq!(first["incidentChanges"]["__typename"], "IncidentSnapshot");
    }
    socket
}

#[tokio::test]
async fn two_hundred_equal_subscribers_cost_one_execution() {
    let recorder = telemetry::builder().expect("buckets").build_recorder();
    let metrics = recorder.handle();
    // The server of this test runs in this thread, as does no other.
    let _guard = metrics::set_default_local_recorder(&recorder);
    for db in both().await {
        let scene = Scene::new(db).await;
        let mut sockets = Vec::new();
        for _ in 0..4 {
            sockets.push(full_socket(&scene.admin).await);
        }
        assert!((number(&metrics, "porthole_subscription_groups") - 1.0).abs() < 0.1);
        let before = executions(&metrics);
        scene.note(vec![crash(Severity::Critical)], UNSETTLED).await;
        for socket in &mut sockets {
            for _ in 0..FULL {
                let told = socket.data().await;
                assert_eq!(told["incidentChanges"]["object"]["number"], 1, "{told}");
            }
        }
        assert!((executions(&metrics) - before - 1.0).abs() < 0.1);
        drop(sockets);
        crate::app::until("the group to end with its last member", async || {
            (number(&metrics, "porthole_subscription_groups") < 0.1).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn people_with_other_rights_hear_only_what_is_theirs() {
    for db in both().await {
        let scene = Scene::new(db).await;
        let jun = scene.server.member("jun").await;
        let holder = json!({ "user": id_of(&scene.admin, "jun").await });
        tick(
            &scene.admin,
            holder,
            json!({ "right": "CLUSTER_VIEW" }),
            true,
        )
        .await;
        let mut theirs = jun.socket().await;
        let mut ours = scene.admin.socket().await;
        for socket in [&mut theirs, &mut ours] {
            socket.subscribe("1", INCIDENTS, json!({})).await;
            socket.data().await;
        }
        scene.note(vec![crash(Severity::Critical)], UNSETTLED).await;
        let told = |data: Value| data["incidentChanges"]["object"]["deliveries"].clone();
        assert_eq!(told(theirs.data().await), json!([]));
        assert_eq!(told(ours.data().await).as_array().map(Vec::len), Some(1));
    }
}

/// What a subscriber knows of each pod; an older state after a newer one fails the test.
async fn follow(client: Client, last: u64, after: Option<String>) -> Option<String> {
    let mut socket = client.socket().await;
    let variables = json!({ "after": after });
    socket.subscribe("1", PODS, variables).await;
    let mut known: HashMap<String, u64> = HashMap::new();
    let mut cursor = None;
    while known.len() < 5 || known.values().any(|restarts| *restarts < last) {
        let told = socket.data().await["podChanges"].clone();
        let items = match told["__typename"].as_str() {
            Some("PodSnapshot") => told["items"].as_array().cloned().unwrap_or_default(),
            Some("PodUpsert") => vec![told["object"].clone()],
            _ => continue,
        };
        cursor = told["cursor"].as_str().map(str::to_owned);
        for item in items {
            let name = item["name"].as_str().expect("a name").to_owned();
            let restarts = item["restarts"].as_u64().expect("a number");
            let before = known.insert(name.clone(), restarts).unwrap_or_default();
            assert!(before <= restarts, "{name}: {restarts} after {before}");
        }
    }
    cursor
}

#[tokio::test]
async fn whoever_joins_while_pods_change_misses_nothing_and_sees_nothing_twice_older() {
    const ROUNDS: u64 = 60;
    let plane = ControlPlane::start("groups", false).await;
    let with = |number: u64, restarts: u64| {
        let restarts = u32::try_from(restarts).expect("small");
        let main = container("main", running(), json!({}), restarts);
        pod("default", &format!("pod-{number}"), "Running", true, main)
    };
    for number in 0..5 {
        plane.place(&with(number, 0)).await;
    }
    let server = server(&[&plane.kubeconfig()]).await;
    let admin = server.admin().await;
    let api: Api<Pod> = Api::default_namespaced(plane.client().await);
    let changing = tokio::spawn(async move {
        for round in 1..=ROUNDS {
            for number in 0..5 {
                let status = Patch::Merge(json!({ "status": with(number, round)["status"] }));
                let name = format!("pod-{number}");
                api.patch_status(&name, &PatchParams::default(), &status)
                    .await
                    .expect("patched");
            }
        }
    });
    let mut followers = Vec::new();
    for _ in 0..10 {
        followers.push(tokio::spawn(follow(admin.clone(), ROUNDS, None)));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut cursors = Vec::new();
    for follower in followers {
        cursors.push(follower.await.expect("nothing was missed"));
    }
    changing.await.expect("changed");
    // Back behind a cursor of the past, in a group with those who have none.
    let mut socket = admin.socket().await;
    socket
        .subscribe("1", PODS, json!({ "after": cursors[0] }))
        .await;
    assert_eq!(socket.data().await["podChanges"]["__typename"], "Heartbeat");
    plane.tool("down", &[]).await;
}
