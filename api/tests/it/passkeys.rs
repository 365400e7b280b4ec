//! Passkeys: added, used, refused, removed, with an authenticator in software.

use chrono::TimeDelta;
use porthole::clock::Clock;
use serde_json::{Value, json};

use crate::{
    access::id_of,
    app::{ADMIN_PASSWORD, Client, TestApp, config, start_time},
    authenticator::{Authenticator, encode},
    db::{both, postgres},
};

const HOME: &str = "http://localhost:8080";
const AT_HOME: &str = "--public-url=http://localhost:8080";

const START: &str = "mutation($p: String!) { startPasskeyRegistration(input: { password: $p }) { creation { challenge relyingParty relyingPartyName userHandle username displayName algorithms exclude } errors { code path } } }";
const FINISH: &str = "mutation($i: FinishPasskeyRegistrationInput!) { finishPasskeyRegistration(input: $i) { passkey { id name createdAt lastUsedAt } errors { message code path } } }";
const RENAME: &str = "mutation($i: RenamePasskeyInput!) { renamePasskey(input: $i) { passkey { name } errors { code path } } }";
const DELETE: &str = "mutation($i: DeletePasskeyInput!) { deletePasskey(input: $i) { deletedId errors { code path } } }";
const ASK: &str =
    "mutation { startPasskeySignIn { request { challenge relyingParty } errors { code } } }";
const SIGN_IN: &str = "mutation($i: FinishPasskeySignInInput!) { finishPasskeySignIn(input: $i) { viewer { mustChangePassword user { username } } errors { message code path } } }";
const MINE: &str = "{ viewer { user { id username passkeys { id name lastUsedAt } } } }";

/// What the server wants to have signed to make a passkey.
async fn creation(who: &Client) -> Value {
    let started = who.ok(START, json!({ "p": ADMIN_PASSWORD })).await;
    let started = &started["startPasskeyRegistration"];
    assert_eq!(started["errors"], json!([]), "{started}");
    started["creation"].clone()
}

async fn finish(who: &Client, mut made: Value, name: &str) -> Value {
    made["name"] = json!(name);
    who.ok(FINISH, json!({ "i": made })).await["finishPasskeyRegistration"].clone()
}

/// A phone with a passkey of somebody's; also the passkey's id.
async fn enrol(who: &Client) -> (Authenticator, Value) {
    let mut phone = Authenticator::new(HOME);
    let made = phone.create(&creation(who).await);
    let added = finish(who, made, "phone").await;
    assert_eq!(added["errors"], json!([]), "{added}");
    (phone, added["passkey"]["id"].clone())
}

/// What the server wants to have signed to sign in.
async fn request(server: &TestApp) -> Value {
    let asked = server.client().ok(ASK, json!({})).await;
    asked["startPasskeySignIn"]["request"].clone()
}

async fn send(server: &TestApp, attempt: &Value) -> Value {
    let answer = server.client().ok(SIGN_IN, json!({ "i": attempt })).await;
    answer["finishPasskeySignIn"].clone()
}

async fn sign_in(server: &TestApp, phone: &mut Authenticator) -> Value {
    let attempt = phone.get(&request(server).await);
    send(server, &attempt).await
}

fn refusal() -> Value {
    json!([{
        "message": "This passkey was not taken: try again, or sign in with your password.",
        "code": "UNAUTHENTICATED",
        "path": null,
    }])
}

/// Reasons of refused sign-ins with passkeys in the audit log, the newest first.
async fn reasons(admin: &Client) -> Vec<(String, String)> {
    let log = "{ auditEvents(first: 50, filter: { actions: [PASSKEY_SIGN_IN], outcome: DENIED }) { nodes { target detail } } }";
    let log = admin.ok(log, json!({})).await;
    let nodes = log["auditEvents"]["nodes"].as_array().expect("events");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    nodes
        .iter()
        .map(|node| (text(&node["target"]), text(&node["detail"])))
        .collect()
}

