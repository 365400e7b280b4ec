//! What happens in a cluster, and exactly what is told about it: nothing falsely, nothing missed, nothing twice.

#![expect(
    clippy::needless_pass_by_value,
    reason = "objects are put into each other"
)]

pub mod builder;
mod diagnoses;
mod live;
mod restart;
mod rights;
mod states;

use serde_json::{Value, json};

use crate::{app::Client, cluster::wait_for};

const STEPS: &str = "query($after: String) { incidents(first: 100, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { number namespace class owner { kind name } affected
        change { revision previousRevision images { container before after } }
        diagnosis { kind } transitions { at kind summary } } } }";

/// All incidents there ever were.
async fn incidents(admin: &Client) -> Vec<Value> {
    let mut all = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = admin.ok(STEPS, json!({ "after": after })).await["incidents"].clone();
        all.extend(page["nodes"].as_array().expect("a list").clone());
        if page["pageInfo"]["hasNextPage"] != true {
            return all;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// What was told about a namespace, in order; about objects without one for an empty name.
pub async fn told(admin: &Client, namespace: &str) -> Vec<String> {
    let mut steps: Vec<(String, i64, String)> = Vec::new();
    for incident in incidents(admin).await {
        if incident["namespace"].as_str().unwrap_or_default() != namespace {
            continue;
        }
        for step in incident["transitions"].as_array().expect("steps") {
            steps.push((
                step["at"].as_str().expect("a time").to_owned(),
                incident["number"].as_i64().expect("a number"),
                step["summary"].as_str().expect("a line").to_owned(),
            ));
        }
    }
    steps.sort();
    steps.into_iter().map(|(_, _, summary)| summary).collect()
}

/// Waits until exactly this was told about a namespace.
pub async fn tells(admin: &Client, namespace: &str, expected: &[&str]) {
    let last = std::cell::RefCell::new(Vec::new());
    let what = format!("{namespace}: {expected:?}");
    let end = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    while tokio::time::Instant::now() < end {
        let now = told(admin, namespace).await;
        if now == expected {
            return;
        }
        *last.borrow_mut() = now;
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("{what} was not told; this was: {:?}", last.borrow());
}

/// Waits until the cluster was looked at as a whole, some time after now.
async fn looked(admin: &Client) {
    // A canary's problem is told: whatever was there before it was seen too.
    wait_for("a full look", || async {
        let seen = admin
            .ok("{ pods(first: 1) { freshness { stale } } }", json!({}))
            .await;
        seen["pods"]["freshness"]["stale"] == false
    })
    .await;
}
