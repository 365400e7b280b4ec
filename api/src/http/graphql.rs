//! GraphQL over HTTP, after the specification: POST with JSON, GET for queries, errors of the request as 4xx.

use std::{collections::HashMap, net::SocketAddr, panic::AssertUnwindSafe, time::Duration};

use async_graphql::{Request as Operation, Response as Answer, parser::types::OperationType};
use axum::{
    body::Body,
    extract::{ConnectInfo, FromRequestParts, Query, Request, State, ws::WebSocketUpgrade},
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use http::{HeaderMap, Method, StatusCode, Uri, header};
use serde_json::{Map, Value};

use super::{
    Server,
    answer::{
        JSON, allow, answer, failed, negotiate, refuse, request_error, too_many, unknown_token,
    },
    client,
    cost::{self, meter, record_denials},
    documents, socket,
};
use crate::{
    error::Error,
    graphql::{
        guard::{self, Refused},
        scope,
        trusted::Named,
    },
    locale::Text,
    schema::Executed,
    text,
    users::credential,
};

/// Most bytes of a body.
const MAX_BODY: usize = 1024 * 1024;
/// How long an operation may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// One path for requests and sockets.
pub async fn handle(
    State(server): State<Server>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (mut parts, body) = request.into_parts();
    if parts.headers.contains_key(header::UPGRADE) {
        return match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => {
                let origin = client::origin(&server.app.config, peer, &parts.headers);
                socket::open(server, &parts.headers, origin, upgrade).await
            }
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

pub(super) type Refusal = (StatusCode, String);

/// Takes the request apart and checks its shape.
pub(super) async fn read(
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
            "query" | "documentId" | "operationName" => Value::String(text),
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
    let named = parameters.remove("documentId").map(take_document);
    let named = named.transpose()?;
    if let Some((text, _)) = named {
        if parameters.insert("query".into(), text.into()).is_some() {
            return Err("Send query or documentId, not both.".into());
        }
    } else if !parameters.get("query").is_some_and(Value::is_string) {
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
    let operation: Operation = serde_json::from_value(parameters.into())
        .map_err(|_| "The request is malformed.".to_owned())?;
    Ok(match named {
        Some((_, named)) => operation.data(named),
        None => operation,
    })
}

/// The text of a document that the client names. One that is unknown is refused with its own code, by the guard.
fn take_document(id: Value) -> Result<(&'static str, Named), String> {
    let Value::String(id) = id else {
        return Err("The parameter documentId must be a string.".into());
    };
    Ok(
        documents::find(&id).map_or(("", Named::Unknown), |document| {
            (&document.text, Named::Known(&document.name))
        }),
    )
}

async fn run(
    server: &Server,
    peer: SocketAddr,
    method: &Method,
    headers: &HeaderMap,
    media: &'static str,
    mut operation: Operation,
) -> Response {
    let passed = match guard::check(&mut operation, &server.app.config.limits) {
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
            "Subscriptions need a WebSocket (graphql-transport-ws) at this path, or server-sent events at /graphql/stream.",
        );
    }
    let origin = client::origin(&server.app.config, peer, headers);
    let proof = match credential::prove(&server.app, headers, &origin, true).await {
        Ok(proof) => proof,
        Err(Error::Unauthenticated) => return unknown_token(media),
        Err(e) => return answer(media, &failed(e)),
    };
    let viewer = proof.as_ref().map(|proof| &proof.viewer);
    if let Some(viewer) = viewer
        && let Err(refused) = scope::check(viewer, passed.operation, &passed.roots)
    {
        let answer = failed(refused);
        record_denials(server, viewer, &origin, &passed.roots, &answer).await;
        return request_error(media, &answer.errors);
    }
    let (executed, meter) = (Executed::default(), meter(viewer, &origin));
    let tell_cost = meter.payer.is_some() || cost::is_wanted(&operation);
    operation = operation
        .data(executed.clone())
        .data(origin.clone())
        .data(meter.clone());
    operation = match viewer {
        Some(viewer) => operation.data(viewer.clone()),
        None => operation.disable_introspection(),
    };
    let mut result = execute(server, operation).await;
    if let Some(viewer) = viewer {
        record_denials(server, viewer, &origin, &passed.roots, &result).await;
    }
    let reading = meter.reading();
    if let Some(reading) = reading.filter(|_| tell_cost) {
        result
            .extensions
            .insert("cost".into(), cost::extension(&reading));
    }
    let mut response = if executed.get() {
        answer(media, &result)
    } else if let Some(seconds) = cost::retry_after(&result) {
        too_many(media, &result, seconds)
    } else {
        request_error(media, &result.errors)
    };
    let out = response.headers_mut();
    if let Some(budget) = reading.and_then(|reading| reading.budget) {
        cost::headers(out, &budget, server.app.clock.now());
    }
    // What the operation set, such as a sign-out, wins over a renewed token.
    if !result.http_headers.contains_key(header::SET_COOKIE) {
        for cookie in proof.map(|proof| proof.cookies).unwrap_or_default() {
            out.append(header::SET_COOKIE, cookie);
        }
    }
    response
}

fn gave_up() -> Text {
    let seconds = TIMEOUT.as_secs();
    text!(
        "The operation took longer than {seconds} s and was given up.",
        "{seconds}초가 넘게 걸려 그만두었습니다."
    )
}

async fn execute(server: &Server, operation: Operation) -> Answer {
    let running = AssertUnwindSafe(server.schema.execute(operation)).catch_unwind();
    match tokio::time::timeout(TIMEOUT, running).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => failed(Error::Internal(anyhow::anyhow!("a resolver panicked"))),
        Err(_) => failed(Error::Unavailable(gave_up())),
    }
}

/// Errors of a request that never ran.
pub(super) fn errors(refused: Refused) -> Vec<async_graphql::ServerError> {
    match refused {
        Refused::Syntax(error) => vec![*error],
        Refused::Limit(error) => failed(error).errors,
    }
}
