//! A whole server on a free port, and clients that use it as strangers would.

use std::{net::SocketAddr, time::Duration};

use chrono::{DateTime, Utc};
use clap::Parser;
use futures::{SinkExt, StreamExt};
use porthole::{app::App, boot, clock::Clock, config::Config};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::db::TestDb;

/// Password of the admin of every test server.
pub const ADMIN_PASSWORD: &str = "quartz lamp ferry 99";
/// How long a test waits for something that must happen.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// What the set-up must have provided.
pub fn set_up(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: run the tests by `make test`"))
}

#[derive(Parser)]
#[command(args_override_self = true)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

/// Settings as the command line would make them, for a database.
pub fn config(db: &TestDb, args: &[&str]) -> Config {
    let password = db.folder.path().join("admin-password");
    std::fs::write(&password, ADMIN_PASSWORD).expect("written");
    let key = db.folder.path().join("secret.key");
    let base = [
        "porthole",
        "--listen=127.0.0.1:1",
        "--cluster=off",
        "--sign-in-per-minute=1000",
        &format!("--database-url={}", db.url),
        &format!("--admin-password-file={}", password.display()),
        &format!("--secret-key-file={}", key.display()),
    ]
    .map(str::to_owned);
    let all = base.into_iter().chain(args.iter().map(|a| (*a).to_owned()));
    Cli::parse_from(all).config
}

/// A running server. Dropping it stops it.
pub struct TestApp {
    /// The server's floor, to look behind the door and to move its clock.
    pub app: App,
    /// Where it listens.
    pub address: SocketAddr,
    db: Option<TestDb>,
}

impl TestApp {
    /// Starts a server with a clock that the test moves.
    pub async fn start(db: TestDb, args: &[&str]) -> Self {
        let config = config(&db, args);
        Self::start_with(config, Clock::manual(start_time()), Some(db)).await
    }

    /// Starts a server; several may share a database.
    pub async fn start_with(mut config: Config, clock: Clock, db: Option<TestDb>) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        config.listen = address;
        let porthole = boot::build(config, clock).await.expect("the server starts");
        let app = porthole.app.clone();
        tokio::spawn(boot::run(porthole, listener));
        Self { app, address, db }
    }

    /// Stops the server and leaves its database.
    pub async fn stop(mut self) -> TestDb {
        self.app.stop.cancel();
        self.app.tasks.close();
        self.app.tasks.wait().await;
        self.db.take().expect("a database of its own")
    }

    /// A client that is not signed in.
    pub fn client(&self) -> Client {
        Client {
            http: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .expect("a client"),
            address: self.address,
            cookies: String::new(),
            token: None,
        }
    }

    /// The admin, signed in.
    pub async fn admin(&self) -> Client {
        let mut client = self.client();
        client.sign_in("admin", ADMIN_PASSWORD).await;
        client
    }

    /// A new member, signed in, with a password of their own.
    pub async fn member(&self, name: &str) -> Client {
        let admin = self.admin().await;
        let made = admin
            .ok(
                "mutation($i: CreateUserInput!) { createUser(input: $i) { temporaryPassword errors { message } } }",
                json!({ "i": { "username": name, "displayName": name } }),
            )
            .await;
        let temporary = made["createUser"]["temporaryPassword"]
            .as_str()
            .expect("a password");
        let mut client = self.client();
        client.sign_in(name, temporary).await;
        let changed = client
            .ok(
                "mutation($i: ChangePasswordInput!) { changePassword(input: $i) { errors { message } } }",
                json!({ "i": { "currentPassword": temporary, "newPassword": ADMIN_PASSWORD } }),
            )
            .await;
        assert_eq!(changed["changePassword"]["errors"], json!([]));
        client
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.app.stop.cancel();
    }
}

/// When every test begins.
pub fn start_time() -> DateTime<Utc> {
    "2026-11-20T09:00:00Z".parse().expect("a time")
}

/// A program that calls the API.
#[derive(Clone)]
pub struct Client {
    /// For requests that are not GraphQL.
    pub http: reqwest::Client,
    /// The server.
    pub address: SocketAddr,
    /// The session's cookies, for the socket.
    pub cookies: String,
    /// An API token, for a program.
    pub token: Option<String>,
}

impl Client {
    /// A URL of the server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sends a document; the whole answer.
    pub async fn send(&self, query: &str, variables: Value) -> Value {
        self.post(&json!({ "query": query, "variables": variables }))
            .await
            .json()
            .await
            .expect("JSON")
    }

    /// Sends a body to the API.
    pub async fn post(&self, body: &Value) -> reqwest::Response {
        let mut request = self
            .http
            .post(self.url("/graphql"))
            .header("cookie", &self.cookies)
            .json(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request.send().await.expect("an answer")
    }

    /// Asks for a path, with headers.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let mut request = self
            .http
            .get(self.url(path))
            .header("cookie", &self.cookies);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("an answer")
    }

    /// One cookie's `name=value`.
    pub fn cookie(&self, name: &str) -> String {
        let start = format!("{name}=");
        let found = self
            .cookies
            .split("; ")
            .find(|pair| pair.starts_with(&start));
        found
            .unwrap_or_else(|| panic!("no cookie {name}"))
            .to_owned()
    }

