//! Sessions as their owner and admins see them, and tokens that nobody made.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use porthole::{users, viewer::Origin};
use serde_json::{Value, json};

use crate::{
    app::{ADMIN_PASSWORD, Client, TestApp},
    db::{both, sqlite},
};

const SESSIONS: &str = "{ viewer { user { id sessions { id current userAgent address } } } }";
const END: &str =
    "mutation($id: ID!) { endSession(input: { id: $id }) { endedId errors { code } } }";

fn sessions(viewer: &Value) -> Vec<Value> {
    viewer["viewer"]["user"]["sessions"]
        .as_array()
        .expect("sessions")
        .clone()
}

#[tokio::test]
async fn people_see_and_end_their_sessions_and_admins_anyones() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let laptop = server.member("jun").await;
        let mut phone = server.client();
        phone.sign_in("jun", ADMIN_PASSWORD).await;
        let seen = sessions(&laptop.ok(SESSIONS, json!({})).await);
        assert_eq!(seen.len(), 2);
        let other = seen
            .iter()
            .find(|s| s["current"] == false)
            .expect("the phone");
        let mut socket = phone.socket().await;
        // Somebody else's is not there.
        let mina = server.member("mina").await;
        let refused = mina.ok(END, json!({ "id": other["id"] })).await;
        assert_eq!(refused["endSession"]["errors"][0]["code"], "NOT_FOUND");
        laptop.ok(END, json!({ "id": other["id"] })).await;
        assert_eq!(socket.close_code().await, 4403);
        assert_eq!(phone.ok(SESSIONS, json!({})).await["viewer"], Value::Null);
        // An admin ends all of them.
        let admin = server.admin().await;
        let jun = laptop.ok(SESSIONS, json!({})).await["viewer"]["user"]["id"].clone();
        let all = "mutation($id: ID!) { endSessions(input: { user: $id }) { user { username } errors { code } } }";
        let refused = mina.ok(all, json!({ "id": jun })).await;
        assert_eq!(refused["endSessions"]["errors"][0]["code"], "NOT_FOUND");
        admin.ok(all, json!({ "id": jun })).await;
        assert_eq!(laptop.ok(SESSIONS, json!({})).await["viewer"], Value::Null);
    }
}

#[tokio::test]
async fn a_session_in_use_lives_on_and_an_idle_one_ends() {
    let server = TestApp::start(sqlite(), &[]).await;
    let jun = server.member("jun").await;
    let mut cookies = jun.cookies.clone();
    for _ in 0..3 {
        server.app.clock.advance(TimeDelta::days(5));
        let client = Client {
            cookies: cookies.clone(),
            ..server.client()
        };
        let answer = client.post(&json!({ "query": SESSIONS })).await;
        let renewed: Vec<String> = answer
            .headers()
            .get_all("set-cookie")
            .iter()
            .filter_map(|c| c.to_str().ok()?.split(';').next().map(str::to_owned))
            .collect();
        assert_eq!(renewed.len(), 3, "renewed after five days");
        cookies = renewed.join("; ");
    }
    server.app.clock.advance(TimeDelta::days(8));
    let idle = Client {
        cookies,
        ..server.client()
    };
    assert_eq!(idle.ok(SESSIONS, json!({})).await["viewer"], Value::Null);
}

#[tokio::test]
async fn only_so_many_sessions_the_oldest_ends() {
    let server = TestApp::start(sqlite(), &[]).await;
    let first = server.admin().await;
    let admin = users::service::find_by_name(&server.app.db, "admin").await;
    let admin = admin
        .map_err(|e| e.message())
        .expect("a query")
        .expect("the admin")
        .id;
    for _ in 0..users::session::MAX_SESSIONS {
        server.app.clock.advance(TimeDelta::milliseconds(10));
        let txn = server.app.begin().await.expect("a transaction");
        let made = users::session::start(&server.app, &*txn, admin, &Origin::default()).await;
        made.map_err(|e| e.message()).expect("a session");
        txn.commit().await.expect("committed");
    }
    assert_eq!(first.ok(SESSIONS, json!({})).await["viewer"], Value::Null);
    let last = server.admin().await;
    assert_eq!(
        sessions(&last.ok(SESSIONS, json!({})).await).len(),
        100,
        "the newest are shown"
    );
}

#[tokio::test]
async fn forged_tokens_prove_nothing() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    let real = admin
        .cookie("porthole")
        .split_once('=')
        .expect("a pair")
        .1
        .to_owned();
    let pages = admin
        .cookie("porthole-pages")
        .split_once('=')
        .expect("a pair")
        .1
        .to_owned();
    let parts: Vec<&str> = real.split('.').collect();
    let header: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[0]).expect("base64")).expect("JSON");
    let with = |changes: Value| {
        let mut header = header.clone();
        for (key, value) in changes.as_object().expect("an object") {
            header[key] = value.clone();
        }
        let head = URL_SAFE_NO_PAD.encode(header.to_string());
        format!("{head}.{}.{}", parts[1], parts[2])
    };
    let claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).expect("base64")).expect("JSON");
    let mut longer = claims.clone();
    longer["exp"] = json!(4_000_000_000_i64);
    let longer = URL_SAFE_NO_PAD.encode(longer.to_string());
    for (what, token) in [
        ("no algorithm", with(json!({ "alg": "none" }))),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("another algorithm", with(json!({ "alg": "HS256" }))),
        (
            "a key of the attacker's",
            with(json!({ "jku": "https://evil.example/keys", "x5u": "https://evil.example/c" })),
        ),
        ("an unknown key", with(json!({ "kid": "other" }))),
        (
            "a longer life",
            format!("{}.{longer}.{}", parts[0], parts[2]),
        ),
        ("the cookie for pages", pages),
        ("nonsense", "a.b.c".into()),
    ] {
        let client = Client {
            cookies: format!("porthole={token}"),
            ..server.client()
        };
        assert_eq!(
            client.ok(SESSIONS, json!({})).await["viewer"],
            Value::Null,
            "{what}"
        );
    }
    // The cookie for pages, where it belongs, opens no API either.
    let client = Client {
        cookies: admin.cookie("porthole-pages"),
        ..server.client()
    };
    assert_eq!(
        client.code("{ users { nodes { id } } }", json!({})).await,
        "UNAUTHENTICATED"
    );
}

