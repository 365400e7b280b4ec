//! graphql-transport-ws: our own loop, because it must close with the right codes and stay within bounds.
//!
//! One task owns the socket and asks its operations for their next frame only when the one before is sent: a slow client
//! slows its own operations, and nothing piles up. The session behind the socket is looked at again after each change
//! of its user.

mod protocol;

use axum::{
    extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    response::{IntoResponse, Response},
};
use futures::{
    SinkExt, StreamExt,
    stream::{self, BoxStream, SplitSink, SplitStream},
};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};
use tokio_stream::StreamMap;

use self::protocol::{
    BAD_REQUEST, CLOSE_TIMEOUT, Close, EXPIRED, FORBIDDEN, FromClient, INIT_TIMEOUT, INIT_TOO_LATE,
    MAX_MESSAGE, PROTOCOL, SAME_ID, SECOND_INIT, SEND_TIMEOUT, SHUTDOWN, SILENCE, TOO_BIG,
    TOO_MANY_SOCKETS, TOO_SLOW, UNAUTHORIZED, WRONG_PROTOCOL, message, text,
};
use super::{
    Server,
    answer::failed,
    client, graphql, plain,
    subscriptions::{Frame, Place, answers, stands},
};
use crate::{
    error::Error,
    graphql::{guard, scope, stream::heartbeat},
    live::Topic,
    locale::{LOCALE, Locale},
    users::credential,
    viewer::{Origin, REQUEST_ID, Viewer},
};

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
    let (request_id, locale) = (crate::viewer::request_id(), Locale::current());
    upgrade
        .protocols([PROTOCOL])
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        // tungstenite would reserve 128 KiB for each connection.
        .read_buffer_size(4096)
        .on_upgrade(move |socket| {
            let work = async move {
                let spoken = socket.protocol().is_some();
                let (sink, source) = socket.split();
                let mut connection = Connection::new(server, sink, viewer, origin);
                let close = if spoken {
                    connection.serve(source).await
                } else {
                    Some(WRONG_PROTOCOL)
                };
                connection.finish(close).await;
            };
            REQUEST_ID.scope(request_id, LOCALE.scope(locale, work))
        })
        .into_response()
}

/// Why a message could not be read: one that is too big is told so, a connection that broke is not.
fn broken(error: &axum::Error) -> Option<Close> {
    error.to_string().contains("too long").then_some(TOO_BIG)
}

struct Connection {
    server: Server,
    sink: SplitSink<WebSocket, Message>,
    viewer: Option<Viewer>,
    origin: Origin,
    /// Taken when the client has introduced itself.
    place: Option<Place>,
    operations: StreamMap<String, BoxStream<'static, Frame>>,
}

impl Connection {
    fn new(
        server: Server,
        sink: SplitSink<WebSocket, Message>,
        viewer: Option<Viewer>,
        origin: Origin,
    ) -> Self {
        metrics::gauge!("porthole_sockets").increment(1.0);
        Self {
            server,
            sink,
            viewer,
            origin,
            place: None,
            operations: StreamMap::new(),
        }
    }

    /// Serves until somebody closes; returns what to close with, or `None` when the client went away.
    async fn serve(&mut self, mut source: SplitStream<WebSocket>) -> Option<Close> {
        // These wait across frames: to register anew for each would cost more than the frame.
        let topics = stream::unfold(self.server.app.live.subscribe(), async |mut topics| {
            Some((topics.recv().await, topics))
        });
        let stop = self.server.app.stop.clone().cancelled_owned();
        tokio::pin!(topics, stop);
        let mut ping = heartbeat();
        let mut heard = Instant::now();
        // First to introduce itself, then the end of its session.
        let deadline = sleep_until(Instant::now() + INIT_TIMEOUT);
        tokio::pin!(deadline);
        loop {
            let was_ready = self.is_ready();
            let said = tokio::select! {
                message = source.next() => {
                    heard = Instant::now();
                    match message {
                        None | Some(Ok(Message::Close(_))) => return None,
                        Some(Err(e)) => return broken(&e),
                        // In a box: what is rare must not make every waiting socket bigger.
                        Some(Ok(Message::Text(text))) => Box::pin(self.hear(&text)).await,
                        Some(Ok(Message::Binary(_))) => Err(BAD_REQUEST),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                    }
                }
                Some((id, frame)) = self.operations.next() => self.tell(&id, frame).await,
                Some(topic) = topics.next() => self.look_again(topic.ok()).await,
                _ = ping.tick() => {
                    if heard.elapsed() > SILENCE { return None }
                    self.send(Message::Ping(axum::body::Bytes::new())).await
                }
                () = &mut deadline => Err(if was_ready { EXPIRED } else { INIT_TOO_LATE }),
                () = &mut stop => Err(SHUTDOWN),
            };
            if let Err(close) = said {
                return Some(close);
            }
            if !was_ready && self.is_ready() {
                deadline.as_mut().reset(self.session_end());
            }
        }
    }

