//! graphql-transport-ws: our own loop, because it must close with the right codes and stay within bounds.
//!
//! One task owns the socket; each operation runs in a task of its own and hands its frames over through a bounded
//! queue. The session behind the socket is looked at again after each change of its user.

use std::{collections::HashMap, time::Duration};

use axum::{
    extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    response::{IntoResponse, Response},
};
use futures::{SinkExt, StreamExt, stream::SplitSink};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::AbortHandle, time::Instant};

use super::{
    Server,
    answer::{failed, with_code},
    client,
    cost::meter,
    graphql, plain,
};
use crate::{
    error::Error,
    graphql::{
        guard::{self, LIMITS},
        scope,
        stream::heartbeat,
    },
    live::Topic,
    users::credential,
    viewer::{Origin, REQUEST_ID, Viewer},
};

/// How long a client may take to introduce itself.
const INIT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the client may take to receive one frame before it is dropped.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// A client that was silent for this long, even to pings, is gone.
const SILENCE: Duration = Duration::from_secs(60);
/// Most bytes of a message from the client.
const MAX_MESSAGE: usize = 64 * 1024;
/// Subscriptions of one socket.
const MAX_SUBSCRIPTIONS: usize = 50;
/// Sockets of one user.
pub(super) const MAX_SOCKETS: usize = 10;
/// Frames that may wait for the socket; then the operations wait.
const QUEUE: usize = 64;
const PROTOCOL: &str = "graphql-transport-ws";

/// Why a socket is closed: code and reason, after the protocol.
type Close = (u16, &'static str);
const BAD_REQUEST: Close = (4400, "Invalid message");
const UNAUTHORIZED: Close = (4401, "Unauthorized");
const FORBIDDEN: Close = (4403, "Forbidden: sign in first");
const EXPIRED: Close = (4403, "Forbidden: the session ended");
const WRONG_PROTOCOL: Close = (4406, "Subprotocol not acceptable");
const INIT_TOO_LATE: Close = (4408, "Connection initialisation timeout");
const SECOND_INIT: Close = (4429, "Too many initialisation requests");
const TOO_MANY_SOCKETS: Close = (4429, "Too many connections");
const SHUTDOWN: Close = (1012, "Service restart");
const TOO_SLOW: Close = (1013, "Try again later");

/// Answers an upgrade request.
pub async fn open(
    server: Server,
    headers: &HeaderMap,
    origin: Origin,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !client::is_same_origin(&server.app.config, headers) {
        return plain(
            StatusCode::FORBIDDEN,
            "Pages of other sites may not connect.\n",
        );
    }
    let proof = match credential::prove(&server.app, headers, &origin, false).await {
        Ok(proof) => proof,
        Err(e @ Error::Unauthenticated) => return plain(StatusCode::UNAUTHORIZED, e.message()),
        Err(e) => return plain(StatusCode::SERVICE_UNAVAILABLE, e.message()),
    };
    let viewer = proof.map(|proof| proof.viewer);
    let request_id = crate::viewer::request_id();
    upgrade
        .protocols([PROTOCOL])
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        // tungstenite would reserve 128 KiB for each connection.
        .read_buffer_size(4096)
        .on_upgrade(move |socket| {
            REQUEST_ID.scope(request_id, async move {
                let spoken = socket.protocol().is_some();
                let (sink, source) = socket.split();
                let mut connection = Connection::new(server, sink, viewer, origin);
                let close = if spoken {
                    connection.serve(source).await
                } else {
                    Some(WRONG_PROTOCOL)
                };
                connection.finish(close).await;
            })
        })
        .into_response()
}

/// What a client may say.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum FromClient {
    ConnectionInit { payload: Option<Value> },
    Subscribe { id: String, payload: Value },
    Complete { id: String },
    Ping { payload: Option<Value> },
    Pong {},
}

/// What an operation's task says to the socket's.
enum FromTask {
    Frame(Message),
    Done(String),
}

struct Connection {
    server: Server,
    sink: SplitSink<WebSocket, Message>,
    viewer: Option<Viewer>,
    origin: Origin,
    is_counted: bool,
    operations: HashMap<String, AbortHandle>,
    outbox: mpsc::Sender<FromTask>,
    frames: Option<mpsc::Receiver<FromTask>>,
}

impl Connection {
    fn new(
        server: Server,
        sink: SplitSink<WebSocket, Message>,
        viewer: Option<Viewer>,
        origin: Origin,
    ) -> Self {
        let (outbox, frames) = mpsc::channel(QUEUE);
        metrics::gauge!("porthole_sockets").increment(1.0);
        Self {
            server,
            sink,
            viewer,
            origin,
            is_counted: false,
            operations: HashMap::new(),
            outbox,
            frames: Some(frames),
        }
    }

