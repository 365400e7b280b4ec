//! A real cluster behind something that changes what it says: its clock, or the versions that it serves.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    response::Response,
};
use chrono::TimeDelta;
use http::{HeaderValue, StatusCode, header::DATE};
use serde_json::{Value, json};

use crate::{
    app::serve,
    cluster::{ControlPlane, server, wait_for},
    scenarios::builder::{ago, container, pod, running},
};

/// What becomes of an answer; the path that was asked for comes with it.
type Change = fn(&str, Response) -> Response;

/// Puts a front before a control plane; returns the setting that leads to it.
async fn front(plane: &ControlPlane, folder: &tempfile::TempDir, change: Change) -> String {
    let behind = plane.client().await;
    let router = Router::new().fallback(async move |request: Request| {
        let (head, body) = request.into_parts();
        let path = head.uri.path().to_owned();
        let body = to_bytes(body, 1 << 20).await.expect("a body");
        let mut asked = http::Request::new(kube::client::Body::from(body.to_vec()));
        *asked.method_mut() = head.method;
        *asked.uri_mut() = head.uri;
        match behind.send(asked).await {
            Ok(answer) => change(&path, answer.map(Body::new)),
            Err(e) => panic!("the control plane does not answer: {e}"),
        }
    });
    let url = serve(router).await;
    let config = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "front",
        "clusters": [{ "name": "front", "cluster": { "server": url } }],
        "users": [{ "name": "front", "user": {} }],
        "contexts": [{ "name": "front", "context": { "cluster": "front", "user": "front" } }],
    });
    let file = folder.path().join("kubeconfig");
    std::fs::write(&file, config.to_string()).expect("written");
    format!("--kubeconfig={}", file.display())
}

/// Its clock is ten minutes behind.
fn behind(_: &str, mut answer: Response) -> Response {
    let date = porthole::clock::Clock::System.now() - TimeDelta::minutes(10);
    let date = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let date = HeaderValue::try_from(date).expect("a date");
    answer.headers_mut().insert(DATE, date);
    answer
}

#[tokio::test]
async fn a_cluster_whose_clock_is_ten_minutes_behind_is_judged_by_its_own_clock() {
    let plane = ControlPlane::start("behind", false).await;
    // Not ready since so many seconds, by the cluster's clock.
    let unready = |name: &str, seconds: i64| {
        let main = container("main", running(), json!({}), 0);
        let mut pod = pod("default", name, "Running", false, main);
        pod["status"]["conditions"][1]["lastTransitionTime"] = ago(600 + seconds).into();
        pod
    };
    plane.place(&unready("just-now", 5)).await;
    plane.place(&unready("long-since", 900)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let kubeconfig = front(&plane, &folder, behind).await;
    let server = server(&["--cluster=auto", "--hold-seconds=60", &kubeconfig]).await;
    let admin = server.admin().await;
    let incidents = async || {
        let query = "{ incidents { nodes { owner { name } openedAt } } }";
        let told = admin.ok(query, json!({})).await;
        let all = told["incidents"]["nodes"].as_array().cloned();
        all.unwrap_or_default()
    };
    wait_for("the older problem to be told", async || {
        !incidents().await.is_empty()
    })
    .await;
    let told = incidents().await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["owner"]["name"], "long-since");
    // Told in our own time.
    let opened = told[0]["openedAt"].as_str().expect("a time");
    assert!(*opened > *ago(1_000) && *opened < *ago(800), "{opened}");
    let seen = admin.ok("{ cluster { clockAhead } }", json!({})).await;
    let ahead = seen["cluster"]["clockAhead"].as_i64().expect("known");
    assert!((-605..=-595).contains(&ahead), "{ahead} s");
    plane.tool("down", &[]).await;
}

/// cert-manager as it was before its first release.
fn early(path: &str, answer: Response) -> Response {
    let said = |status: StatusCode, body: &Value| {
        let mut answer = Response::new(Body::from(body.to_string()));
        *answer.status_mut() = status;
        answer
    };
    let version = json!({ "groupVersion": "cert-manager.io/v1alpha2", "version": "v1alpha2" });
    match path {
        "/apis" => said(
            StatusCode::OK,
            &json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": [
                { "name": "cert-manager.io", "versions": [version], "preferredVersion": version },
            ] }),
        ),
        path if path.starts_with("/apis/cert-manager.io/v1/") => said(
            StatusCode::NOT_FOUND,
            &json!({
                "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404, "reason": "NotFound",
                "message": "the server could not find the requested resource",
            }),
        ),
        _ => answer,
    }
}

#[tokio::test]
async fn a_kind_that_is_served_in_another_version_says_so() {
    let plane = ControlPlane::start("early", false).await;
    let folder = tempfile::tempdir().expect("a folder");
    let kubeconfig = front(&plane, &folder, early).await;
    let server = server(&["--cluster=auto", &kubeconfig]).await;
    let admin = server.admin().await;
    let source = async |kind: &str| {
        let query = "{ cluster { sources { kind state message } } }";
        let told = admin.ok(query, json!({})).await;
        let all = told["cluster"]["sources"].as_array().cloned();
        let found = all.unwrap_or_default();
        found.into_iter().find(|one| one["kind"] == kind)
    };
    wait_for("certificates to say what is wrong", async || {
        source("certificates").await.is_some_and(|source| {
            let message = source["message"].as_str().unwrap_or_default();
            source["state"] == "NOT_INSTALLED" && message.contains("v1alpha2 only")
        })
    })
    .await;
    wait_for("the others to work", async || {
        source("pods").await.is_some_and(|s| s["state"] == "LIVE")
    })
    .await;
    plane.tool("down", &[]).await;
}
