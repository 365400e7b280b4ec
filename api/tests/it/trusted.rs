//! Trusted documents: named by their id, over every door; and a server that takes no others from browsers.

use serde_json::{Value, json};

use crate::{
    app::{ADMIN_PASSWORD, Client, TestApp},
    db::{both, sqlite},
};

const NOBODY: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
const ASK: &str = "query Session { viewer { user { username } } }";

/// The id of one of the interface's own documents, as the build wrote it down.
fn id_of(operation: &str) -> String {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../frontend/dist/documents.json"
    );
    let text = std::fs::read_to_string(file).expect("the interface is built: run `make test`");
    let documents: serde_json::Map<String, Value> = serde_json::from_str(&text).expect("JSON");
    let starts = ["query", "mutation", "subscription"].map(|kind| format!("{kind} {operation}"));
    let mut named = documents.into_iter().filter(|(_, text)| {
        let text = text.as_str().expect("a text");
        let mut rest = starts.iter().filter_map(|start| text.split(start).nth(1));
        rest.any(|rest| rest.starts_with([' ', '(']))
    });
    named.next().expect("the interface asks this").0
}

async fn answer(client: &Client, body: Value) -> (u16, Value) {
    let response = client.post(&body).await;
    let status = response.status().as_u16();
    (status, response.json().await.expect("JSON"))
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_else(|| panic!("no code: {answer}"))
}

async fn events(client: &Client, body: &Value) -> reqwest::Response {
    let asked = client
        .http
        .post(client.url("/graphql/stream"))
        .header("cookie", &client.cookies)
        .header("accept", "text/event-stream")
        .json(body);
    asked.send().await.expect("an answer")
}

#[tokio::test]
async fn a_document_is_named_over_every_door() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        let id = id_of("Session");
        let (status, told) = answer(&admin, json!({ "documentId": id })).await;
        assert_eq!(
            (status, &told["data"]["viewer"]["user"]["username"]),
            (200, &json!("admin")),
            "{told}"
        );
        let get = admin.get(&format!("/graphql?documentId={id}"), &[]).await;
        let told: Value = get.json().await.expect("JSON");
        assert_eq!(told["data"]["viewer"]["user"]["username"], "admin");
        let mut socket = admin.socket().await;
        let payload = json!({ "documentId": id_of("PageStream") });
        socket
            .say(json!({ "id": "1", "type": "subscribe", "payload": payload }))
            .await;
        assert!(socket.data().await["pageChanges"].is_object());
        assert_eq!(
            events(&admin, &json!({ "documentId": id })).await.status(),
            200
        );
    }
}

#[tokio::test]
async fn an_unknown_id_is_told_so_and_closes_nothing() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    let unknown = json!({ "documentId": NOBODY });
    let strict = admin
        .http
        .post(admin.url("/graphql"))
        .header("accept", "application/graphql-response+json")
        .json(&unknown)
        .send()
        .await
        .expect("an answer");
    assert_eq!(strict.status(), 400);
    assert_eq!(
        code(&strict.json().await.expect("JSON")),
        "UNKNOWN_DOCUMENT"
    );
    assert_eq!(events(&admin, &unknown).await.status(), 400);
    let mut socket = admin.socket().await;
    socket
        .say(json!({ "id": "1", "type": "subscribe", "payload": unknown }))
        .await;
    let refused = socket.hear().await;
    assert_eq!(refused["type"], "error");
    assert_eq!(
        refused["payload"][0]["extensions"]["code"],
        "UNKNOWN_DOCUMENT"
    );
    socket.subscribe("2", ASK, json!({})).await;
    assert_eq!(socket.data().await["viewer"]["user"]["username"], "admin");
    for wrong in [
        json!({ "documentId": 1 }),
        json!({ "documentId": NOBODY, "query": ASK }),
    ] {
        assert_eq!(answer(&admin, wrong).await.0, 400);
    }
}

#[tokio::test]
async fn a_strict_server_takes_only_its_own_documents_from_browsers() {
    for db in both().await {
        let server = TestApp::start(db, &["--trusted-documents-only"]).await;
        let mut browser = server.client();
        let input = json!({ "username": "admin", "password": ADMIN_PASSWORD });
        let sign_in = json!({ "documentId": id_of("SignIn"), "variables": { "input": input } });
        let signed_in = browser.post(&sign_in).await;
        browser.keep_cookies(&signed_in);
        let (status, told) = answer(&browser, json!({ "documentId": id_of("Session") })).await;
        let name = &told["data"]["viewer"]["user"]["username"];
        assert_eq!((status, name), (200, &json!("admin")), "{told}");
        for client in [&browser, &server.client()] {
            let (_, told) = answer(client, json!({ "query": ASK })).await;
            assert_eq!(code(&told), "TRUSTED_DOCUMENTS_ONLY");
            let why = told["errors"][0]["message"].as_str().expect("text");
            assert!(why.contains("API token"), "{why}");
        }
        let mut socket = browser.socket().await;
        socket
            .subscribe(
                "1",
                "subscription { pageChanges { __typename } }",
                json!({}),
            )
            .await;
        let refused = socket.hear().await;
        let refused = &refused["payload"][0]["extensions"]["code"];
        assert_eq!(refused, "TRUSTED_DOCUMENTS_ONLY");
        let input = json!({ "name": "script", "scopes": ["ACCOUNT_READ"] });
        let make = json!({ "documentId": id_of("CreateToken"), "variables": { "input": input } });
        let (_, made) = answer(&browser, make).await;
        let secret = made["data"]["createApiToken"]["secret"].as_str();
        let mut program = server.client();
        program.token = Some(secret.expect("a token").to_owned());
        program.ok(ASK, json!({})).await;
    }
}
