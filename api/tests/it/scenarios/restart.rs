//! Porthole goes away and comes back: what happened meanwhile is told once, what did not change not again.

use super::{
    builder::{container, crashing, ended, pod, running, well},
    looked, tells, told,
};
use crate::{
    app::{TestApp, config},
    cluster::ControlPlane,
    db::{TestDb, both},
};
use serde_json::json;

/// It runs again after so many crashes, the last of them a moment ago.
fn after_crashes(namespace: &str, crashes: u32) -> serde_json::Value {
    let main = container("main", running(), ended(1, "Error", 3), crashes);
    pod(namespace, "app", "Running", true, main)
}

async fn start(db: TestDb, plane: &ControlPlane) -> TestApp {
    let settings = config(
        &db,
        &[
            "--cluster=auto",
            "--hold-seconds=1",
            "--quiet-seconds=1",
            &plane.kubeconfig(),
        ],
    );
    TestApp::start_with(settings, porthole::clock::Clock::System, Some(db)).await
}

#[tokio::test]
async fn what_broke_or_healed_while_it_was_away_is_told_once() {
    for (number, db) in both().await.into_iter().enumerate() {
        let plane = ControlPlane::start(&format!("restart-{number}"), false).await;
        for namespace in [
            "broke", "healed", "same", "left", "fine", "stumbled", "fell", "before",
        ] {
            plane.kubectl(&["create", "namespace", namespace]).await;
        }
        plane.place(&well("broke", "app")).await;
        plane.place(&crashing("healed", "app")).await;
        plane.place(&crashing("same", "app")).await;
        plane.place(&crashing("left", "app")).await;
        plane.place(&well("fine", "app")).await;
        plane.place(&well("stumbled", "app")).await;
        plane.place(&well("fell", "app")).await;
        // What crashed before anybody ever looked is nobody's news.
        plane.place(&after_crashes("before", 4)).await;
        let server = start(db, &plane).await;
        let admin = server.admin().await;
        for namespace in ["healed", "same", "left"] {
            tells(&admin, namespace, &["app keeps crashing"]).await;
        }
        let db = server.stop().await;

        plane.status(&crashing("broke", "app")).await;
        // Its last crash is long over.
        let healthy = container("main", running(), ended(1, "Error", 3_600), 5);
        plane
            .status(&pod("healed", "app", "Running", true, healthy))
            .await;
        plane
            .kubectl(&[
                "delete",
                "pod",
                "app",
                "--namespace=left",
                "--grace-period=0",
                "--force",
            ])
            .await;
        plane.status(&after_crashes("stumbled", 1)).await;
        plane.status(&after_crashes("fell", 3)).await;
        let server = start(db, &plane).await;
        let admin = server.admin().await;
        tells(&admin, "broke", &["app keeps crashing"]).await;
        tells(&admin, "fell", &["app keeps crashing", "app has recovered"]).await;
        tells(
            &admin,
            "healed",
            &["app keeps crashing", "app has recovered"],
        )
        .await;
        tells(&admin, "left", &["app keeps crashing", "app is gone"]).await;
        looked(&admin).await;
        assert_eq!(told(&admin, "same").await, ["app keeps crashing"]);
        for namespace in ["fine", "stumbled", "before"] {
            assert_eq!(told(&admin, namespace).await, [""; 0], "{namespace}");
        }
        let sent = admin
            .ok("{ incidents(filter: { state: OPEN }) { nodes { namespace transitions { sequence } } } }", json!({}))
            .await;
        assert_eq!(sent["incidents"]["nodes"].as_array().map(Vec::len), Some(2));
        plane.tool("down", &[]).await;
    }
}