#[tokio::test]
async fn a_passkey_signs_in_alone() {
    for db in both().await {
        let server = TestApp::start(db, &[AT_HOME, "--name=Harbor Lab"]).await;
        let facts = server
            .client()
            .ok("{ server { passkeys } }", json!({}))
            .await;
        assert_eq!(facts["server"]["passkeys"], true);
        let jun = server.member("jun").await;
        let wrong = jun.ok(START, json!({ "p": "not mine" })).await;
        assert_eq!(
            wrong["startPasskeyRegistration"]["errors"][0]["path"],
            json!(["input", "password"])
        );
        let creation = creation(&jun).await;
        assert_eq!(creation["relyingParty"], "localhost");
        assert_eq!(creation["relyingPartyName"], "Harbor Lab");
        assert_eq!(creation["username"], "jun");
        assert_eq!(creation["algorithms"], json!([-7, -8, -257]));
        let mut phone = Authenticator::new(HOME);
        let added = finish(&jun, phone.create(&creation), "My phone").await;
        assert_eq!(added["passkey"]["name"], "My phone", "{added}");
        assert_eq!(added["passkey"]["lastUsedAt"], Value::Null);

        server.app.clock.advance(TimeDelta::hours(1));
        let attempt = phone.get(&request(&server).await);
        let body = json!({ "query": SIGN_IN, "variables": { "i": attempt } });
        let answer = server.client().post(&body).await;
        let cookies: Vec<&str> = answer
            .headers()
            .get_all("set-cookie")
            .iter()
            .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
            .collect();
        let browser = Client {
            cookies: cookies.join("; "),
            ..server.client()
        };
        let mine = browser.ok(MINE, json!({})).await["viewer"]["user"].clone();
        assert_eq!(mine["username"], "jun");
        assert_eq!(
            mine["passkeys"][0]["lastUsedAt"],
            json!(server.app.clock.now().to_rfc3339()),
        );
        let log = "{ auditEvents(first: 9, filter: { actions: [PASSKEY_ADD, PASSKEY_SIGN_IN] }) { nodes { action outcome actor target } } }";
        let log = server.admin().await.ok(log, json!({})).await;
        assert_eq!(
            log["auditEvents"]["nodes"],
            json!([
                { "action": "PASSKEY_SIGN_IN", "outcome": "DONE", "actor": "jun", "target": "jun" },
                { "action": "PASSKEY_ADD", "outcome": "DONE", "actor": "jun", "target": "jun" },
            ])
        );
    }
}

#[tokio::test]
async fn a_passkey_is_enough_where_a_code_would_be_asked_for() {
    for db in both().await {
        let server = TestApp::start(db, &[AT_HOME]).await;
        let jun = server.member("jun").await;
        crate::two_factor::enrol(&server, &jun).await;
        let (mut phone, _) = enrol(&jun).await;
        let signed_in = sign_in(&server, &mut phone).await;
        assert_eq!(signed_in["errors"], json!([]), "{signed_in}");
    }
}

