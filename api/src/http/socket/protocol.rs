//! graphql-transport-ws: its messages, its close codes and our bounds.

use std::{fmt::Write, time::Duration};

use axum::extract::ws::{Message, Utf8Bytes};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::http::subscriptions::Frame;

/// Name of the subprotocol.
pub(super) const PROTOCOL: &str = "graphql-transport-ws";
/// How long a client may take to introduce itself.
pub(super) const INIT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the client may take to receive one frame before it is dropped.
pub(super) const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// How long it may take after that to hear why.
pub(super) const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);
/// A client that was silent for this long, even to pings, is gone.
pub(super) const SILENCE: Duration = Duration::from_secs(60);
/// Most bytes of a message from the client.
pub(super) const MAX_MESSAGE: usize = 64 * 1024;

/// Why a socket is closed: code and reason, after the protocol.
pub(super) type Close = (u16, &'static str);
pub(super) const BAD_REQUEST: Close = (4400, "Invalid message");
pub(super) const UNAUTHORIZED: Close = (4401, "Unauthorized");
pub(super) const FORBIDDEN: Close = (4403, "Forbidden: sign in first");
pub(super) const EXPIRED: Close = (4403, "Forbidden: the session ended");
pub(super) const WRONG_PROTOCOL: Close = (4406, "Subprotocol not acceptable");
pub(super) const INIT_TOO_LATE: Close = (4408, "Connection initialisation timeout");
/// The protocol wants the id in the reason; one may be longer than a reason can be.
pub(super) const SAME_ID: Close = (4409, "Subscriber for this id already exists");
pub(super) const SECOND_INIT: Close = (4429, "Too many initialisation requests");
pub(super) const TOO_MANY_SOCKETS: Close = (4429, "Too many connections");
pub(super) const TOO_BIG: Close = (1009, "Message too big");
pub(super) const SHUTDOWN: Close = (1012, "Service restart");
pub(super) const TOO_SLOW: Close = (1013, "Try again later");

/// What a client may say.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum FromClient {
    ConnectionInit { payload: Option<Value> },
    Subscribe { id: String, payload: Value },
    Complete { id: String },
    Ping { payload: Option<Value> },
    Pong {},
}

/// A frame of an operation, as it is sent. The answer's bytes are shared; only the envelope is this subscriber's.
pub(super) fn message(id: &str, frame: Frame) -> Message {
    match frame {
        Frame::Answer(payload) => next(id, &payload),
        Frame::Refused(errors) => text(&json!({ "id": id, "type": "error", "payload": errors })),
        Frame::Complete => text(&json!({ "id": id, "type": "complete" })),
    }
}

fn next(id: &str, payload: &Utf8Bytes) -> Message {
    let mut text = String::with_capacity(payload.len() + id.len() + 48);
    text.push_str(r#"{"id":"#);
    // Ids are the client's: they are escaped.
    let _ = write!(text, "{}", Value::from(id));
    text.push_str(r#","type":"next","payload":"#);
    text.push_str(payload);
    text.push('}');
    Message::text(text)
}

/// Any other message.
pub(super) fn text(value: &Value) -> Message {
    Message::text(value.to_string())
}
