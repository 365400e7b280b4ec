//! The second factor, with a real authenticator's arithmetic.

use chrono::TimeDelta;
use serde_json::{Value, json};
use totp_rs::{Algorithm, Secret, TOTP};

use crate::{
    app::{ADMIN_PASSWORD, Client, TestApp},
    db::both,
};

const START: &str = "mutation($p: String!) { startTwoFactor(input: { password: $p }) { otpauthUri secret errors { path code } } }";
const CONFIRM: &str = "mutation($c: String!) { confirmTwoFactor(input: { code: $c }) { recoveryCodes viewer { user { twoFactor { enabledAt recoveryCodesLeft } } } errors { path code } } }";

/// An authenticator's secret.
pub struct Phone(TOTP);

impl Phone {
    fn new(secret: &str) -> Self {
        let bytes = Secret::Encoded(secret.into()).to_bytes().expect("base32");
        let totp = TOTP::new(
            Algorithm::SHA1,
            6,
            1,
            30,
            bytes,
            Some("Porthole".into()),
            "jun".into(),
        );
        Self(totp.expect("an authenticator"))
    }

    fn code(&self, server: &TestApp) -> String {
        let now = server.app.clock.now().timestamp();
        self.0.generate(now.unsigned_abs())
    }
}

async fn sign_in(server: &TestApp, code: Option<&str>) -> Value {
    let mut input = json!({ "username": "jun", "password": ADMIN_PASSWORD });
    if let Some(code) = code {
        input["code"] = json!(code);
    }
    let answer: Value = server
        .client()
        .sign_in_with(input)
        .await
        .json()
        .await
        .expect("JSON");
    answer["data"]["signIn"].clone()
}

/// Turns somebody's second factor on; also gives the recovery codes.
pub async fn enrol(server: &TestApp, jun: &Client) -> (Phone, Vec<String>) {
    let started = jun.ok(START, json!({ "p": ADMIN_PASSWORD })).await;
    let started = &started["startTwoFactor"];
    assert!(
        started["otpauthUri"]
            .as_str()
            .expect("a URI")
            .starts_with("otpauth://totp/Porthole:jun?secret="),
        "{started}"
    );
    let phone = Phone::new(started["secret"].as_str().expect("a secret"));
    let confirmed = jun.ok(CONFIRM, json!({ "c": phone.code(server) })).await;
    let confirmed = &confirmed["confirmTwoFactor"];
    assert_eq!(
        confirmed["viewer"]["user"]["twoFactor"]["recoveryCodesLeft"], 10,
        "{confirmed}"
    );
    let codes = confirmed["recoveryCodes"].as_array().expect("codes");
    (
        phone,
        codes
            .iter()
            .map(|c| c.as_str().expect("a code").to_owned())
            .collect(),
    )
}

#[tokio::test]
async fn a_code_is_asked_for_taken_once_and_recovered() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let jun = server.member("jun").await;
        let wrong = jun.ok(START, json!({ "p": "not mine" })).await;
        assert_eq!(
            wrong["startTwoFactor"]["errors"][0]["path"],
            json!(["input", "password"])
        );
        let early = jun.ok(CONFIRM, json!({ "c": "123456" })).await;
        assert_eq!(early["confirmTwoFactor"]["errors"][0]["code"], "CONFLICT");
        let (phone, codes) = enrol(&server, &jun).await;

        let asked = sign_in(&server, None).await;
        assert_eq!(asked["errors"][0]["code"], "SECOND_FACTOR_REQUIRED");
        assert_eq!(asked["viewer"], Value::Null);
        // The code that confirmed is used up.
        let used = sign_in(&server, Some(&phone.code(&server))).await;
        assert_eq!(used["errors"][0]["code"], "SECOND_FACTOR_REQUIRED");
        server.app.clock.advance(TimeDelta::seconds(30));
        let code = phone.code(&server);
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert_eq!(sign_in(&server, Some(&spaced)).await["errors"], json!([]));
        assert_ne!(
            sign_in(&server, Some(&code)).await["errors"],
            json!([]),
            "not twice"
        );
        // A recovery code, typed carelessly, works once.
        let typed = codes[0].to_uppercase().replace('-', " ");
        assert_eq!(sign_in(&server, Some(&typed)).await["errors"], json!([]));
        assert_ne!(sign_in(&server, Some(&codes[0])).await["errors"], json!([]));
        let left = jun
            .ok(
                "{ viewer { user { twoFactor { recoveryCodesLeft } } } }",
                json!({}),
            )
            .await;
        assert_eq!(left["viewer"]["user"]["twoFactor"]["recoveryCodesLeft"], 9);
    }
}

#[tokio::test]
async fn guessing_codes_locks_the_account() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let jun = server.member("jun").await;
        let (phone, _) = enrol(&server, &jun).await;
        server.app.clock.advance(TimeDelta::seconds(60));
        for guess in 0..5 {
            sign_in(&server, Some(&format!("00000{guess}"))).await;
        }
        let locked = sign_in(&server, Some(&phone.code(&server))).await;
        assert_eq!(locked["errors"][0]["code"], "FORBIDDEN", "{locked}");
    }
}

#[tokio::test]
async fn it_is_turned_off_with_the_password_or_by_an_admin() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let jun = server.member("jun").await;
        let (_, codes) = enrol(&server, &jun).await;
        let id =
            jun.ok("{ viewer { user { id } } }", json!({})).await["viewer"]["user"]["id"].clone();
        let renew = "mutation($p: String!) { renewRecoveryCodes(input: { password: $p }) { recoveryCodes errors { code } } }";
        let renewed = jun.ok(renew, json!({ "p": ADMIN_PASSWORD })).await;
        let fresh = renewed["renewRecoveryCodes"]["recoveryCodes"][0]
            .as_str()
            .expect("a code")
            .to_owned();
        assert_ne!(
            sign_in(&server, Some(&codes[0])).await["errors"],
            json!([]),
            "old codes are void"
        );
        assert_eq!(sign_in(&server, Some(&fresh)).await["errors"], json!([]));
        let off = "mutation($u: ID!, $p: String) { disableTwoFactor(input: { user: $u, password: $p }) { user { twoFactor { enabledAt } } errors { code path } } }";
        let refused = jun.ok(off, json!({ "u": id })).await;
        assert_eq!(
            refused["disableTwoFactor"]["errors"][0]["path"],
            json!(["input", "password"])
        );
        let mina = server.member("mina").await;
        let refused = mina.ok(off, json!({ "u": id, "p": ADMIN_PASSWORD })).await;
        assert_eq!(
            refused["disableTwoFactor"]["errors"][0]["code"],
            "NOT_FOUND"
        );
        server.admin().await.ok(off, json!({ "u": id })).await;
        assert_eq!(sign_in(&server, None).await["errors"], json!([]));
    }
}
