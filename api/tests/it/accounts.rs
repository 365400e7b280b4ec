//! Signing in and out, locks, and sessions.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    app::{ADMIN_PASSWORD, TestApp, config},
    db::{both, sqlite},
};

const VIEWER: &str = "{ viewer { mustChangePassword user { username } } }";

#[tokio::test]
async fn a_password_opens_a_session_and_signing_out_ends_it() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        let viewer = admin.ok(VIEWER, json!({})).await;
        assert_eq!(viewer["viewer"]["user"]["username"], "admin");
        let stolen = admin.clone();
        admin
            .ok("mutation { signOut { errors { message } } }", json!({}))
            .await;
        assert_eq!(stolen.ok(VIEWER, json!({})).await["viewer"], Value::Null);
    }
}

#[tokio::test]
async fn a_temporary_password_opens_nothing_but_its_own_change() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        let made = admin
            .ok(
                r#"mutation { createUser(input: { username: "Jun", displayName: "박준" }) { user { username status } temporaryPassword } }"#,
                json!({}),
            )
            .await;
        assert_eq!(
            made["createUser"]["user"],
            json!({ "username": "jun", "status": "INITIAL_PASSWORD" })
        );
        let temporary = made["createUser"]["temporaryPassword"]
            .as_str()
            .expect("shown once");
        let mut jun = server.client();
        jun.sign_in("JUN", temporary).await;
        assert_eq!(
            jun.code("{ board(kind: NOTICE) { kind } }", json!({}))
                .await,
            "PASSWORD_CHANGE_REQUIRED"
        );
        let change = "mutation($c: String!, $n: String!) { changePassword(input: { currentPassword: $c, newPassword: $n }) { viewer { mustChangePassword } errors { path } } }";
        let wrong = jun
            .ok(change, json!({ "c": "not this one", "n": ADMIN_PASSWORD }))
            .await;
        assert_eq!(
            wrong["changePassword"]["errors"][0]["path"],
            json!(["input", "currentPassword"])
        );
        let weak = jun
            .ok(change, json!({ "c": temporary, "n": "passwordpassword" }))
            .await;
        assert_eq!(
            weak["changePassword"]["errors"][0]["path"],
            json!(["input", "newPassword"])
        );
        jun.ok(change, json!({ "c": temporary, "n": ADMIN_PASSWORD }))
            .await;
        jun.ok("{ board(kind: NOTICE) { kind } }", json!({})).await;
    }
}

#[tokio::test]
async fn a_temporary_password_expires() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    let made = admin
        .ok(
            r#"mutation { createUser(input: { username: "jun", displayName: "Jun" }) { temporaryPassword } }"#,
            json!({}),
        )
        .await;
    server.app.clock.advance(TimeDelta::hours(73));
    let temporary = made["createUser"]["temporaryPassword"]
        .as_str()
        .expect("a password");
    let answer: Value = server
        .client()
        .try_sign_in("jun", temporary)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(answer["data"]["signIn"]["errors"][0]["code"], "FORBIDDEN");
}

#[tokio::test]
async fn five_wrong_passwords_lock_and_only_the_owner_learns_of_it() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let open = server.member("jun").await;
        let stranger = server.client();
        let refusal = |answer: Value| answer["data"]["signIn"]["errors"][0].clone();
        let mut answers = Vec::new();
        for name in ["jun", "jun", "jun", "jun", "jun", "jun", "nobody"] {
            answers.push(refusal(
                stranger
                    .try_sign_in(name, "wrong")
                    .await
                    .json()
                    .await
                    .expect("JSON"),
            ));
        }
        answers.dedup();
        assert_eq!(
            answers.len(),
            1,
            "every wrong try looks the same: {answers:?}"
        );
        let told = refusal(
            stranger
                .try_sign_in("jun", ADMIN_PASSWORD)
                .await
                .json()
                .await
                .expect("JSON"),
        );
        assert_eq!(told["code"], "FORBIDDEN");
        assert!(
            open.ok(VIEWER, json!({})).await["viewer"].is_object(),
            "open sessions go on"
        );
    }
}

