//! Server-sent events, for programs without WebSockets: graphql-sse's distinct connections. One request is one operation;
//! `next` carries each answer, `complete` is the last event.

use std::{convert::Infallible, net::SocketAddr};

use async_graphql::parser::types::OperationType;
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
use serde_json::json;
use tokio::sync::broadcast::Receiver;

use super::{
    Server,
    answer::{JSON, allow, failed, refuse, request_error, unknown_token},
    client, graphql,
    subscriptions::{Frame, Place, answers, stands},
};
use crate::{
    error::Error,
    graphql::{guard, scope, stream::HEARTBEAT},
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
    let passed =
        match guard::check(&mut operation, &server.app.config.limits).map_err(graphql::errors) {
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
        let most = server.app.config.limits.sockets;
        let message = format!("You have {most} open streams and sockets already: close one.");
        return refuse(JSON, StatusCode::TOO_MANY_REQUESTS, &message);
    };
    // Before anything is read: what changes meanwhile must not be missed.
    let topics = server.app.live.subscribe();
    let watch = Watch {
        frames: answers(&server, operation, &passed, &viewer, &origin),
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

/// A running operation, and what may end it.
struct Watch {
    server: Server,
    viewer: Viewer,
    frames: BoxStream<'static, Frame>,
    topics: Receiver<Topic>,
    ends_at: DateTime<Utc>,
    _place: Place,
}

impl Watch {
    /// The next frame; the last one when the session or token behind it is gone, or the server stops.
    async fn next(&mut self) -> Frame {
        let left = self.ends_at - self.server.app.clock.now();
        let end = tokio::time::sleep(left.to_std().unwrap_or_default());
        tokio::pin!(end);
        loop {
            tokio::select! {
                frame = self.frames.next() => return frame.unwrap_or(Frame::Complete),
                topic = self.topics.recv() => {
                    if !stands(&self.server, &self.viewer, topic.ok()).await {
                        return Frame::refused(&failed(Error::Unauthenticated).errors);
                    }
                }
                () = &mut end => return Frame::refused(&failed(Error::Unauthenticated).errors),
                () = self.server.app.stop.cancelled() => return Frame::Complete,
            }
        }
    }
}

fn events(watch: Watch) -> impl Stream<Item = Result<Event, Infallible>> {
    let next = |data: &str| Event::default().event("next").data(data);
    let complete = || Event::default().event("complete").data("");
    // The last event is sent with nothing behind it.
    futures::stream::unfold(Some(watch), move |watch| async move {
        let mut watch = watch?;
        Some(match watch.next().await {
            Frame::Answer(answer) => (vec![next(&answer)], Some(watch)),
            Frame::Refused(errors) => {
                let answer = json!({ "data": null, "errors": errors });
                (vec![next(&answer.to_string()), complete()], None)
            }
            Frame::Complete => (vec![complete()], None),
        })
    })
    .flat_map(|events| futures::stream::iter(events.into_iter().map(Ok)))
}