#[tokio::test]
async fn lies_at_a_sign_in_get_one_answer() {
    for db in both().await {
        let server = TestApp::start(db, &[AT_HOME]).await;
        let (jun, mina) = (server.member("jun").await, server.member("mina").await);
        let (mut phone, _) = enrol(&jun).await;
        let (theirs, _) = enrol(&mina).await;
        let refused = async |target: &str, reason: &str, attempt: Value| {
            let answer = send(&server, &attempt).await;
            assert_eq!(answer["errors"], refusal(), "{reason}");
            assert_eq!(answer["viewer"], Value::Null);
            let (whose, why) = reasons(&server.admin().await).await.remove(0);
            assert!(why.contains(reason), "{reason}: {why}");
            assert_eq!(whose, target, "{reason}");
            // The log tells the same denial once a minute.
            server.app.clock.advance(TimeDelta::seconds(61));
        };

        let used = phone.get(&request(&server).await);
        assert_eq!(send(&server, &used).await["errors"], json!([]));
        refused("", "answered before", used).await;

        let own_challenge = json!({ "challenge": encode(&[7; 32]), "relyingParty": "localhost" });
        refused("", "challenge is not known", phone.get(&own_challenge)).await;

        let mut to_register = creation(&jun).await;
        to_register["relyingParty"] = json!("localhost");
        refused("", "challenge is not known", phone.get(&to_register)).await;

        let late = phone.get(&request(&server).await);
        server.app.clock.advance(TimeDelta::minutes(5));
        refused("", "too old", late).await;

        phone.origin = "http://localhost.example.org".into();
        let elsewhere = phone.get(&request(&server).await);
        refused("", "another origin", elsewhere).await;
        phone.origin = HOME.into();

        phone.cross_origin = true;
        let framed = phone.get(&request(&server).await);
        refused("", "inside another site", framed).await;
        phone.cross_origin = false;

        let mut elsewhere = request(&server).await;
        elsewhere["relyingParty"] = json!("example.org");
        refused("jun", "another host", phone.get(&elsewhere)).await;

        phone.verifies = false;
        let unverified = phone.get(&request(&server).await);
        refused("jun", "did not verify", unverified).await;
        phone.verifies = true;

        // Jun's key signs for Mina's passkey, with Mina's handle, and with his own.
        let mut for_mina = phone.get(&request(&server).await);
        for_mina["credentialId"] = json!(encode(&theirs.credential_id));
        refused("mina", "another person", for_mina).await;
        let mut for_mina = phone.get(&request(&server).await);
        for_mina["credentialId"] = json!(encode(&theirs.credential_id));
        for_mina["userHandle"] = json!(theirs.user_handle);
        refused("mina", "wrong signature", for_mina).await;

        let mut tampered = phone.get(&request(&server).await);
        tampered["signature"] = json!("AAAA");
        refused("jun", "wrong signature", tampered).await;

        let mut stranger = Authenticator::new(HOME);
        stranger.user_handle = phone.user_handle.clone();
        let unknown = stranger.get(&request(&server).await);
        refused("", "no such passkey", unknown).await;

        let nonsense = json!({ "credentialId": "!", "userHandle": "", "clientData": "e30", "authenticatorData": "", "signature": "" });
        refused("", "cannot be read", nonsense).await;

        // None of it locked anybody out.
        assert_eq!(sign_in(&server, &mut phone).await["errors"], json!([]));
    }
}

#[tokio::test]
async fn a_counter_that_does_not_grow_is_a_copy() {
    for db in both().await {
        let server = TestApp::start(db, &[AT_HOME]).await;
        let (mut phone, _) = enrol(&server.member("jun").await).await;
        for (count, is_taken) in [(0, true), (0, true), (7, true), (7, false), (6, false)] {
            phone.count = count;
            let answer = sign_in(&server, &mut phone).await;
            let errors = if is_taken { json!([]) } else { refusal() };
            assert_eq!(answer["errors"], errors, "{count}");
        }
        phone.count = 0;
        assert_eq!(sign_in(&server, &mut phone).await["errors"], refusal());
        phone.count = 8;
        assert_eq!(sign_in(&server, &mut phone).await["errors"], json!([]));
        let log = reasons(&server.admin().await).await;
        assert!(log[0].1.contains("counter went back"), "{log:?}");
    }
}

