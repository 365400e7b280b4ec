//! The audit log as a file: CSV for spreadsheets, JSON lines for programs. Streamed, newest first.

use std::net::SocketAddr;

use async_graphql::resolver_utils::EnumType;
use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, Query, State},
    response::Response,
};
use chrono::{DateTime, SecondsFormat, Utc};
use entity::audit_event::{Column, Model};
use futures::{Stream, stream};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{Server, client, plain};
use crate::{
    audit::{self, Action, Actor, Event, filter::Filter, parse},
    error::{Error, Result},
    graphql::NodeId,
    locale::Text,
    users::credential,
    viewer::{Scope, only_admins},
};

/// Rows of one statement.
const BATCH: u64 = 500;
const COLUMNS: [&str; 9] = [
    "at",
    "action",
    "outcome",
    "actor",
    "token",
    "address",
    "target",
    "detail",
    "requestId",
];

/// The filter as parameters.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Parameters {
    actions: String,
    outcome: String,
    actor: String,
    since: String,
    until: String,
    search: String,
}

#[derive(Copy, Clone)]
enum Format {
    Csv,
    JsonLines,
}

/// `GET /export/audit.csv`.
pub async fn csv(
    State(server): State<Server>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Response {
    answer(&server, peer, &headers, &parameters, Format::Csv).await
}

/// `GET /export/audit.jsonl`.
pub async fn jsonl(
    State(server): State<Server>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Response {
    answer(&server, peer, &headers, &parameters, Format::JsonLines).await
}

async fn answer(
    server: &Server,
    peer: SocketAddr,
    headers: &HeaderMap,
    parameters: &Parameters,
    format: Format,
) -> Response {
    match export(server, peer, headers, parameters, format).await {
        Ok(response) => response,
        Err(error) => {
            let status = match &error {
                Error::Unauthenticated => StatusCode::UNAUTHORIZED,
                Error::Forbidden(_) | Error::PasswordChangeRequired => StatusCode::FORBIDDEN,
                Error::Invalid(..) => StatusCode::BAD_REQUEST,
                _ => StatusCode::SERVICE_UNAVAILABLE,
            };
            plain(status, format!("{}\n", error.message()))
        }
    }
}

async fn export(
    server: &Server,
    peer: SocketAddr,
    headers: &HeaderMap,
    parameters: &Parameters,
    format: Format,
) -> Result<Response> {
    let app = &server.app;
    let origin = client::origin(&app.config, peer, headers);
    let proof = credential::prove(app, headers, &origin, false).await?;
    let viewer = proof.ok_or(Error::Unauthenticated)?.viewer;
    if viewer.must_change_password {
        return Err(Error::PasswordChangeRequired);
    }
    let by = Actor::new(Some(&viewer), &origin);
    if !viewer.is_admin() || !viewer.allows(Scope::AuditRead) {
        let event = Event::denied(Action::AuditExport, "", "only admins may do this");
        audit::record_denial(app, &by, event).await;
        return Err(only_admins());
    }
    let filter = filter(parameters)?;
    let (media, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "audit.csv"),
        Format::JsonLines => ("application/jsonl; charset=utf-8", "audit.jsonl"),
    };
    audit::record(
        &app.db,
        &app.clock,
        &by,
        Event::done(Action::AuditExport, name),
    )
    .await?;
    let mut response = Response::new(Body::from_stream(rows(server.clone(), filter, format)));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let file = format!("attachment; filename=\"{name}\"");
    out.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::try_from(file).expect("a constant"),
    );
    Ok(response)
}

fn filter(p: &Parameters) -> Result<Filter> {
    let words = p.actions.split(',').filter(|word| !word.is_empty());
    let actor = Some(p.actor.as_str()).filter(|id| !id.is_empty());
    Ok(Filter {
        actions: words
            .map(|word| known::<Action>("actions", word))
            .collect::<Result<_>>()?,
        outcome: match p.outcome.as_str() {
            "" => None,
            word => Some(known("outcome", word)?),
        },
        actor: actor
            .map(|id| NodeId::uuid(&id.into(), "User"))
            .transpose()
            .map_err(|_| wrong("actor", "this is not an account's id."))?,
        since: time("since", &p.since)?,
        until: time("until", &p.until)?,
        search: p.search.clone(),
    })
}

fn wrong(name: &str, what: &str) -> Error {
    Error::Invalid(Text::as_is(format!("{name}: {what}")), Vec::new())
}

fn known<E: EnumType + Copy>(name: &str, word: &str) -> Result<E> {
    parse(word).ok_or_else(|| wrong(name, &format!("there is no {word}.")))
}

fn time(name: &str, text: &str) -> Result<Option<DateTime<Utc>>> {
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = text
        .parse()
        .map_err(|_| wrong(name, "use a time such as 2026-11-20T09:00:00Z."));
    parsed.map(Some)
}

/// The file in pieces. What the database refuses in the middle breaks the connection off: half a file is not told whole.
fn rows(
    server: Server,
    filter: Filter,
    format: Format,
) -> impl Stream<Item = std::result::Result<Bytes, std::io::Error>> {
    enum At {
        Start,
        After(DateTime<Utc>, Uuid),
        End,
    }
    stream::try_unfold(At::Start, move |at| {
        let (server, filter) = (server.clone(), filter.clone());
        async move {
            let mut cursor = filter.select().cursor_by((Column::At, Column::Id));
            cursor.desc();
            let is_start = matches!(at, At::Start);
            match at {
                At::End => return Ok(None),
                At::After(time, id) => {
                    cursor.after((time, id));
                }
                At::Start => {}
            }
            let rows = cursor.first(BATCH).all(&server.app.db).await;
            let rows: Vec<Model> = rows.map_err(std::io::Error::other)?;
            let next = match rows.last() {
                Some(last) if rows.len() as u64 == BATCH => At::After(last.at, last.id),
                _ => At::End,
            };
            let text = match format {
                Format::Csv => as_csv(&rows, is_start)?,
                Format::JsonLines => as_json(&rows).into_bytes(),
            };
            Ok(Some((Bytes::from(text), next)))
        }
    })
}

fn as_json(rows: &[Model]) -> String {
    let line = |row: &Model| {
        let line = json!({
            "at": row.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "action": row.action, "outcome": row.outcome, "actor": row.actor,
            "token": row.token, "address": row.address, "target": row.target,
            "detail": row.detail, "requestId": row.request_id,
        });
        format!("{line}\n")
    };
    rows.iter().map(line).collect()
}

fn as_csv(rows: &[Model], with_head: bool) -> std::io::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    if with_head {
        out.write_record(COLUMNS)?;
    }
    for row in rows {
        let at = row.at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let some = |text: &Option<String>| text.clone().unwrap_or_default();
        let cells = [
            at,
            row.action.clone(),
            row.outcome.clone(),
            some(&row.actor),
            some(&row.token),
            row.address.clone(),
            some(&row.target),
            some(&row.detail),
            some(&row.request_id),
        ];
        out.write_record(cells.iter().map(|cell| harmless(cell)))?;
    }
    out.into_inner()
        .map_err(|e| std::io::Error::other(e.to_string()))
}

/// Spreadsheets run what begins like a formula: such a cell begins with an apostrophe.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