    fn is_ready(&self) -> bool {
        self.place.is_some()
    }

    async fn hear(&mut self, said: &str) -> Result<(), Close> {
        let message = serde_json::from_str(said).map_err(|_| BAD_REQUEST)?;
        match message {
            FromClient::ConnectionInit { .. } if self.is_ready() => Err(SECOND_INIT),
            FromClient::ConnectionInit { payload } => {
                self.take_token(payload.as_ref()).await?;
                let viewer = self.viewer.as_ref().ok_or(FORBIDDEN)?;
                let place = Place::take(&self.server, viewer).ok_or(TOO_MANY_SOCKETS)?;
                self.place = Some(place);
                self.send(text(&json!({ "type": "connection_ack" }))).await
            }
            FromClient::Subscribe { .. } if !self.is_ready() => Err(UNAUTHORIZED),
            FromClient::Subscribe { id, payload } => self.start(id, payload).await,
            FromClient::Complete { id } => {
                self.operations.remove(&id);
                Ok(())
            }
            FromClient::Ping { payload: None } => self.send(text(&json!({ "type": "pong" }))).await,
            FromClient::Ping { payload } => {
                self.send(text(&json!({ "type": "pong", "payload": payload })))
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

    async fn start(&mut self, id: String, payload: Value) -> Result<(), Close> {
        if self.operations.contains_key(&id) {
            return Err(SAME_ID);
        }
        let most = self.server.app.config.limits.subscriptions;
        if self.operations.len() >= most {
            let message = format!("This socket has {most} operations already: complete one first.");
            let error = json!({ "message": message, "extensions": { "code": "RATE_LIMITED" } });
            return self.tell(&id, Frame::Refused(vec![error])).await;
        }
        let Ok(mut operation) = graphql::operation(payload) else {
            return Err(BAD_REQUEST);
        };
        let viewer = self.viewer.as_ref().ok_or(FORBIDDEN)?;
        let limits = &self.server.app.config.limits;
        let checked = guard::check(&mut operation, limits).map_err(graphql::errors);
        let checked = checked.and_then(|passed| {
            let allowed = scope::check(viewer, passed.operation, &passed.roots);
            allowed.map(|()| passed).map_err(|e| failed(e).errors)
        });
        match checked {
            Ok(passed) => {
                let frames = answers(&self.server, operation, &passed, viewer, &self.origin);
                self.operations.insert(id, frames);
                Ok(())
            }
            Err(errors) => self.tell(&id, Frame::refused(&errors)).await,
        }
    }

    /// Closes when the session is gone or its rights are other ones: the client comes back with what it has now.
    async fn look_again(&mut self, topic: Option<Topic>) -> Result<(), Close> {
        let Some(viewer) = &self.viewer else {
            return Ok(());
        };
        if Box::pin(stands(&self.server, viewer, topic)).await {
            Ok(())
        } else {
            Err(EXPIRED)
        }
    }

    fn session_end(&self) -> Instant {
        let now = self.server.app.clock.now();
        let left = self.viewer.as_ref().map(|viewer| viewer.expires_at - now);
        let left = left.and_then(|left| left.to_std().ok());
        Instant::now() + left.unwrap_or_default()
    }

    async fn tell(&mut self, id: &str, frame: Frame) -> Result<(), Close> {
        self.send(message(id, frame)).await
    }

    async fn send(&mut self, message: Message) -> Result<(), Close> {
        match tokio::time::timeout(SEND_TIMEOUT, self.sink.send(message)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(TOO_SLOW),
        }
    }

    async fn finish(mut self, close: Option<Close>) {
        // Whatever runs for it ends now, not when the client has taken leave.
        self.operations = StreamMap::new();
        if let Some((code, reason)) = close {
            let frame = Message::Close(Some(CloseFrame {
                code,
                reason: reason.into(),
            }));
            let _ = tokio::time::timeout(CLOSE_TIMEOUT, self.sink.send(frame)).await;
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        metrics::gauge!("porthole_sockets").decrement(1.0);
    }
}
