//! A socket's bounds: too much, too big, too late and too slow.

use chrono::TimeDelta;
use porthole::telemetry;
use serde_json::json;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

use crate::{
    app::{TestApp, until},
    db::sqlite,
};

const LIVE: &str = "subscription { pageChanges { __typename } }";

#[tokio::test]
async fn the_fifty_first_operation_is_refused_and_the_others_go_on() {
    let server = TestApp::start(sqlite(), &[]).await;
    let mut socket = server.admin().await.socket().await;
    for id in 0..500 {
        socket.subscribe(&id.to_string(), LIVE, json!({})).await;
    }
    let mut refused = 0;
    for _ in 0..500 {
        let told = socket.hear().await;
        if told["type"] == "error" {
            assert_eq!(told["payload"][0]["extensions"]["code"], "RATE_LIMITED");
            refused += 1;
        }
    }
    assert_eq!(refused, 450);
    // One that ends makes room for another.
    socket.say(json!({ "id": "0", "type": "complete" })).await;
    socket.subscribe("again", LIVE, json!({})).await;
    assert_eq!(
        socket.data().await["pageChanges"]["__typename"],
        "PageSnapshot"
    );
}

#[tokio::test]
async fn bombs_get_an_error_frame_and_the_socket_goes_on() {
    let server = TestApp::start(sqlite(), &[]).await;
    let mut socket = server.admin().await.socket().await;
    let fragments: String = (0..14)
        .map(|i| format!("fragment F{i} on Query {{ ...F{n} ...F{n} }} ", n = i + 1))
        .collect();
    let aliases: String = (0..500).map(|i| format!("a{i}: __typename ")).collect();
    let deep = "{ a".repeat(200) + &" }".repeat(200);
    for (name, query) in [
        (
            "a deep literal",
            format!("{{ node(id: {}) {{ id }} }}", "[".repeat(5_000)),
        ),
        ("a deep selection", deep),
        (
            "fragments",
            format!("{{ ...F0 }} {fragments} fragment F14 on Query {{ __typename }}"),
        ),
        (
            "a cycle",
            "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".into(),
        ),
        ("aliases", format!("{{ {aliases} }}")),
        (
            "directives",
            format!("{{ __typename {} }}", "@skip(if: false) ".repeat(500)),
        ),
        ("operations", "query Q { __typename } ".repeat(300)),
        ("an unknown field", "subscription { nonsense }".into()),
        (
            "two roots",
            "subscription { pageChanges { __typename } incidentChanges { __typename } }".into(),
        ),
        (
            "a fragment at the root of nothing",
            "subscription { ...F } fragment F on Subscription { nonsense }".into(),
        ),
        ("no GraphQL", "subscription {".into()),
        (
            "no such variable",
            "subscription { commentChanges(postId: $p) { __typename } }".into(),
        ),
    ] {
        socket.subscribe(name, &query, json!({})).await;
        let told = socket.hear().await;
        assert_eq!(told["type"], "error", "{name}: {told}");
        assert_eq!(told["id"], name);
        assert!(
            told["payload"][0]["extensions"]["code"].is_string(),
            "{name}: {told}"
        );
    }
    let rooted = "subscription { ...F } fragment F on Subscription { pageChanges { __typename } }";
    socket.subscribe("rooted", rooted, json!({})).await;
    assert_eq!(
        socket.data().await["pageChanges"]["__typename"],
        "PageSnapshot"
    );
}

#[tokio::test]
async fn a_message_that_is_too_big_closes_the_socket() {
    let server = TestApp::start(sqlite(), &[]).await;
    let mut socket = server.admin().await.socket().await;
    let big = json!({ "type": "ping", "payload": { "a": "x".repeat(70 * 1024) } });
    socket.send(Message::text(big.to_string())).await;
    assert_eq!(socket.close_code().await, 1009);
}

#[tokio::test]
async fn whoever_does_not_introduce_themselves_is_let_go() {
    let server = TestApp::start(sqlite(), &[]).await;
    let mut socket = server.admin().await.raw_socket().await;
    assert_eq!(socket.close_code().await, 4408);
}

#[tokio::test]
async fn a_token_that_ends_ends_its_socket() {
    let server = TestApp::start(sqlite(), &[]).await;
    let make = "mutation { createApiToken(input: { name: \"short\", scopes: [PAGES_READ], expiresInDays: 2 }) { secret errors { message } } }";
    let made = server.admin().await.ok(make, json!({})).await;
    let mut program = server.client();
    program.token = made["createApiToken"]["secret"].as_str().map(str::to_owned);
    server
        .app
        .clock
        .advance(TimeDelta::days(2) - TimeDelta::milliseconds(300));
    let mut socket = program.socket().await;
    assert_eq!(socket.close_code().await, 4403);
}

#[tokio::test]
async fn a_page_of_another_site_gets_no_socket() {
    let server = TestApp::start(sqlite(), &[]).await;
    let mut request = format!("ws://{}/graphql", server.address)
        .into_client_request()
        .expect("a request");
    let headers = request.headers_mut();
    headers.insert("origin", "https://evil.example".parse().expect("a header"));
    let refused = tokio_tungstenite::connect_async(request).await;
    let Err(tokio_tungstenite::tungstenite::Error::Http(answer)) = refused else {
        panic!("a socket for another site: {refused:?}");
    };
    assert_eq!(answer.status(), 403);
}

#[tokio::test]
async fn a_reader_that_stops_reading_is_dropped_and_nobody_else_waits() {
    let recorder = telemetry::builder().expect("buckets").build_recorder();
    let metrics = recorder.handle();
    // The server of this test runs in this thread, as does no other.
    let _guard = metrics::set_default_local_recorder(&recorder);
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    let mut stuck = admin.socket().await;
    let schema = "{ __schema { types { name description fields { name description args { name description } type { name ofType { name ofType { name } } } } } } }";
    // Each answer is some hundred kilobytes: together more than the kernel keeps for a reader that does not read.
    for id in 0..400 {
        stuck.subscribe(&id.to_string(), schema, json!({})).await;
    }
    let mut other = admin.socket().await;
    let mut asked = 0;
    until("the stuck one to be dropped", async || {
        asked += 1;
        other
            .subscribe(&asked.to_string(), "{ __typename }", json!({}))
            .await;
        assert_eq!(other.data().await["__typename"], "Query");
        assert_eq!(other.hear().await["type"], "complete");
        metrics
            .render()
            .contains("porthole_sockets 1")
            .then_some(())
    })
    .await;
}