    /// Sends a document that must succeed; its data.
    pub async fn ok(&self, query: &str, variables: Value) -> Value {
        let answer = self.send(query, variables).await;
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"].clone()
    }

    /// Sends a document that must fail; the first error's code.
    pub async fn code(&self, query: &str, variables: Value) -> String {
        let answer = self.send(query, variables).await;
        let code = answer["errors"][0]["extensions"]["code"].as_str();
        code.unwrap_or_else(|| panic!("no error: {answer}"))
            .to_owned()
    }

    /// Signs in and keeps the cookies.
    pub async fn sign_in(&mut self, name: &str, password: &str) {
        let response = self.try_sign_in(name, password).await;
        self.keep_cookies(&response);
        let answer: Value = response.json().await.expect("JSON");
        assert_eq!(answer["data"]["signIn"]["errors"], json!([]), "{answer}");
    }

    /// Takes over the cookies of an answer.
    pub fn keep_cookies(&mut self, response: &reqwest::Response) {
        let cookies: Vec<String> = response
            .headers()
            .get_all("set-cookie")
            .iter()
            .filter_map(|c| c.to_str().ok()?.split(';').next().map(str::to_owned))
            .collect();
        self.cookies = cookies.join("; ");
    }

    /// Sends a sign-in.
    pub async fn try_sign_in(&self, name: &str, password: &str) -> reqwest::Response {
        self.sign_in_with(json!({ "username": name, "password": password }))
            .await
    }

    /// Sends a sign-in with everything that belongs to it.
    pub async fn sign_in_with(&self, input: Value) -> reqwest::Response {
        let query = "mutation($i: SignInInput!) { signIn(input: $i) { viewer { mustChangePassword } errors { message code } } }";
        let input = json!({ "i": input });
        self.post(&json!({ "query": query, "variables": input }))
            .await
    }

    /// Opens a socket and introduces itself.
    pub async fn socket(&self) -> Socket {
        let mut socket = self.raw_socket().await;
        socket.say(json!({ "type": "connection_init" })).await;
        assert_eq!(socket.hear().await["type"], "connection_ack");
        socket
    }

    /// Opens a socket and says nothing.
    pub async fn raw_socket(&self) -> Socket {
        let mut request = format!("ws://{}/graphql", self.address)
            .into_client_request()
            .expect("a request");
        let headers = request.headers_mut();
        headers.insert(
            "sec-websocket-protocol",
            "graphql-transport-ws".parse().expect("a header"),
        );
        headers.insert("cookie", self.cookies.parse().expect("a header"));
        if let Some(token) = &self.token {
            let value = format!("Bearer {token}");
            headers.insert("authorization", value.parse().expect("a header"));
        }
        let (stream, _) = tokio_tungstenite::connect_async(request)
            .await
            .expect("a socket");
        Socket(stream)
    }
}

/// A client's end of a socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Sends a message.
    pub async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await;
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: Message) {
        self.0.send(frame).await.expect("sent");
    }

    /// Starts an operation.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "id": id, "type": "subscribe", "payload": payload }))
            .await;
    }

    /// The next message; pings are not messages.
    pub async fn hear(&mut self) -> Value {
        loop {
            match self.next().await {
                Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("expected a message, got {other:?}"),
            }
        }
    }

    /// The data of the next `next` message.
    pub async fn data(&mut self) -> Value {
        let message = self.hear().await;
        assert_eq!(message["type"], "next", "{message}");
        message["payload"]["data"].clone()
    }

    /// The code the server closes with.
    pub async fn close_code(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.next().await {
                return frame.expect("a code").code.into();
            }
        }
    }

    async fn next(&mut self) -> Message {
        tokio::time::timeout(DEADLINE, self.0.next())
            .await
            .expect("the server says something in time")
            .expect("the socket is open")
            .expect("a frame")
    }
}

/// Serves on a port of its own until the test ends; its URL.
pub async fn serve(router: axum::Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// Asks until there is an answer; the test fails when there is none in time.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(DEADLINE, asking)
        .await
        .unwrap_or_else(|_| panic!("waited {} s for {what}", DEADLINE.as_secs()))
}

/// An internal page: says which headers it was asked with, as JSON.
pub struct Upstream {
    /// Where it listens.
    pub url: String,
    status: std::sync::Arc<std::sync::atomic::AtomicU16>,
}

impl Upstream {
    /// Starts one.
    pub async fn start() -> Self {
        use axum::{Json, Router, extract::Request};
        let status = std::sync::Arc::new(std::sync::atomic::AtomicU16::new(200));
        let says = status.clone();
        let answer = move |request: Request| {
            let status = says.load(std::sync::atomic::Ordering::Relaxed);
            let headers: Vec<(String, String)> = request
                .headers()
                .iter()
                .map(|(name, value)| {
                    (
                        name.to_string(),
                        String::from_utf8_lossy(value.as_bytes()).into_owned(),
                    )
                })
                .collect();
            let body = json!({ "path": request.uri().to_string(), "headers": headers });
            let status = http::StatusCode::from_u16(status).expect("a status");
            async move { (status, Json(body)) }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(answer);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            url: format!("http://{address}"),
            status,
        }
    }

    /// What it answers from now on.
    pub fn answer(&self, status: u16) {
        self.status
            .store(status, std::sync::atomic::Ordering::Relaxed);
    }
}
