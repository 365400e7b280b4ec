//! What an operation costs, told to whoever pays for it; and denials, told to the audit log.

use async_graphql::{Name, Request as Operation, Response as Answer, Value};
use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::Server;
use crate::{
    audit::{self, Action, Actor, Event},
    users::api_token::{
        Budget,
        meter::{Meter, Reading},
    },
    viewer::{Credential, Origin, Viewer},
};

/// The meter of a request: a program pays from its token's budget.
pub(super) fn meter(viewer: Option<&Viewer>, origin: &Origin) -> Meter {
    match viewer.map(|viewer| &viewer.credential) {
        Some(Credential::Token { id, .. }) => Meter::paid_by(*id, origin.address.clone()),
        _ => Meter::default(),
    }
}

/// True when a request asks for its cost: `"extensions": { "cost": true }`.
pub(super) fn is_wanted(operation: &Operation) -> bool {
    operation.extensions.get("cost") == Some(&Value::Boolean(true))
}

/// `extensions.cost` of an answer.
pub(super) fn extension(reading: &Reading) -> Value {
    let mut told = vec![(Name::new("cost"), Value::from(reading.cost))];
    if let Some(budget) = reading.budget {
        let reset_at = budget.reset_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        told.push((Name::new("limit"), budget.limit.into()));
        told.push((Name::new("remaining"), budget.remaining.into()));
        told.push((Name::new("resetAt"), reset_at.into()));
    }
    Value::Object(told.into_iter().collect())
}

/// The same as headers, which programs know from other APIs.
pub(super) fn headers(headers: &mut HeaderMap, budget: &Budget, now: DateTime<Utc>) {
    let seconds = (budget.reset_at - now).num_seconds().max(0).unsigned_abs();
    for (name, value) in [
        ("ratelimit-limit", u64::from(budget.limit)),
        ("ratelimit-remaining", u64::from(budget.remaining)),
        ("ratelimit-reset", seconds),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
}

/// Seconds to wait, when a limit refused the whole operation.
pub(super) fn retry_after(result: &Answer) -> Option<u64> {
    let extensions = result.errors.first()?.extensions.as_ref()?;
    match extensions.get("retryAfter")? {
        Value::Number(seconds) => seconds.as_u64(),
        _ => None,
    }
}

/// Writes down what somebody asked for and may not do.
pub(super) async fn record_denials(
    server: &Server,
    viewer: &Viewer,
    origin: &Origin,
    roots: &[String],
    result: &Answer,
) {
    let forbidden = Value::from("FORBIDDEN");
    for error in &result.errors {
        let code = error.extensions.as_ref().and_then(|e| e.get("code"));
        if code == Some(&forbidden) {
            let event = Event::denied(Action::ApiUse, roots.join(", "), error.message.as_str());
            audit::record_denial(&server.app, &Actor::new(Some(viewer), origin), event).await;
        }
    }
}
