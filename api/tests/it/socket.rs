//! graphql-transport-ws: the protocol's rules, and what hostile clients try.

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::{app::TestApp, db::sqlite};

#[tokio::test]
async fn queries_work_over_a_socket_and_ids_may_be_used_again() {
    let server = TestApp::start(sqlite(), &[]).await;
    let mut socket = server.admin().await.socket().await;
    for _ in 0..2 {
        socket
            .subscribe("1", "{ viewer { user { username } } }", json!({}))
            .await;
        assert_eq!(socket.data().await["viewer"]["user"]["username"], "admin");
        assert_eq!(
            socket.hear().await,
            json!({ "id": "1", "type": "complete" })
        );
    }
    socket
        .say(json!({ "type": "ping", "payload": { "a": 1 } }))
        .await;
    assert_eq!(
        socket.hear().await,
        json!({ "type": "pong", "payload": { "a": 1 } })
    );
}

#[tokio::test]
async fn each_breach_of_the_protocol_closes_with_its_code() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    let init = || Message::text(r#"{"type":"connection_init"}"#);
    let subscribe = || {
        let query = "subscription { commentChanges(postId: \\\"x\\\") { __typename } }";
        Message::text(format!(
            r#"{{"id":"1","type":"subscribe","payload":{{"query":"{query}"}}}}"#
        ))
    };
    let waiting = Message::text(
        r#"{"id":"1","type":"subscribe","payload":{"query":"subscription { nothing }"}}"#,
    );
    for (name, frames, code) in [
        ("not JSON", vec![Message::text("{")], 4400),
        ("binary", vec![Message::binary(vec![1, 2])], 4400),
        (
            "unknown type",
            vec![Message::text(r#"{"type":"start"}"#)],
            4400,
        ),
        ("subscribe before init", vec![waiting], 4401),
        ("two inits", vec![init(), init()], 4429),
        (
            "a payload without query",
            vec![
                init(),
                Message::text(r#"{"id":"1","type":"subscribe","payload":{}}"#),
            ],
            4400,
        ),
    ] {
        let mut socket = admin.raw_socket().await;
        for frame in frames {
            socket.send(frame).await;
        }
        assert_eq!(socket.close_code().await, code, "{name}");
    }
    let mut anonymous = server.client().raw_socket().await;
    anonymous.send(init()).await;
    assert_eq!(anonymous.close_code().await, 4403, "nobody is signed in");
    let mut socket = admin.socket().await;
    socket.send(subscribe()).await;
    assert_eq!(
        socket.hear().await["type"],
        "error",
        "a refused stream says why and the socket stays"
    );
    socket.subscribe("2", "{ __typename }", json!({})).await;
    assert_eq!(socket.data().await["__typename"], "Query");
}

#[tokio::test]
async fn a_second_subscription_with_the_same_id_is_refused_and_an_unknown_protocol_too() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    let made = admin
        .ok(r#"mutation { createPost(input: { board: NOTICE, title: "t", body: "b" }) { post { id } } }"#, json!({}))
        .await;
    let watch = "subscription($p: ID!) { commentChanges(postId: $p) { __typename } }";
    let post = json!({ "p": made["createPost"]["post"]["id"] });
    let mut socket = admin.socket().await;
    socket.subscribe("1", watch, post.clone()).await;
    socket.data().await;
    socket.subscribe("1", watch, post).await;
    assert_eq!(socket.close_code().await, 4409);
}

#[tokio::test]
async fn a_signed_out_browser_loses_its_socket() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    let mut socket = admin.socket().await;
    admin
        .ok("mutation { signOut { errors { code } } }", json!({}))
        .await;
    assert_eq!(socket.close_code().await, 4403);
}

#[tokio::test]
async fn an_eleventh_socket_is_refused_and_a_stopping_server_says_so() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    let mut sockets = Vec::new();
    for _ in 0..10 {
        sockets.push(admin.socket().await);
    }
    let mut eleventh = admin.raw_socket().await;
    eleventh.say(json!({ "type": "connection_init" })).await;
    assert_eq!(eleventh.close_code().await, 4429);
    server.app.stop.cancel();
    assert_eq!(sockets[0].close_code().await, 1012);
}