#[tokio::test]
async fn a_lock_may_end_by_itself_but_never_an_admins() {
    for db in both().await {
        let server = TestApp::start(db, &["--lockout-minutes=15"]).await;
        let jun = server.member("jun").await;
        let stranger = server.client();
        for _ in 0..5 {
            stranger.try_sign_in("jun", "wrong").await;
        }
        let told = |answer: Value| answer["data"]["signIn"]["errors"][0]["code"].clone();
        let answer = stranger.try_sign_in("jun", ADMIN_PASSWORD).await;
        assert_eq!(told(answer.json().await.expect("JSON")), "FORBIDDEN");
        server.app.clock.advance(TimeDelta::minutes(16));
        // One more mistake afterwards is the first of five, not the sixth.
        stranger.try_sign_in("jun", "wrong").await;
        server.client().sign_in("jun", ADMIN_PASSWORD).await;
        let id = jun.ok(SESSIONS, json!({})).await["viewer"]["user"]["id"].clone();
        let lock = "mutation($id: ID!) { lockUser(input: { id: $id }) { errors { code } } }";
        server.admin().await.ok(lock, json!({ "id": id })).await;
        server.app.clock.advance(TimeDelta::days(1));
        let answer = stranger.try_sign_in("jun", ADMIN_PASSWORD).await;
        assert_eq!(told(answer.json().await.expect("JSON")), "FORBIDDEN");
    }
}

#[tokio::test]
async fn the_last_admin_cannot_be_locked_out_for_good() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        let id = admin.ok(SESSIONS, json!({})).await["viewer"]["user"]["id"].clone();
        let lock = "mutation($id: ID!) { lockUser(input: { id: $id }) { errors { code } } }";
        let refused = admin.ok(lock, json!({ "id": id })).await;
        assert_eq!(refused["lockUser"]["errors"][0]["code"], "CONFLICT");
    }
}

#[tokio::test]
async fn bodies_and_names_that_make_no_sense_are_refused_kindly() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    let huge = "x".repeat(64 * 1024);
    let answer = server.client().try_sign_in("admin", &huge).await;
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(
        body["data"]["signIn"]["errors"][0]["code"], "UNAUTHENTICATED",
        "{body}"
    );
    let make = "mutation($i: CreateUserInput!) { createUser(input: $i) { user { id } errors { path code } } }";
    for name in [
        "",
        "a\u{0}b",
        "x y",
        "ADMIN",
        "аdmin",
        "a\u{301}b",
        &"n".repeat(100),
    ] {
        let answer = admin
            .ok(
                make,
                json!({ "i": { "username": name, "displayName": "X" } }),
            )
            .await;
        assert_eq!(answer["createUser"]["user"], Value::Null, "{name:?}");
        assert_eq!(
            answer["createUser"]["errors"][0]["path"][1], "username",
            "{name:?}"
        );
    }
    for name in ["a\u{0}b", "x\u{202e}y", "", &"n".repeat(200)] {
        let answer = admin
            .ok(
                make,
                json!({ "i": { "username": "ok", "displayName": name } }),
            )
            .await;
        assert_eq!(
            answer["createUser"]["errors"][0]["path"][1], "displayName",
            "{name:?}"
        );
    }
}

#[tokio::test]
async fn a_database_that_goes_away_is_said_so_and_nobody_is_let_in() {
    for db in both().await {
        let server = TestApp::start(db, &["--page-probe-seconds=0"]).await;
        let admin = server.admin().await;
        server.app.db.clone().close().await.expect("closed");
        let mut answers = Vec::new();
        for name in ["admin", "nobody"] {
            let answer = server.client().try_sign_in(name, ADMIN_PASSWORD).await;
            assert!(answer.headers().get("set-cookie").is_none());
            let body: Value = answer.json().await.expect("JSON");
            answers.push(body["errors"][0]["extensions"]["code"].clone());
        }
        assert_eq!(
            answers,
            ["UNAVAILABLE", "UNAVAILABLE"],
            "whoever is asked for"
        );
        let pages = Client {
            cookies: admin.cookie("porthole-pages"),
            ..server.client()
        };
        let headers = [("x-original-url", "http://git.localhost/")];
        assert_eq!(
            pages.get("/authz/nginx", &headers).await.status(),
            503,
            "closed, not open"
        );
    }
}
