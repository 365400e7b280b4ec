//! Server-sent events, for programs without WebSockets: graphql-sse's distinct connections. One request is one operation;
//! `next` carries each answer, `complete` is the last event.

use std::{convert::Infallible, net::SocketAddr};

use async_graphql::{Response as Answer, parser::types::OperationType};
use axum::{
    extract::{ConnectInfo, Request, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt, stream::BoxStream};
use http::{HeaderMap, Method, StatusCode, header};
use tokio::sync::broadcast::Receiver;

use super::{
    Server,
    answer::{JSON, allow, failed, refuse, request_error, unknown_token},
    client,
    cost::meter,
    graphql,
    socket::{MAX_SOCKETS, stands},
};
use crate::{
    error::Error,
    graphql::{
        guard::{self, LIMITS},
        scope,
        stream::HEARTBEAT,
    },
    live::Topic,
    users::credential,
    viewer::Viewer,
};

/// Answers a request for a stream.
pub async fn handle(
    State(server): State<Server>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    if !accepts_events(&parts.headers) {
        let message = "Accept text/event-stream.";
        return refuse(JSON, StatusCode::NOT_ACCEPTABLE, message);
    }
    let read = graphql::read(&server, &parts.method, &parts.uri, &parts.headers, body).await;
    let mut operation = match read {
        Ok(operation) => operation,
        Err((status, message)) => {
            let mut response = refuse(JSON, status, &message);
            if status == StatusCode::METHOD_NOT_ALLOWED {
                allow(&mut response, "GET, POST");
            }
            return response;
        }
    };
    let passed = match guard::check(&mut operation, &LIMITS).map_err(graphql::errors) {
        Ok(passed) => passed,
        Err(errors) => return bad_request(&errors),
    };
    if parts.method == Method::GET && passed.operation == OperationType::Mutation {
        let mut response = refuse(
            JSON,
            StatusCode::METHOD_NOT_ALLOWED,
            "Use POST for mutations.",
        );
        allow(&mut response, "POST");
        return response;
    }
    let origin = client::origin(&server.app.config, peer, &parts.headers);
    let viewer = match credential::prove(&server.app, &parts.headers, &origin, false).await {
        Ok(Some(proof)) => proof.viewer,
        Ok(None) | Err(Error::Unauthenticated) => return unknown_token(JSON),
        Err(e) => return bad_request(&failed(e).errors),
    };
    if let Err(refused) = scope::check(&viewer, passed.operation, &passed.roots) {
        return bad_request(&failed(refused).errors);
    }
    let Some(place) = Place::take(&server, &viewer) else {
        let message =
            format!("You have {MAX_SOCKETS} open streams and sockets already: close one.");
        return refuse(JSON, StatusCode::TOO_MANY_REQUESTS, &message);
    };
    // Before anything is read: what changes meanwhile must not be missed.
    let topics = server.app.live.subscribe();
    let operation = operation
        .data(meter(Some(&viewer), &origin))
        .data(origin)
        .data(viewer.clone());
    let watch = Watch {
        answers: server.schema.execute_stream(operation).boxed(),
        ends_at: viewer.expires_at,
        _place: place,
        server,
        viewer,
        topics,
    };
    let mut response = Sse::new(events(watch))
        .keep_alive(KeepAlive::new().interval(HEARTBEAT))
        .into_response();
    // nginx would keep events back until its buffer is full.
    let unbuffered = http::HeaderValue::from_static("no");
    response
        .headers_mut()
        .insert("x-accel-buffering", unbuffered);
    response
}

fn bad_request(errors: &[async_graphql::ServerError]) -> Response {
    let mut response = request_error(JSON, errors);
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

fn accepts_events(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream") || accept.contains("*/*"))
}

/// One of the streams and sockets that somebody may have open.
struct Place(Server, uuid::Uuid);

impl Place {
    fn take(server: &Server, viewer: &Viewer) -> Option<Self> {
        let mut open = server.sockets.entry(viewer.user_id).or_default();
        if *open >= MAX_SOCKETS {
            return None;
        }
        *open += 1;
        Some(Self(server.clone(), viewer.user_id))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(mut open) = self.0.sockets.get_mut(&self.1) {
            *open -= 1;
        }
        self.0.sockets.remove_if(&self.1, |_, open| *open == 0);
    }
}

/// A running operation, and what may end it.
struct Watch {
    server: Server,
    viewer: Viewer,
    answers: BoxStream<'static, Answer>,
    topics: Receiver<Topic>,
    ends_at: DateTime<Utc>,
    _place: Place,
}

enum Step {
    Answer(Box<Answer>),
    /// The session or token behind it is gone.
    Refused,
    Over,
}

impl Watch {
    async fn step(&mut self) -> Step {
        let left = self.ends_at - self.server.app.clock.now();
        let end = tokio::time::sleep(left.to_std().unwrap_or_default());
        tokio::pin!(end);
        loop {
            tokio::select! {
                answer = self.answers.next() => {
                    return answer.map_or(Step::Over, |answer| Step::Answer(Box::new(answer)));
                }
                topic = self.topics.recv() => {
                    if !stands(&self.server, &self.viewer, topic.ok()).await {
                        return Step::Refused;
                    }
                }
                () = &mut end => return Step::Refused,
                () = self.server.app.stop.cancelled() => return Step::Over,
            }
        }
    }
}

fn events(watch: Watch) -> impl Stream<Item = Result<Event, Infallible>> {
    let next = |answer: &Answer| {
        let text = serde_json::to_string(answer).unwrap_or_default();
        Event::default().event("next").data(text)
    };
    // The last event is sent with nothing behind it.
    futures::stream::unfold(Some(watch), move |watch| async move {
        let mut watch = watch?;
        Some(match watch.step().await {
            Step::Answer(answer) => (vec![next(&answer)], Some(watch)),
            Step::Refused => (
                vec![next(&failed(Error::Unauthenticated)), complete()],
                None,
            ),
            Step::Over => (vec![complete()], None),
        })
    })
    .flat_map(|events| futures::stream::iter(events.into_iter().map(Ok)))
}

fn complete() -> Event {
    Event::default().event("complete").data("")
}
