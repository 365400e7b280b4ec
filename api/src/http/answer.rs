//! Answers of the API: their media type, their status, the shape of their errors.

use async_graphql::Response as Answer;
use async_graphql_axum::GraphQLResponse;
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::{error::Error, telemetry, viewer::request_id};

const GRAPHQL_RESPONSE: &str = "application/graphql-response+json; charset=utf-8";
/// Plain JSON, for older clients.
pub(super) const JSON: &str = "application/json; charset=utf-8";

/// The answer that is nothing but an error.
pub(super) fn failed(error: Error) -> Answer {
    let error = async_graphql::Error::from(error).into_server_error(async_graphql::Pos::default());
    Answer::from_errors(vec![error])
}

/// A program's token is none of ours: the standard answer, so that its libraries understand.
pub(super) fn unknown_token(media: &'static str) -> Response {
    let errors: Vec<Value> = failed(Error::Unauthenticated)
        .errors
        .iter()
        .map(with_code)
        .collect();
    let mut response = reply(
        media,
        StatusCode::UNAUTHORIZED,
        &json!({ "errors": errors }),
    );
    let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, challenge);
    response
}

/// The media type to answer with; without `Accept`, or with `*/*`, plain JSON for older clients.
pub(super) fn negotiate(headers: &HeaderMap) -> Option<&'static str> {
    let Some(accept) = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()) else {
        return Some(JSON);
    };
    let mut best = (None, 0.0);
    for part in accept.split(',') {
        let mut words = part.split(';').map(str::trim);
        let media = match words.next().map(str::to_ascii_lowercase).as_deref() {
            Some("application/graphql-response+json") => GRAPHQL_RESPONSE,
            Some("application/json" | "application/*" | "*/*") => JSON,
            _ => continue,
        };
        let quality = words
            .find_map(|word| word.strip_prefix("q="))
            .map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if quality > best.1 {
            best = (Some(media), quality);
        }
    }
    best.0
}

pub(super) fn answer(media: &'static str, result: &Answer) -> Response {
    let body = serde_json::to_string(result).unwrap_or_default();
    let mut response = GraphQLResponse::from(Answer::default()).into_response();
    response.headers_mut().extend(result.http_headers.clone());
    finish(&mut response, media);
    *response.body_mut() = Body::from(body);
    response
}

/// The errors of a request that the token's budget does not cover: a 429 that says when to come back.
pub(super) fn too_many(media: &'static str, result: &Answer, seconds: u64) -> Response {
    let errors: Vec<Value> = result.errors.iter().map(with_code).collect();
    let body = json!({ "errors": errors });
    let mut response = reply(media, StatusCode::TOO_MANY_REQUESTS, &body);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// The request was wrong, so nothing ran: no `data`, and with the GraphQL media type a 400.
pub(super) fn request_error(
    media: &'static str,
    errors: &[async_graphql::ServerError],
) -> Response {
    let status = if media == GRAPHQL_RESPONSE {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    let errors: Vec<Value> = errors.iter().map(with_code).collect();
    reply(media, status, &json!({ "errors": errors }))
}

/// How the library says that an operation costs too much, and what to do about it.
const TOO_COSTLY: (&str, &str) = (
    "Query is too complex",
    "The document is over a limit: it costs too much. Ask for shorter pages, or for fewer fields inside lists.",
);

/// Errors of the parser and the validation carry no code of their own.
pub(super) fn with_code(error: &async_graphql::ServerError) -> Value {
    let is_costly = error.message.starts_with(TOO_COSTLY.0);
    let mut error = serde_json::to_value(error).unwrap_or_default();
    if error["extensions"]["code"].is_null() {
        let code = if is_costly {
            error["message"] = TOO_COSTLY.1.into();
            "QUERY_TOO_COMPLEX"
        } else {
            "BAD_USER_INPUT"
        };
        telemetry::error(code);
        error["extensions"]["code"] = code.into();
    }
    error
}

pub(super) fn refuse(media: &'static str, status: StatusCode, message: &str) -> Response {
    let code = if status == StatusCode::FORBIDDEN {
        "FORBIDDEN"
    } else {
        "BAD_USER_INPUT"
    };
    let error = json!({
        "message": message,
        "extensions": { "code": code, "requestId": request_id() },
    });
    reply(media, status, &json!({ "errors": [error] }))
}

pub(super) fn reply(media: &'static str, status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    finish(&mut response, media);
    response
}

fn finish(response: &mut Response, media: &'static str) {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(header::VARY, HeaderValue::from_static("accept"));
}

pub(super) fn allow(response: &mut Response, methods: &'static str) {
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(methods));
}