#[tokio::test]
async fn sign_ins_a_minute_are_counted_for_address_and_account() {
    for db in both().await {
        let server = TestApp::start(db, &["--sign-in-per-minute=3"]).await;
        let stranger = server.client();
        for name in ["a", "b", "c"] {
            let answer: Value = stranger
                .try_sign_in(name, "wrong")
                .await
                .json()
                .await
                .expect("JSON");
            assert!(answer["errors"].is_null(), "{answer}");
        }
        let answer: Value = stranger
            .try_sign_in("d", "wrong")
            .await
            .json()
            .await
            .expect("JSON");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED");
        assert!(
            answer["errors"][0]["extensions"]["retryAfter"]
                .as_u64()
                .expect("seconds")
                <= 60
        );
        server.app.clock.advance(TimeDelta::seconds(61));
        server.admin().await;
    }
}

#[tokio::test]
async fn an_expired_access_token_is_renewed_and_a_refresh_secret_works_once() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        server.app.clock.advance(TimeDelta::minutes(11));
        let renewed = admin.post(&json!({ "query": VIEWER })).await;
        assert!(
            renewed.headers().get_all("set-cookie").iter().count() == 3,
            "all cookies are new"
        );
        let viewer: Value = renewed.json().await.expect("JSON");
        assert!(viewer["data"]["viewer"].is_object());
        // A second tab, a moment later, with the same cookies.
        assert!(admin.ok(VIEWER, json!({})).await["viewer"].is_object());
        // The same secret later is a theft: the session ends.
        server.app.clock.advance(TimeDelta::minutes(11));
        let stolen = server.client();
        let stolen = crate::app::Client {
            cookies: admin.cookies.clone(),
            ..stolen
        };
        assert_eq!(stolen.ok(VIEWER, json!({})).await["viewer"], Value::Null);
    }
}

#[tokio::test]
async fn changing_the_password_ends_the_other_sessions_and_their_sockets() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let jun = server.member("jun").await;
        let mut elsewhere = server.client();
        elsewhere.sign_in("jun", ADMIN_PASSWORD).await;
        let mut socket = elsewhere.socket().await;
        jun.ok(
            "mutation($i: ChangePasswordInput!) { changePassword(input: $i) { errors { message } } }",
            json!({ "i": { "currentPassword": ADMIN_PASSWORD, "newPassword": "another ferry 석양 77" } }),
        )
        .await;
        assert_eq!(socket.close_code().await, 4403);
        assert_eq!(elsewhere.ok(VIEWER, json!({})).await["viewer"], Value::Null);
        assert!(jun.ok(VIEWER, json!({})).await["viewer"].is_object());
    }
}

#[tokio::test]
async fn the_bootstrap_password_is_printed_until_somebody_signed_in() {
    let db = sqlite();
    let mut config = config(&db, &[]);
    config.admin_password_file = None;
    let start = || porthole::boot::build(config.clone(), porthole::clock::Clock::System);
    let first = start()
        .await
        .expect("starts")
        .announcement
        .expect("a password");
    let second = start()
        .await
        .expect("starts")
        .announcement
        .expect("another");
    assert_ne!(first, second);
    let server = TestApp::start_with(config.clone(), porthole::clock::Clock::System, None).await;
    let third = {
        let user = porthole::users::service::find_by_name(&server.app.db, "admin").await;
        user.ok().flatten().expect("admin")
    };
    assert!(third.must_change_password);
}