#[tokio::test]
async fn lies_when_one_is_added_are_refused() {
    for db in both().await {
        let server = TestApp::start(db, &[AT_HOME]).await;
        let (jun, mina) = (server.member("jun").await, server.member("mina").await);
        let mut phone = Authenticator::new(HOME);
        let refused = async |who: &Client, made: Value, reason: &str| {
            let answer = finish(who, made, "phone").await;
            assert_eq!(answer["passkey"], Value::Null, "{reason}");
            let message = answer["errors"][0]["message"].as_str().expect("an error");
            assert!(message.contains(reason), "{reason}: {message}");
        };
        phone.origin = "https://localhost:8080".into();
        refused(&jun, phone.create(&creation(&jun).await), "another origin").await;
        phone.origin = HOME.into();
        phone.verifies = false;
        refused(&jun, phone.create(&creation(&jun).await), "did not verify").await;
        phone.verifies = true;
        let for_jun = phone.create(&creation(&jun).await);
        refused(&mina, for_jun.clone(), "challenge is not known").await;
        let mut cut = phone.create(&creation(&jun).await);
        cut["attestationObject"] = json!("o2NmbXRkbm9uZQ");
        refused(&jun, cut, "cannot be read").await;
        let mut asked = creation(&jun).await;
        asked["relyingParty"] = json!("example.org");
        refused(&jun, phone.create(&asked), "another host").await;
        // What is for a sign-in adds nothing.
        let mut for_sign_in = creation(&jun).await;
        for_sign_in["challenge"] = request(&server).await["challenge"].clone();
        refused(&jun, phone.create(&for_sign_in), "challenge is not known").await;
        let late = phone.create(&creation(&jun).await);
        server.app.clock.advance(TimeDelta::minutes(5));
        refused(&jun, late, "too old").await;
        refused(&jun, for_jun, "too old").await;

        let made = phone.create(&creation(&jun).await);
        assert_eq!(
            finish(&jun, made.clone(), "phone").await["errors"],
            json!([])
        );
        refused(&jun, made, "answered before").await;
        // Jun's authenticator is asked to keep to what it has; and nobody else gets a passkey of the same name.
        assert_eq!(
            creation(&jun).await["exclude"],
            json!([encode(&phone.credential_id)])
        );
        let twice = finish(&mina, phone.create(&creation(&mina).await), "phone").await;
        assert_eq!(twice["errors"][0]["code"], "CONFLICT");
        let nameless = phone.create(&creation(&jun).await);
        let nameless = finish(&jun, nameless, " ").await;
        assert_eq!(nameless["errors"][0]["path"], json!(["input", "name"]));
    }
}

#[tokio::test]
async fn locked_accounts_and_temporary_passwords_are_as_with_a_password() {
    for db in both().await {
        let server = TestApp::start(db, &[AT_HOME]).await;
        let jun = server.member("jun").await;
        let (mut phone, _) = enrol(&jun).await;
        let admin = server.admin().await;
        let id = json!({ "id": id_of(&admin, "jun").await });
        let lock = "mutation($id: ID!) { lockUser(input: { id: $id }) { errors { code } } }";
        admin.ok(lock, id.clone()).await;
        let locked = sign_in(&server, &mut phone).await;
        assert_eq!(locked["errors"][0]["code"], "FORBIDDEN");
        assert!(reasons(&admin).await[0].1.contains("locked"));

        let issue =
            "mutation($id: ID!) { issueTemporaryPassword(input: { id: $id }) { errors { code } } }";
        admin.ok(issue, id).await;
        let temporary = sign_in(&server, &mut phone).await;
        assert_eq!(temporary["viewer"]["mustChangePassword"], true);
        server.app.clock.advance(TimeDelta::hours(73));
        let expired = sign_in(&server, &mut phone).await;
        assert_eq!(expired["errors"][0]["code"], "FORBIDDEN");
    }
}

#[tokio::test]
async fn they_are_renamed_and_removed_by_their_owner_alone() {
    for db in both().await {
        let server = TestApp::start(db, &[AT_HOME]).await;
        let (jun, mina) = (server.member("jun").await, server.member("mina").await);
        let (mut phone, id) = enrol(&jun).await;
        let rename = |name: &str| json!({ "i": { "id": id, "name": name } });
        let delete = |password: &str| json!({ "i": { "id": id, "password": password } });
        let named = jun.ok(RENAME, rename("휴대전화")).await;
        assert_eq!(named["renamePasskey"]["passkey"]["name"], "휴대전화");
        let stolen = mina.ok(RENAME, rename("mine")).await;
        assert_eq!(stolen["renamePasskey"]["errors"][0]["code"], "NOT_FOUND");
        let stolen = mina.ok(DELETE, delete(ADMIN_PASSWORD)).await;
        assert_eq!(stolen["deletePasskey"]["errors"][0]["code"], "NOT_FOUND");
        let wrong = jun.ok(DELETE, delete("not mine")).await;
        assert_eq!(
            wrong["deletePasskey"]["errors"][0]["path"],
            json!(["input", "password"])
        );
        assert_eq!(sign_in(&server, &mut phone).await["errors"], json!([]));
        let gone = jun.ok(DELETE, delete(ADMIN_PASSWORD)).await;
        assert_eq!(gone["deletePasskey"]["deletedId"], id);
        assert_eq!(sign_in(&server, &mut phone).await["errors"], refusal());
        let mine = jun.ok(MINE, json!({})).await;
        assert_eq!(mine["viewer"]["user"]["passkeys"], json!([]));
    }
}