    /// Serves until somebody closes; returns what to close with, or `None` when the client went away.
    async fn serve(
        &mut self,
        mut source: futures::stream::SplitStream<WebSocket>,
    ) -> Option<Close> {
        let mut topics = self.server.app.live.subscribe();
        let stop = self.server.app.stop.clone();
        let mut frames = self.frames.take()?;
        let mut ping = heartbeat();
        let mut heard = Instant::now();
        let init_deadline = Instant::now() + INIT_TIMEOUT;
        let mut ready = false;
        loop {
            let said = tokio::select! {
                message = source.next() => {
                    heard = Instant::now();
                    match message {
                        None | Some(Err(_) | Ok(Message::Close(_))) => return None,
                        Some(Ok(Message::Text(text))) => self.hear(&text, &mut ready).await,
                        Some(Ok(Message::Binary(_))) => Err(BAD_REQUEST),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                    }
                }
                Some(from_task) = frames.recv() => match from_task {
                    FromTask::Frame(frame) => self.send(frame).await,
                    FromTask::Done(id) => { self.operations.remove(&id); Ok(()) }
                },
                topic = topics.recv() => self.look_again(topic.ok()).await,
                _ = ping.tick() => {
                    if heard.elapsed() > SILENCE { return None }
                    self.send(Message::Ping(axum::body::Bytes::new())).await
                }
                () = tokio::time::sleep_until(init_deadline), if !ready => Err(INIT_TOO_LATE),
                () = self.session_end(), if ready => Err(EXPIRED),
                () = stop.cancelled() => Err(SHUTDOWN),
            };
            if let Err(close) = said {
                return Some(close);
            }
        }
    }

    async fn hear(&mut self, text: &str, ready: &mut bool) -> Result<(), Close> {
        let message = serde_json::from_str(text).map_err(|_| BAD_REQUEST)?;
        match message {
            FromClient::ConnectionInit { .. } if *ready => Err(SECOND_INIT),
            FromClient::ConnectionInit { payload } => {
                self.take_token(payload.as_ref()).await?;
                self.admit()?;
                *ready = true;
                self.say(&json!({ "type": "connection_ack" })).await
            }
            FromClient::Subscribe { .. } if !*ready => Err(UNAUTHORIZED),
            FromClient::Subscribe { id, payload } => self.start(id, payload).await,
            FromClient::Complete { id } => {
                self.stop(&id);
                Ok(())
            }
            FromClient::Ping { payload: None } => self.say(&json!({ "type": "pong" })).await,
            FromClient::Ping { payload } => {
                self.say(&json!({ "type": "pong", "payload": payload }))
                    .await
            }
            FromClient::Pong {} => Ok(()),
        }
    }

    /// Programs that cannot set headers give their token when they introduce themselves:
    /// `{ "authorization": "Bearer phl_…" }`.
    async fn take_token(&mut self, payload: Option<&Value>) -> Result<(), Close> {
        let given = |name| payload.and_then(|p| p.get(name)).and_then(Value::as_str);
        let Some(value) = given("authorization").or_else(|| given("Authorization")) else {
            return Ok(());
        };
        let secret = value.strip_prefix("Bearer ").unwrap_or(value).trim();
        let proof = credential::prove_token(&self.server.app, secret).await;
        self.viewer = Some(proof.map_err(|_| FORBIDDEN)?.viewer);
        Ok(())
    }

    /// Lets a signed-in user in, if they have not too many sockets already.
    fn admit(&mut self) -> Result<(), Close> {
        let viewer = self.viewer.as_ref().ok_or(FORBIDDEN)?;
        let mut open = self.server.sockets.entry(viewer.user_id).or_default();
        if *open >= MAX_SOCKETS {
            return Err(TOO_MANY_SOCKETS);
        }
        *open += 1;
        self.is_counted = true;
        Ok(())
    }

    async fn start(&mut self, id: String, payload: Value) -> Result<(), Close> {
        if self.operations.contains_key(&id) {
            // The protocol wants the id in the reason, which must be short.
            return Err((4409, "Subscriber for this id already exists"));
        }
        if self.operations.len() >= MAX_SUBSCRIPTIONS {
            let message = format!(
                "This socket has {MAX_SUBSCRIPTIONS} operations already: complete one first."
            );
            return self.refuse(&id, &message, "RATE_LIMITED").await;
        }
        let Ok(mut operation) = graphql::operation(payload) else {
            return Err(BAD_REQUEST);
        };
        let viewer = self.viewer.clone().ok_or(FORBIDDEN)?;
        let checked = guard::check(&mut operation, &LIMITS).map_err(graphql::errors);
        let checked = checked.and_then(|passed| {
            scope::check(&viewer, passed.operation, &passed.roots).map_err(|e| failed(e).errors)
        });
        if let Err(errors) = checked {
            let errors: Vec<Value> = errors.iter().map(with_code).collect();
            return self
                .say(&json!({ "id": id, "type": "error", "payload": errors }))
                .await;
        }
        let operation = operation
            .data(meter(Some(&viewer), &self.origin))
            .data(self.origin.clone())
            .data(viewer);
        let task = run(
            self.server.clone(),
            id.clone(),
            operation,
            self.outbox.clone(),
        );
        let request_id = crate::viewer::request_id();
        let handle = tokio::spawn(REQUEST_ID.scope(request_id, task)).abort_handle();
        metrics::gauge!("porthole_subscriptions").increment(1.0);
        self.operations.insert(id, handle);
        Ok(())
    }

