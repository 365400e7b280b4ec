//! API tokens: what they may do, what they cost, and when they stop.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp},
    db::{both, sqlite},
};

const MAKE: &str = "mutation($i: CreateApiTokenInput!) { createApiToken(input: $i) { secret apiToken { id hint scopes expiresAt budget { limit remaining } } errors { path message } } }";

/// A program with a token of somebody's.
async fn program(server: &TestApp, owner: &Client, scopes: Value) -> (Client, String) {
    let made = owner
        .ok(
            MAKE,
            json!({ "i": { "name": "backup script", "scopes": scopes } }),
        )
        .await;
    let made = &made["createApiToken"];
    let secret = made["secret"].as_str().expect("shown once").to_owned();
    assert!(secret.starts_with("phl_") && secret.len() >= 31, "{secret}");
    assert!(secret.starts_with(made["apiToken"]["hint"].as_str().expect("a hint")));
    let mut client = server.client();
    client.token = Some(secret);
    (
        client,
        made["apiToken"]["id"].as_str().expect("an id").to_owned(),
    )
}

#[tokio::test]
async fn a_token_does_what_its_scopes_and_its_owner_may_and_no_more() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        let (reader, _) = program(&server, &admin, json!(["BOARDS_READ", "USERS_READ"])).await;
        reader
            .ok(
                "{ board(kind: NOTICE) { kind } users { nodes { username } } }",
                json!({}),
            )
            .await;
        for forbidden in [
            "{ incidents { nodes { number } } }",
            "query Q { ...F } fragment F on Query { a: auditEvents { nodes { action } } }",
            r#"mutation { createUser(input: { username: "x", displayName: "x" }) { errors { code } } }"#,
            r#"mutation { createPost(input: { board: NOTICE, title: "t", body: "b" }) { errors { code } } }"#,
            r#"mutation { createApiToken(input: { name: "more", scopes: [USERS_WRITE] }) { secret } }"#,
            "mutation { signOut { errors { code } } }",
            "mutation { endSessions(input: { user: \"x\" }) { errors { code } } }",
        ] {
            assert_eq!(
                reader.code(forbidden, json!({})).await,
                "FORBIDDEN",
                "{forbidden}"
            );
        }
        // What needs a scope is not there for a program without it, whichever way it comes.
        let mine = reader
            .ok(
                "{ viewer { user { id sessions { id } apiTokens { id } email } } }",
                json!({}),
            )
            .await;
        assert!(
            mine["viewer"]["user"]["sessions"].is_array(),
            "an admin's reader of users"
        );
        let jun = server.member("jun").await;
        let (of_jun, _) = program(&server, &jun, json!(["USERS_READ", "BOARDS_READ"])).await;
        assert_eq!(
            of_jun.code("{ users { nodes { id } } }", json!({})).await,
            "FORBIDDEN"
        );
        let me = of_jun
            .ok("{ viewer { user { sessions { id } email } } }", json!({}))
            .await;
        assert_eq!(
            me["viewer"]["user"]["sessions"],
            Value::Null,
            "no ACCOUNT_READ"
        );
    }
}

#[tokio::test]
async fn a_token_of_nobody_is_told_so_with_the_standards_answer() {
    let server = TestApp::start(sqlite(), &[]).await;
    let mut client = server.admin().await;
    let refresh = client.cookie("porthole");
    let jwt = refresh.split_once('=').expect("a pair").1.to_owned();
    for wrong in [
        "phl_nonsense",
        "",
        "x",
        &jwt,
        "phl_AAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        client.token = Some(wrong.into());
        let answer = client
            .post(&json!({ "query": "{ viewer { user { id } } }" }))
            .await;
        assert_eq!(answer.status(), 401, "{wrong}");
        assert!(
            answer.headers()["www-authenticate"]
                .to_str()
                .expect("text")
                .starts_with("Bearer")
        );
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn a_token_ends_by_time_by_hand_and_with_its_owner() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        let jun = server.member("jun").await;
        let query = json!({ "query": "{ viewer { user { username } } }" });
        let (first, id) = program(&server, &jun, json!(["BOARDS_READ"])).await;
        assert_eq!(first.post(&query).await.status(), 200);
        let used = jun
            .ok(
                "{ viewer { user { apiTokens { lastUsedAt lastUsedFrom } } } }",
                json!({}),
            )
            .await;
        assert_eq!(
            used["viewer"]["user"]["apiTokens"][0]["lastUsedFrom"],
            "127.0.0.1"
        );
        let mut socket = first.socket().await;
        let revoke = "mutation($id: ID!) { revokeApiToken(input: { id: $id }) { revokedId errors { message } } }";
        let stranger = server.member("mina").await;
        let refused = stranger.ok(revoke, json!({ "id": id })).await;
        assert_eq!(refused["revokeApiToken"]["revokedId"], Value::Null);
        admin.ok(revoke, json!({ "id": id })).await;
        assert_eq!(socket.close_code().await, 4403);
        assert_eq!(first.post(&query).await.status(), 401);

        let (second, _) = program(&server, &jun, json!(["BOARDS_READ"])).await;
        let users = admin
            .ok("{ users { nodes { id username } } }", json!({}))
            .await;
        let of_jun = users["users"]["nodes"]
            .as_array()
            .expect("users")
            .iter()
            .find(|u| u["username"] == "jun")
            .expect("jun")
            .clone();
        let lock = "mutation($id: ID!) { lockUser(input: { id: $id }) { user { status } errors { message } } }";
        let locked = admin.ok(lock, json!({ "id": of_jun["id"] })).await;
        assert_eq!(locked["lockUser"]["user"]["status"], "LOCKED");
        assert_eq!(
            second.post(&query).await.status(),
            401,
            "locked by an admin"
        );
        assert_eq!(
            jun.ok("{ viewer { user { id } } }", json!({})).await["viewer"],
            Value::Null
        );
        let unlock = "mutation($id: ID!) { unlockUser(input: { id: $id }) { user { status } } }";
        admin.ok(unlock, json!({ "id": of_jun["id"] })).await;
        assert_eq!(second.post(&query).await.status(), 200);
        server.app.clock.advance(TimeDelta::days(91));
        assert_eq!(second.post(&query).await.status(), 401, "expired");
    }
}

