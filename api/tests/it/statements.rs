//! How many SQL statements a question costs: as few for twenty items as for five. Counted where operators see it, in the metrics.

use metrics_exporter_prometheus::PrometheusHandle;
use porthole::telemetry;
use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp},
    db::both,
};

// Two levels that ask for people in the same moment share a statement, so that it may be one less, never one more.
const PAGE: &str = "query($n: Int!) { board(kind: NOTICE) { posts(first: $n) { totalCount nodes { title commentCount author { displayName } } } } }";
const THREAD: &str = "query($id: ID!, $n: Int!) { post(id: $id) { title body author { displayName } comments(first: $n) { nodes { body author { displayName } replies(first: $n) { nodes { body author { displayName } replyTo { id } } } } } } }";

/// Statements of all operations so far, without those that prove who asks.
fn counted(metrics: &PrometheusHandle) -> f64 {
    let text = metrics.render();
    let sums = text
        .lines()
        .filter(|line| line.starts_with("porthole_operation_statements_sum"));
    sums.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .sum()
}

async fn cost(metrics: &PrometheusHandle, client: &Client, query: &str, variables: Value) -> u32 {
    let before = counted(metrics);
    client.ok(query, variables).await;
    let more = counted(metrics) - before;
    (1..100).find(|n| f64::from(*n) == more).expect("some")
}

#[tokio::test]
async fn a_longer_page_costs_no_more_statements() {
    let recorder = telemetry::builder().expect("buckets").build_recorder();
    let metrics = recorder.handle();
    // The server of this test runs in this thread, as does no other.
    let _guard = metrics::set_default_local_recorder(&recorder);
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        let writers = [server.member("jun").await, server.member("mina").await];
        let mut post = Value::Null;
        for n in 0..20 {
            let made = admin
                .ok("mutation($t: String!) { createPost(input: { board: NOTICE, title: $t, body: \"b\" }) { post { id } } }", json!({ "t": n.to_string() }))
                .await;
            post = made["createPost"]["post"]["id"].clone();
        }
        for n in 0..20 {
            let comment = write(&writers[n % 2], &post, None).await;
            write(&writers[(n + 1) % 2], &post, Some(&comment)).await;
            write(&admin, &post, Some(&comment)).await;
        }
        for (query, most) in [(PAGE, 3), (THREAD, 6)] {
            for n in [5, 20] {
                let statements = cost(&metrics, &admin, query, json!({ "id": post, "n": n })).await;
                assert!(
                    statements <= most,
                    "{statements} statements for {n}: {query}"
                );
            }
        }
    }
}

async fn write(by: &Client, post: &Value, to: Option<&Value>) -> Value {
    let made = by
        .ok(
            "mutation($p: ID!, $r: ID) { createComment(input: { postId: $p, replyToId: $r, body: \"b\" }) { comment { id } } }",
            json!({ "p": post, "r": to }),
        )
        .await;
    made["createComment"]["comment"]["id"].clone()
}