#[tokio::test]
async fn an_admin_who_resets_the_second_factor_removes_them() {
    for db in both().await {
        let server = TestApp::start(db, &[AT_HOME]).await;
        let jun = server.member("jun").await;
        let (mut phone, _) = enrol(&jun).await;
        let admin = server.admin().await;
        let off = "mutation($u: ID!, $p: String) { disableTwoFactor(input: { user: $u, password: $p }) { user { passkeys { id } } errors { code } } }";
        let id = id_of(&admin, "jun").await;
        let own = jun.ok(off, json!({ "u": id, "p": ADMIN_PASSWORD })).await;
        let left = own["disableTwoFactor"]["user"]["passkeys"].as_array();
        assert_eq!(left.map(Vec::len), Some(1), "one's own stay");
        let begun = Authenticator::new(HOME).create(&creation(&jun).await);
        let reset = admin.ok(off, json!({ "u": id })).await;
        assert_eq!(reset["disableTwoFactor"]["user"]["passkeys"], json!([]));
        let late = finish(&jun, begun, "late").await;
        assert_eq!(late["errors"][0]["code"], "BAD_USER_INPUT");
        assert_eq!(sign_in(&server, &mut phone).await["errors"], refusal());
    }
}

#[tokio::test]
async fn every_replica_takes_an_answer_once() {
    let db = postgres().await;
    let settings = config(&db, &[AT_HOME]);
    let first = TestApp::start_with(settings.clone(), Clock::manual(start_time()), None).await;
    let second = TestApp::start_with(settings, Clock::manual(start_time()), Some(db)).await;
    let (mut phone, _) = enrol(&first.member("jun").await).await;
    let attempt = phone.get(&request(&first).await);
    let both = tokio::join!(send(&first, &attempt), send(&second, &attempt));
    let taken = [both.0, both.1].map(|answer| answer["errors"] == json!([]));
    assert_eq!(taken.into_iter().filter(|is| *is).count(), 1);
    let elsewhere = phone.get(&request(&first).await);
    assert_eq!(send(&second, &elsewhere).await["errors"], json!([]));
}

#[tokio::test]
async fn tries_are_counted_by_address() {
    for db in both().await {
        let server = TestApp::start(db, &[AT_HOME, "--sign-in-per-minute=5"]).await;
        let admin = server.admin().await;
        let nonsense = json!({ "i": { "credentialId": "", "userHandle": "", "clientData": "", "authenticatorData": "", "signature": "" } });
        let client = server.client();
        for _ in 0..5 {
            client.ok(ASK, json!({})).await;
            client.ok(SIGN_IN, nonsense.clone()).await;
        }
        assert_eq!(client.code(ASK, json!({})).await, "RATE_LIMITED");
        assert_eq!(client.code(SIGN_IN, nonsense).await, "RATE_LIMITED");
        assert_eq!(reasons(&admin).await[0].1, "too many attempts");
    }
}

#[tokio::test]
async fn without_a_public_url_they_are_off_and_say_so() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        let facts = admin.ok("{ server { passkeys } }", json!({})).await;
        assert_eq!(facts["server"]["passkeys"], false);
        for (query, variables) in [(ASK, json!({})), (START, json!({ "p": ADMIN_PASSWORD }))] {
            let answer = admin.send(query, variables).await;
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "UNAVAILABLE");
            let message = error["message"].as_str().expect("a message");
            assert!(message.contains("PORTHOLE_PUBLIC_URL"), "{message}");
        }
    }
}
