//! Several clusters of which most are broken, each in its own way: the rest works, and each says what is wrong with it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    app::serve,
    cluster::{ControlPlane, server, wait_for},
};

/// How an API server answers whatever it is asked.
type Answer = fn(&Request) -> Response;

/// Plays an API server that answers everything alike; where it listens, and how often it was asked.
async fn play(answer: Answer) -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let router = Router::new().fallback(move |request: Request| {
        count.fetch_add(1, Ordering::Relaxed);
        let answer = answer(&request);
        async move { answer }
    });
    (serve(router).await, asked)
}

/// What an API server says when it refuses.
fn status(code: u16, reason: &str, message: &str) -> Response {
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code,
    });
    (
        StatusCode::from_u16(code).expect("a status"),
        axum::Json(body),
    )
        .into_response()
}

fn unauthorized(_: &Request) -> Response {
    status(401, "Unauthorized", "Unauthorized")
}
fn forbidden(_: &Request) -> Response {
    status(
        403,
        "Forbidden",
        "pods is forbidden: User \"eve\" cannot list resource \"pods\"",
    )
}
fn busy(_: &Request) -> Response {
    status(
        429,
        "TooManyRequests",
        "the server is too busy, try again later",
    )
}
fn garbage(_: &Request) -> Response {
    axum::response::Html("<!doctype html><title>Welcome</title>").into_response()
}
/// Lists well, and forgets each version at once.
fn forgetful(request: &Request) -> Response {
    if request
        .uri()
        .query()
        .is_some_and(|query| query.contains("watch=true"))
    {
        return status(410, "Expired", "too old resource version: 1 (2)");
    }
    axum::Json(json!({ "kind": "List", "apiVersion": "v1", "metadata": { "resourceVersion": "1" }, "items": [] })).into_response()
}

#[tokio::test]
async fn broken_clusters_say_what_is_wrong_and_the_others_work() {
    let plane = ControlPlane::start("beside-broken", false).await;
    let containers: Vec<Value> = (0..200)
        .map(|n| json!({ "name": format!("c{n}"), "image": "app:1" }))
        .collect();
    let name = format!("long-{}", "x".repeat(240));
    plane
        .apply(&json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": { "name": name, "namespace": "default" },
            "spec": { "containers": containers },
        }))
        .await;
    let mut config: Value = serde_json::from_str(
        &plane
            .kubectl(&["config", "view", "--raw", "-o", "json"])
            .await,
    )
    .expect("a kubeconfig");
    let real = config["current-context"]
        .as_str()
        .expect("a context")
        .to_owned();
    let plays: [(&str, Answer); 5] = [
        ("unauthorized", unauthorized),
        ("forbidden", forbidden),
        ("busy", busy),
        ("garbage", garbage),
        ("forgetful", forgetful),
    ];
    let mut asked = Vec::new();
    for (name, answer) in plays {
        let (url, count) = play(answer).await;
        asked.push((name, count));
        let push = |config: &mut Value, list: &str, one: Value| {
            config[list].as_array_mut().expect("a list").push(one);
        };
        push(
            &mut config,
            "clusters",
            json!({ "name": name, "cluster": { "server": url } }),
        );
        push(
            &mut config,
            "users",
            json!({ "name": name, "user": { "token": "t0ken-of-nobody" } }),
        );
        push(
            &mut config,
            "contexts",
            json!({ "name": name, "context": { "cluster": name, "user": name } }),
        );
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("kubeconfig");
    std::fs::write(&file, config.to_string()).expect("written");
    let all = format!("--cluster={real},unauthorized,forbidden,busy,garbage,forgetful");
    let server = server(&[&all, &format!("--kubeconfig={}", file.display())]).await;
    let admin = server.admin().await;
    let pods = async |of: &str| {
        let query = "query($n: String) { cluster(name: $n) { sources { kind state message } } }";
        let told = admin.ok(query, json!({ "n": of })).await;
        let sources = told["cluster"]["sources"]
            .as_array()
            .cloned()
            .expect("sources");
        sources
            .into_iter()
            .find(|source| source["kind"] == "pods")
            .expect("pods")
    };
    for (cluster, state, says) in [
        (
            "unauthorized",
            "CONNECTING",
            "does not accept Porthole's credentials",
        ),
        ("forbidden", "FORBIDDEN", "list pods"),
        ("busy", "CONNECTING", "too busy"),
        ("garbage", "CONNECTING", "is no Kubernetes API"),
        ("forgetful", "STALE", "forgets at once"),
        (&real, "LIVE", ""),
    ] {
        wait_for(&format!("{cluster} to be {state}"), || async {
            let source = pods(cluster).await;
            let message = source["message"].as_str().unwrap_or_default();
            source["state"] == state && message.contains(says)
        })
        .await;
    }
    // What is there is seen, however odd it is.
    let seen = admin
        .ok(
            "{ pods { nodes { name status totalContainers containers { state } } } }",
            json!({}),
        )
        .await;
    assert_eq!(seen["pods"]["nodes"][0]["name"], name.as_str());
    assert_eq!(seen["pods"]["nodes"][0]["totalContainers"], 200);
    // Whoever is in trouble is not asked without a pause.
    let before: Vec<usize> = asked
        .iter()
        .map(|(_, count)| count.load(Ordering::Relaxed))
        .collect();
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    for ((name, count), before) in asked.iter().zip(before) {
        let more = count.load(Ordering::Relaxed) - before;
        assert!(more < 150, "{name} was asked {more} times in 2 s");
    }
    let everything = admin
        .ok("{ clusters { sources { message } } }", json!({}))
        .await;
    assert!(!everything.to_string().contains("t0ken-of-nobody"));
    plane.tool("down", &[]).await;
}
