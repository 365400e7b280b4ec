//! Server-sent events.

use serde_json::{Value, json};

use crate::{
    access::id_of,
    app::{Client, DEADLINE, TestApp},
    db::{both, sqlite},
};

/// An open stream of events.
struct Events {
    response: reqwest::Response,
    text: String,
}

impl Events {
    async fn open(client: &Client, query: &str) -> Self {
        let response = ask(client, query).await;
        assert_eq!(response.status(), 200);
        let media = response.headers()["content-type"]
            .to_str()
            .expect("text")
            .to_owned();
        assert!(media.starts_with("text/event-stream"), "{media}");
        Self {
            response,
            text: String::new(),
        }
    }

    /// The next event's name and data; what only keeps the line open is none.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    let line = event.lines().find(|line| line.starts_with(name))?;
                    Some(line[name.len()..].trim_start().to_owned())
                };
                let Some(name) = field("event:") else {
                    continue;
                };
                let data = field("data:").unwrap_or_default();
                return Some((name, serde_json::from_str(&data).unwrap_or_default()));
            }
            let chunk = tokio::time::timeout(DEADLINE, self.response.chunk()).await;
            let chunk = chunk.expect("something in time").ok()??;
            self.text += std::str::from_utf8(&chunk).expect("text");
        }
    }
}

async fn ask(client: &Client, query: &str) -> reqwest::Response {
    let mut request = client
        .http
        .post(client.url("/graphql/stream"))
        .header("cookie", &client.cookies)
        .header("accept", "text/event-stream")
        .json(&json!({ "query": query }));
    if let Some(token) = &client.token {
        request = request.bearer_auth(token);
    }
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn a_program_without_websockets_hears_each_change_until_its_session_ends() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let (admin, jun) = (server.admin().await, server.member("jun").await);
        let query =
            "subscription { pageChanges { __typename ... on PageUpsert { object { name } } } }";
        let mut events = Events::open(&jun, query).await;
        let (name, data) = events.next().await.expect("an event");
        assert_eq!(
            (name.as_str(), &data["data"]["pageChanges"]["__typename"]),
            ("next", &json!("PageSnapshot"))
        );
        let make = "mutation { createPage(input: { name: \"Wiki\", url: \"https://wiki.example.org\", forEveryone: true, probed: false }) { page { id } } }";
        admin.ok(make, json!({})).await;
        let (_, data) = events.next().await.expect("an event");
        assert_eq!(data["data"]["pageChanges"]["object"]["name"], "Wiki");
        let end = "mutation($u: ID!) { endSessions(input: { user: $u }) { errors { code } } }";
        admin
            .ok(end, json!({ "u": id_of(&admin, "jun").await }))
            .await;
        let (_, data) = events.next().await.expect("an event");
        assert_eq!(data["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(events.next().await.expect("an event").0, "complete");
        assert!(events.next().await.is_none(), "closed");
    }
}

#[tokio::test]
async fn a_query_is_a_short_stream_and_nonsense_is_none() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    let mut events = Events::open(&admin, "{ viewer { user { username } } }").await;
    let (_, data) = events.next().await.expect("an event");
    assert_eq!(data["data"]["viewer"]["user"]["username"], "admin");
    assert_eq!(events.next().await.expect("an event").0, "complete");
    assert_eq!(
        ask(&server.client(), "{ viewer { user { id } } }")
            .await
            .status(),
        401
    );
    assert_eq!(ask(&admin, "{ nonsense").await.status(), 400);
    assert_eq!(ask(&admin, &"{ a ".repeat(40)).await.status(), 400);
    let plain = admin
        .get(
            "/graphql/stream?query=%7Bviewer%7Buser%7Bid%7D%7D%7D",
            &[("accept", "application/json")],
        )
        .await;
    assert_eq!(plain.status(), 406);
    let foreign = [
        ("accept", "text/event-stream"),
        ("origin", "https://evil.example"),
    ];
    let refused = admin
        .get(
            "/graphql/stream?query=%7Bviewer%7Buser%7Bid%7D%7D%7D",
            &foreign,
        )
        .await;
    assert_eq!(refused.status(), 403);
}

#[tokio::test]
async fn nobody_holds_more_streams_than_sockets() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    let mut open = Vec::new();
    for _ in 0..10 {
        open.push(Events::open(&admin, "subscription { pageChanges { __typename } }").await);
    }
    let one_more = ask(&admin, "subscription { pageChanges { __typename } }").await;
    assert_eq!(one_more.status(), 429);
    drop(open);
    let again = crate::app::until("a free place", async || {
        let answer = ask(&admin, "{ viewer { user { id } } }").await;
        (answer.status() == 200).then_some(())
    });
    again.await;
}