#[tokio::test]
async fn a_sign_in_takes_as_long_for_a_name_that_does_not_exist() {
    let server = TestApp::start(sqlite(), &[]).await;
    server.member("jun").await;
    let client = server.client();
    // The quickest of several: other tests run beside this one, and can only make it slower.
    let mut quickest = [f64::MAX; 2];
    for _ in 0..8 {
        for (name, quickest) in ["jun", "nobody"].iter().zip(&mut quickest) {
            let start = std::time::Instant::now();
            client.try_sign_in(name, "wrong").await;
            *quickest = quickest.min(start.elapsed().as_secs_f64());
        }
    }
    let [known, unknown] = quickest;
    assert!(
        (known / unknown - 1.0).abs() < 0.5,
        "known {known} s, unknown {unknown} s"
    );
}

#[tokio::test]
async fn an_admin_unlocks_replaces_passwords_and_deletes_but_never_the_last_admin() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let (admin, jun) = (server.admin().await, server.member("jun").await);
        let ids = admin
            .ok("{ users { nodes { id username status } } }", json!({}))
            .await;
        let id = |name: &str| {
            let all = ids["users"]["nodes"].as_array().expect("a list");
            let user = all.iter().find(|u| u["username"] == name).expect("there");
            user["id"].clone()
        };
        let made = jun.ok(r#"mutation { createPost(input: { board: REQUEST, title: "t", body: "b" }) { post { id } } }"#, json!({})).await;
        let stranger = server.client();
        for _ in 0..5 {
            stranger.try_sign_in("jun", "wrong").await;
        }
        let unlock = "mutation($id: ID!) { unlockUser(input: { id: $id }) { user { status } errors { code } } }";
        assert_eq!(
            jun.code(unlock, json!({ "id": id("jun") })).await,
            "FORBIDDEN"
        );
        assert_eq!(
            admin.ok(unlock, json!({ "id": id("jun") })).await["unlockUser"]["user"]["status"],
            "NORMAL"
        );
        server.client().sign_in("jun", ADMIN_PASSWORD).await;

        let ask = r#"mutation($n: String!) { requestPasswordReset(input: { username: $n }) { errors { code } } }"#;
        assert_eq!(
            stranger.ok(ask, json!({ "n": "jun" })).await,
            stranger.ok(ask, json!({ "n": "nobody" })).await
        );
        let asked = admin
            .ok(
                "query($id: ID!) { node(id: $id) { ... on User { status } } }",
                json!({ "id": id("jun") }),
            )
            .await;
        assert_eq!(asked["node"]["status"], "CHANGE_REQUESTED");
        let issue = "mutation($id: ID!) { issueTemporaryPassword(input: { id: $id }) { temporaryPassword user { status } } }";
        let issued =
            admin.ok(issue, json!({ "id": id("jun") })).await["issueTemporaryPassword"].clone();
        assert_eq!(issued["user"]["status"], "INITIAL_PASSWORD");
        assert_eq!(
            jun.ok(VIEWER, json!({})).await["viewer"],
            Value::Null,
            "old sessions end"
        );
        server
            .client()
            .sign_in("jun", issued["temporaryPassword"].as_str().expect("shown"))
            .await;

        let delete =
            "mutation($id: ID!) { deleteUser(input: { id: $id }) { deletedId errors { code } } }";
        assert_eq!(
            admin.ok(delete, json!({ "id": id("admin") })).await["deleteUser"]["errors"][0]["code"],
            "CONFLICT"
        );
        let demote = "mutation($id: ID!) { updateUser(input: { id: $id, role: MEMBER }) { errors { code } } }";
        assert_eq!(
            admin.ok(demote, json!({ "id": id("admin") })).await["updateUser"]["errors"][0]["code"],
            "CONFLICT"
        );
        assert_eq!(
            admin.ok(delete, json!({ "id": id("jun") })).await["deleteUser"]["deletedId"],
            id("jun")
        );
        let post = &made["createPost"]["post"]["id"];
        let left = admin
            .ok(
                "query($id: ID!) { post(id: $id) { title author { id } } }",
                json!({ "id": post }),
            )
            .await;
        assert_eq!(
            left["post"],
            json!({ "title": "t", "author": null }),
            "words stay, unsigned"
        );
    }
}
