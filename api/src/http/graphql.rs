//! GraphQL over HTTP, after the specification: POST with JSON, GET for queries, errors of the request as 4xx.

use std::{collections::HashMap, net::SocketAddr, panic::AssertUnwindSafe, time::Duration};

use async_graphql::{Request as Operation, Response as Answer, parser::types::OperationType};
use async_graphql_axum::GraphQLResponse;
use axum::{
    body::Body,
    extract::{ConnectInfo, FromRequestParts, Query, Request, State, ws::WebSocketUpgrade},
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use serde_json::{Map, Value, json};

use super::{Server, client, socket};
use crate::{
    error::Error,
    graphql::guard::{self, LIMITS, Refused},
    schema::Executed,
    users::session,
    viewer::request_id,
};

/// Most bytes of a body.
const MAX_BODY: usize = 1024 * 1024;
/// How long an operation may take.
const TIMEOUT: Duration = Duration::from_secs(10);

const GRAPHQL_RESPONSE: &str = "application/graphql-response+json; charset=utf-8";
const JSON: &str = "application/json; charset=utf-8";

/// One path for requests and sockets.
pub async fn handle(
    State(server): State<Server>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (mut parts, body) = request.into_parts();
    if parts.headers.contains_key(header::UPGRADE) {
        return match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => socket::open(server, &parts.headers, upgrade).await,
            Err(refusal) => refusal.into_response(),
        };
    }
    let Some(media) = negotiate(&parts.headers) else {
        return refuse(
            JSON,
            StatusCode::NOT_ACCEPTABLE,
            "Accept application/graphql-response+json or application/json.",
        );
    };
    match read(&server, &parts.method, &parts.uri, &parts.headers, body).await {
        Ok(operation) => {
            run(
                &server,
                peer,
                &parts.method,
                &parts.headers,
                media,
                operation,
            )
            .await
        }
        Err((status, message)) => {
            let mut response = refuse(media, status, &message);
            if status == StatusCode::METHOD_NOT_ALLOWED {
                allow(&mut response, "GET, POST");
            }
            response
        }
    }
}

type Refusal = (StatusCode, String);

/// Takes the request apart and checks its shape.
async fn read(
    server: &Server,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
) -> Result<Operation, Refusal> {
    let bad = |message: &str| (StatusCode::BAD_REQUEST, message.to_owned());
    let parameters = match *method {
        Method::GET => from_query(uri)?,
        Method::POST => {
            let media = headers
                .get(header::CONTENT_TYPE)
                .and_then(|v| v.to_str().ok())
                .and_then(|v| v.split(';').next());
            if !media.is_some_and(|m| m.trim().eq_ignore_ascii_case("application/json")) {
                return Err((
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "Send the request as application/json.".into(),
                ));
            }
            let body = axum::body::to_bytes(body, MAX_BODY).await.map_err(|_| {
                (
                    StatusCode::PAYLOAD_TOO_LARGE,
                    format!("The body is over the limit of {MAX_BODY} bytes, or broke off."),
                )
            })?;
            serde_json::from_slice(&body).map_err(|_| bad("The body is not JSON."))?
        }
        _ => {
            return Err((
                StatusCode::METHOD_NOT_ALLOWED,
                "Use POST, or GET for queries.".into(),
            ));
        }
    };
    if !client::is_same_origin(&server.app.config, headers) {
        return Err((
            StatusCode::FORBIDDEN,
            "Pages of other sites may not call this API.".into(),
        ));
    }
    operation(parameters).map_err(|message| bad(&message))
}

fn from_query(uri: &Uri) -> Result<Value, Refusal> {
    let query: HashMap<String, String> = Query::try_from_uri(uri)
        .map(|Query(query)| query)
        .map_err(|_| {
            (
                StatusCode::BAD_REQUEST,
                "The query string is broken.".into(),
            )
        })?;
    let mut parameters = Map::new();
    for (name, text) in query {
        let value = match name.as_str() {
            "query" | "operationName" => Value::String(text),
            "variables" | "extensions" => serde_json::from_str(&text).map_err(|_| {
                (
                    StatusCode::BAD_REQUEST,
                    format!("The parameter {name} is not JSON."),
                )
            })?,
            _ => continue,
        };
        parameters.insert(name, value);
    }
    Ok(parameters.into())
}

/// Builds an operation from JSON parameters; says which one has the wrong type.
pub(super) fn operation(parameters: Value) -> Result<Operation, String> {
    let Value::Object(mut parameters) = parameters else {
        return Err("Send one JSON object: batches are not supported.".into());
    };
    parameters.retain(|_, value| !value.is_null());
    if !parameters.get("query").is_some_and(Value::is_string) {
        return Err("The parameter query must be a string.".into());
    }
    if parameters
        .get("operationName")
        .is_some_and(|v| !v.is_string())
    {
        return Err("The parameter operationName must be a string.".into());
    }
    for name in ["variables", "extensions"] {
        if parameters.get(name).is_some_and(|v| !v.is_object()) {
            return Err(format!("The parameter {name} must be an object."));
        }
    }
    serde_json::from_value(parameters.into()).map_err(|_| "The request is malformed.".into())
}

