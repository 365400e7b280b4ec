//! GraphQL over HTTP: the specification's rules, and what hostile clients try.

use serde_json::json;

use crate::{
    app::{TestApp, config},
    db::sqlite,
};

const GRAPHQL: &str = "application/graphql-response+json";

#[tokio::test]
async fn requests_of_the_wrong_shape_are_refused_with_the_right_status() {
    let server = TestApp::start(sqlite(), &[]).await;
    let client = server.client();
    let url = client.url("/graphql");
    let post = || client.http.post(&url).header("accept", GRAPHQL);
    let big = format!(r#"{{"query":"{}"}}"#, "x".repeat(1 << 20));
    let cases = [
        (
            "a text body",
            post()
                .header("content-type", "text/plain")
                .body("{ __typename }"),
            415,
        ),
        (
            "not JSON",
            post().header("content-type", "application/json").body("{"),
            400,
        ),
        (
            "a batch",
            post().json(&json!([{ "query": "{ __typename }" }])),
            400,
        ),
        ("no query", post().json(&json!({})), 400),
        (
            "a query of the wrong type",
            post().json(&json!({ "query": 1 })),
            400,
        ),
        (
            "variables of the wrong type",
            post().json(&json!({ "query": "{ __typename }", "variables": "x" })),
            400,
        ),
        (
            "a syntax error",
            post().json(&json!({ "query": "{ viewer {" })),
            400,
        ),
        (
            "an unknown field",
            post().json(&json!({ "query": "{ nonsense }" })),
            400,
        ),
        (
            "a huge body",
            post().header("content-type", "application/json").body(big),
            413,
        ),
        ("PUT", client.http.put(&url), 405),
        (
            "a mutation by GET",
            client
                .http
                .get(format!("{url}?query=mutation%7BsignOut%7B__typename%7D%7D")),
            405,
        ),
        (
            "another site's page",
            post()
                .header("origin", "https://evil.example")
                .json(&json!({ "query": "{ __typename }" })),
            403,
        ),
        (
            "an unknown media type",
            client
                .http
                .post(&url)
                .header("accept", "text/html")
                .json(&json!({ "query": "{ __typename }" })),
            406,
        ),
        (
            "a query by GET",
            client.http.get(format!("{url}?query=%7B__typename%7D")),
            200,
        ),
        (
            "a query",
            post().json(&json!({ "query": "{ __typename }" })),
            200,
        ),
    ];
    for (name, request, status) in cases {
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{name}");
    }
}

#[tokio::test]
async fn an_error_of_the_request_has_no_data_and_an_error_of_a_field_has() {
    let server = TestApp::start(sqlite(), &[]).await;
    let client = server.client();
    let refused = client.send("{ nonsense }", json!({})).await;
    assert!(refused.get("data").is_none(), "{refused}");
    assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    let failed = client
        .send("{ board(kind: NOTICE) { kind } }", json!({}))
        .await;
    assert!(failed.get("data").is_some(), "{failed}");
    assert_eq!(failed["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn bombs_are_refused_at_once_and_the_server_goes_on() {
    let server = TestApp::start(sqlite(), &[]).await;
    let client = server.client();
    let fragments: String = (0..14)
        .map(|i| format!("fragment F{i} on Query {{ ...F{n} ...F{n} }} ", n = i + 1))
        .collect();
    for (name, query) in [
        ("deep literal", format!("{{ node(id: {}) {{ id }} }}", "[".repeat(5_000))),
        ("fragments", format!("{{ ...F0 }} {fragments} fragment F14 on Query {{ __typename }}")),
        ("cycle", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".into()),
        ("aliases", format!("{{ {} }}", (0..500).map(|i| format!("a{i}: __typename ")).collect::<String>())),
        ("sign-ins", "mutation { a: signIn(input: {username: \"a\", password: \"b\"}) { errors { code } } b: signIn(input: {username: \"a\", password: \"c\"}) { errors { code } } }".into()),
    ] {
        let answer = client.send(&query, json!({})).await;
        let code = &answer["errors"][0]["extensions"]["code"];
        assert!(code == "QUERY_TOO_COMPLEX" || code == "BAD_USER_INPUT", "{name}: {answer}");
    }
    client.ok("{ __typename }", json!({})).await;
}

#[tokio::test]
async fn only_the_signed_in_read_the_schema() {
    let server = TestApp::start(sqlite(), &[]).await;
    let ask = "{ __schema { queryType { name } } }";
    let refused = server.client().send(ask, json!({})).await;
    assert_ne!(
        refused["data"]["__schema"]["queryType"]["name"], "Query",
        "{refused}"
    );
    let told = server.admin().await.ok(ask, json!({})).await;
    assert_eq!(told["__schema"]["queryType"]["name"], "Query");
}

#[tokio::test]
async fn pages_out_of_range_and_foreign_cursors_are_refused() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    for (arguments, code) in [
        ("first: 0", "BAD_USER_INPUT"),
        ("first: -1", "BAD_USER_INPUT"),
        ("first: 101", "BAD_USER_INPUT"),
        ("first: 1, last: 1", "BAD_USER_INPUT"),
        ("after: \"x\"", "BAD_CURSOR"),
    ] {
        let query = format!("{{ users({arguments}) {{ nodes {{ id }} }} }}");
        assert_eq!(admin.code(&query, json!({})).await, code, "{arguments}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_probes_answer() {
    let server = TestApp::start(sqlite(), &[]).await;
    let client = server.client();
    for path in [
        "/",
        "/healthz",
        "/readyz",
        "/metrics",
        "/graphql?query=%7B__typename%7D",
    ] {
        let answer = client
            .http
            .get(client.url(path))
            .send()
            .await
            .expect("an answer");
        let headers = answer.headers();
        let csp = headers["content-security-policy"].to_str().expect("text");
        assert!(
            csp.starts_with("default-src 'none'; script-src 'self'"),
            "{path}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert!(headers.contains_key("x-request-id"), "{path}");
    }
    let ready = client
        .http
        .get(client.url("/readyz"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(ready.status(), 200);
}

#[tokio::test]
async fn a_start_that_cannot_work_says_what_to_do() {
    let db = sqlite();
    let blocked = db.folder.path().join("file");
    std::fs::write(&blocked, "").expect("written");
    let unwritable = format!(
        "--database-url=sqlite://{}/sub/porthole.db",
        blocked.display()
    );
    for (args, words) in [
        (
            vec!["--public-url=http://portal.example.org"],
            "PORTHOLE_ALLOW_INSECURE_HTTP",
        ),
        (vec!["--database-url=mysql://x"], "sqlite://"),
        (vec![unwritable.as_str()], "writable"),
        (
            vec!["--database-url=postgres://u:hunter2@127.0.0.1:1/x"],
            "cannot reach PostgreSQL",
        ),
    ] {
        let config = config(&db, &args);
        let refused = porthole::boot::build(config, porthole::clock::Clock::System).await;
        let text = format!("{:#}", refused.err().expect("refused"));
        assert!(text.contains(words), "{args:?}: {text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
    let first = TestApp::start_with(config(&db, &[]), porthole::clock::Clock::System, None).await;
    let second = porthole::boot::build(config(&db, &[]), porthole::clock::Clock::System).await;
    assert!(format!("{:#}", second.err().expect("refused")).contains("another Porthole"));
    drop(first);
}