    fn stop(&mut self, id: &str) {
        if let Some(handle) = self.operations.remove(id) {
            handle.abort();
        }
    }

    /// Closes when the session is gone or its rights are other ones: the client comes back with what it has now.
    async fn look_again(&mut self, topic: Option<Topic>) -> Result<(), Close> {
        let Some(viewer) = &self.viewer else {
            return Ok(());
        };
        if stands(&self.server, viewer, topic).await {
            Ok(())
        } else {
            Err(EXPIRED)
        }
    }

    async fn session_end(&self) {
        let Some(viewer) = &self.viewer else {
            return std::future::pending().await;
        };
        let left = viewer.expires_at - self.server.app.clock.now();
        tokio::time::sleep(left.to_std().unwrap_or_default()).await;
    }

    async fn refuse(&mut self, id: &str, message: &str, code: &str) -> Result<(), Close> {
        let error = json!([{ "message": message, "extensions": { "code": code } }]);
        self.say(&json!({ "id": id, "type": "error", "payload": error }))
            .await
    }

    async fn say(&mut self, frame: &Value) -> Result<(), Close> {
        self.send(Message::text(frame.to_string())).await
    }

    async fn send(&mut self, frame: Message) -> Result<(), Close> {
        match tokio::time::timeout(SEND_TIMEOUT, self.sink.send(frame)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(TOO_SLOW),
        }
    }

    async fn finish(mut self, close: Option<Close>) {
        if let Some((code, reason)) = close {
            let frame = Message::Close(Some(CloseFrame {
                code,
                reason: reason.into(),
            }));
            let _ = tokio::time::timeout(SEND_TIMEOUT, self.sink.send(frame)).await;
        }
    }
}

/// False once what somebody came with is gone or its rights are other ones.
pub(super) async fn stands(server: &Server, viewer: &Viewer, topic: Option<Topic>) -> bool {
    let concerns = match topic {
        Some(Topic::User(user)) => user == viewer.user_id,
        // Lagged or lost: anything may have changed.
        None | Some(Topic::Gap) => true,
        Some(_) => false,
    };
    if !concerns {
        return true;
    }
    match credential::still_valid(&server.app, viewer).await {
        Ok(now) => now.as_ref() == Some(viewer),
        // The database does not answer: keep what was true, and look again at the next topic.
        Err(_) => true,
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        for (_, handle) in self.operations.drain() {
            handle.abort();
        }
        metrics::gauge!("porthole_sockets").decrement(1.0);
        if let (true, Some(viewer)) = (self.is_counted, &self.viewer) {
            if let Some(mut open) = self.server.sockets.get_mut(&viewer.user_id) {
                *open -= 1;
            }
            self.server
                .sockets
                .remove_if(&viewer.user_id, |_, open| *open == 0);
        }
    }
}

/// Runs one operation and hands its frames over.
async fn run(
    server: Server,
    id: String,
    operation: async_graphql::Request,
    outbox: mpsc::Sender<FromTask>,
) {
    struct Counted;
    impl Drop for Counted {
        fn drop(&mut self) {
            metrics::gauge!("porthole_subscriptions").decrement(1.0);
        }
    }
    let _counted = Counted;
    let executed = crate::schema::Executed::default();
    let operation = operation.data(executed.clone());
    let stream = server.schema.execute_stream(operation);
    let mut answers = std::panic::AssertUnwindSafe(stream).catch_unwind().boxed();
    let mut last = json!({ "id": id, "type": "complete" });
    while let Some(answer) = answers.next().await {
        let frame = match answer {
            // A request that never ran, or a stream that was refused: `error` is its last frame.
            Ok(answer) if !answer.errors.is_empty() && !executed.get() => {
                let errors: Vec<Value> = answer.errors.iter().map(with_code).collect();
                last = json!({ "id": id, "type": "error", "payload": errors });
                break;
            }
            Ok(answer) => json!({ "id": id, "type": "next", "payload": answer }),
            Err(_) => {
                let error = Error::Internal(anyhow::anyhow!("a stream panicked"));
                let error = async_graphql::Error::from(error)
                    .into_server_error(async_graphql::Pos::default());
                last = json!({ "id": id, "type": "error", "payload": [error] });
                break;
            }
        };
        if outbox
            .send(FromTask::Frame(Message::text(frame.to_string())))
            .await
            .is_err()
        {
            return;
        }
    }
    let _ = outbox
        .send(FromTask::Frame(Message::text(last.to_string())))
        .await;
    let _ = outbox.send(FromTask::Done(id)).await;
}