async fn run(
    server: &Server,
    peer: SocketAddr,
    method: &Method,
    headers: &HeaderMap,
    media: &'static str,
    mut operation: Operation,
) -> Response {
    let passed = match guard::check(&mut operation, &LIMITS) {
        Ok(passed) => passed,
        Err(refused) => return request_error(media, &errors(refused)),
    };
    if method == Method::GET && passed.operation != OperationType::Query {
        let mut response = refuse(
            media,
            StatusCode::METHOD_NOT_ALLOWED,
            "Use POST for everything but queries.",
        );
        allow(&mut response, "POST");
        return response;
    }
    if passed.operation == OperationType::Subscription {
        return refuse(
            media,
            StatusCode::BAD_REQUEST,
            "Subscriptions need a WebSocket (graphql-transport-ws) at this path.",
        );
    }
    let proof = match session::prove(&server.app, headers, true).await {
        Ok(proof) => proof,
        Err(e) => return answer(media, &failed(e)),
    };
    let executed = Executed::default();
    operation =
        operation
            .data(executed.clone())
            .data(client::origin(&server.app.config, peer, headers));
    let mut cookies = Vec::new();
    match proof {
        Some(proof) => {
            cookies = proof.cookies;
            operation = operation.data(proof.viewer);
        }
        None => operation = operation.disable_introspection(),
    }
    let result = execute(server, operation).await;
    if !executed.get() {
        return request_error(media, &result.errors);
    }
    let mut response = answer(media, &result);
    let out = response.headers_mut();
    // What the operation set, such as a sign-out, wins over a renewed token.
    if !result.http_headers.contains_key(header::SET_COOKIE) {
        for cookie in cookies {
            out.append(header::SET_COOKIE, cookie);
        }
    }
    response
}

async fn execute(server: &Server, operation: Operation) -> Answer {
    let running = AssertUnwindSafe(server.schema.execute(operation)).catch_unwind();
    match tokio::time::timeout(TIMEOUT, running).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => failed(Error::Internal(anyhow::anyhow!("a resolver panicked"))),
        Err(_) => failed(Error::Unavailable(format!(
            "The operation took longer than {} s and was given up.",
            TIMEOUT.as_secs()
        ))),
    }
}

fn failed(error: Error) -> Answer {
    let error = async_graphql::Error::from(error).into_server_error(async_graphql::Pos::default());
    Answer::from_errors(vec![error])
}

/// Errors of a request that never ran.
pub(super) fn errors(refused: Refused) -> Vec<async_graphql::ServerError> {
    match refused {
        Refused::Syntax(error) => vec![*error],
        Refused::Limit(error) => failed(error).errors,
    }
}

/// The media type to answer with; without `Accept`, or with `*/*`, plain JSON for older clients.
fn negotiate(headers: &HeaderMap) -> Option<&'static str> {
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

fn answer(media: &'static str, result: &Answer) -> Response {
    let body = serde_json::to_string(result).unwrap_or_default();
    let mut response = GraphQLResponse::from(Answer::default()).into_response();
    response.headers_mut().extend(result.http_headers.clone());
    finish(&mut response, media);
    *response.body_mut() = Body::from(body);
    response
}

/// The request was wrong, so nothing ran: no `data`, and with the GraphQL media type a 400.
fn request_error(media: &'static str, errors: &[async_graphql::ServerError]) -> Response {
    let status = if media == GRAPHQL_RESPONSE {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    let errors: Vec<Value> = errors.iter().map(with_code).collect();
    reply(media, status, &json!({ "errors": errors }))
}

/// Errors of the parser and the validation carry no code of their own.
pub(super) fn with_code(error: &async_graphql::ServerError) -> Value {
    let mut error = serde_json::to_value(error).unwrap_or_default();
    if error["extensions"]["code"].is_null() {
        let complex = ["Query is too complex", "Query is nested too deep"]
            .iter()
            .any(|start| {
                error["message"]
                    .as_str()
                    .is_some_and(|m| m.starts_with(start))
            });
        error["extensions"]["code"] = if complex {
            "QUERY_TOO_COMPLEX"
        } else {
            "BAD_USER_INPUT"
        }
        .into();
    }
    error
}

fn refuse(media: &'static str, status: StatusCode, message: &str) -> Response {
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

fn reply(media: &'static str, status: StatusCode, body: &Value) -> Response {
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

fn allow(response: &mut Response, methods: &'static str) {
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(methods));
}
