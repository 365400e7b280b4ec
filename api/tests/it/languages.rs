//! What the server says to people is said in their language.

use http::{HeaderMap, HeaderValue, header::ACCEPT_LANGUAGE};
use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp},
    db::sqlite,
};

/// The same client, whose browser is set to a language.
fn speaking(client: &Client, language: &'static str) -> Client {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(language));
    let http = reqwest::Client::builder().default_headers(headers);
    Client {
        http: http.build().expect("a client"),
        ..client.clone()
    }
}

fn message(answer: &Value, at: &str) -> String {
    let found = answer.pointer(at).and_then(Value::as_str);
    found
        .unwrap_or_else(|| panic!("{at} in {answer}"))
        .to_owned()
}

#[tokio::test]
async fn errors_are_told_in_the_language_of_the_browser() {
    let server = TestApp::start(sqlite(), &[]).await;
    let wrong = r#"mutation { signIn(input: { username: "admin", password: "wrong" }) { errors { message } } }"#;
    let stranger = server.client();
    let member = server.member("jun").await;
    for (language, refused, forbidden, title) in [
        (
            "ko-KR,ko;q=0.9,en;q=0.8",
            "맞지 않습니다",
            "관리자만",
            "내용을",
        ),
        ("en-US,en;q=0.9", "is not right", "Only admins", "Write"),
        ("fr", "is not right", "Only admins", "Write"),
    ] {
        let answer = speaking(&stranger, language).send(wrong, json!({})).await;
        let said = message(&answer, "/data/signIn/errors/0/message");
        assert!(said.contains(refused), "{language}: {said}");
        let member = speaking(&member, language);
        let answer = member.send("{ users { totalCount } }", json!({})).await;
        let said = message(&answer, "/errors/0/message");
        assert!(said.contains(forbidden), "{language}: {said}");
        let empty = r#"mutation { createPost(input: { board: REQUEST, title: " ", body: "b", clientMutationId: "a" }) { errors { message } } }"#;
        let answer = member.send(empty, json!({})).await;
        let said = message(&answer, "/data/createPost/errors/0/message");
        assert!(said.contains(title), "{language}: {said}");
    }
}