#[tokio::test]
async fn a_budget_is_told_and_kept_and_comes_back() {
    for db in both().await {
        let server = TestApp::start(db, &["--token-budget=30"]).await;
        let admin = server.admin().await;
        let (client, _) = program(&server, &admin, json!(["USERS_READ"])).await;
        let query = json!({ "query": "{ users(first: 100) { nodes { username } } }" });
        let first = client.post(&query).await;
        assert_eq!(first.headers()["ratelimit-limit"], "30");
        let left = first.headers()["ratelimit-remaining"]
            .to_str()
            .expect("text")
            .to_owned();
        let body: Value = first.json().await.expect("JSON");
        let cost = body["extensions"]["cost"]["cost"].as_i64().expect("a cost");
        assert!(cost > 1 && left == (30 - cost).to_string(), "{body}");
        let mut answer = client.post(&query).await;
        for _ in 0..30 {
            if answer.status() == 429 {
                break;
            }
            answer = client.post(&query).await;
        }
        assert_eq!(answer.status(), 429);
        let wait: i64 = answer.headers()["retry-after"]
            .to_str()
            .expect("text")
            .parse()
            .expect("seconds");
        assert!((1..=3600).contains(&wait));
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body["errors"][0]["extensions"]["code"], "RATE_LIMITED");
        server.app.clock.advance(TimeDelta::seconds(wait));
        assert_eq!(client.post(&query).await.status(), 200);
        // A browser pays nothing, and is told the cost when it asks.
        let asked = admin
            .post(&json!({ "query": "{ users { nodes { id } } }", "extensions": { "cost": true } }))
            .await;
        let body: Value = asked.json().await.expect("JSON");
        assert!(body["extensions"]["cost"]["cost"].is_i64(), "{body}");
    }
}

#[tokio::test]
async fn a_program_without_headers_gives_its_token_when_it_introduces_itself() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    let (mut client, _) = program(&server, &admin, json!(["PAGES_READ"])).await;
    let token = client.token.take().expect("a token");
    let mut socket = client.raw_socket().await;
    socket
        .say(json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } }))
        .await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    socket
        .subscribe(
            "1",
            "subscription { pageChanges { __typename } }",
            json!({}),
        )
        .await;
    assert_eq!(
        socket.data().await["pageChanges"]["__typename"],
        "PageSnapshot"
    );
    socket
        .subscribe("2", "subscription { podChanges { __typename } }", json!({}))
        .await;
    let refused = socket.hear().await;
    assert_eq!(
        refused["payload"][0]["extensions"]["code"], "FORBIDDEN",
        "{refused}"
    );
    let mut wrong = client.raw_socket().await;
    wrong
        .say(json!({ "type": "connection_init", "payload": { "authorization": "Bearer phl_x" } }))
        .await;
    assert_eq!(wrong.close_code().await, 4403);
}

#[tokio::test]
async fn nonsense_makes_no_token() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    for (input, field) in [
        (json!({ "name": " ", "scopes": ["BOARDS_READ"] }), "name"),
        (json!({ "name": "x", "scopes": [] }), "scopes"),
        (
            json!({ "name": "x", "scopes": ["BOARDS_READ"], "expiresInDays": 0 }),
            "expiresInDays",
        ),
        (
            json!({ "name": "x", "scopes": ["BOARDS_READ"], "expiresInDays": 100_000 }),
            "expiresInDays",
        ),
    ] {
        let answer = admin.ok(MAKE, json!({ "i": input })).await;
        assert_eq!(answer["createApiToken"]["errors"][0]["path"][1], field);
    }
}
