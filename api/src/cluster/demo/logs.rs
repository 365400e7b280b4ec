//! What the demo's containers say: a few lines that fit what they are, and more while somebody follows.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, stream};
use serde_json::Value;

use super::objects::{pick, stamp, text};
use crate::clock::Clock;

/// Lines there are before anybody looks.
const HISTORY: i64 = 120;
/// Time between two lines.
const PACE: TimeDelta = TimeDelta::seconds(3);

/// Answers a request for a pod's log.
pub fn respond(pod: &Value, query: Option<&str>) -> Response {
    let asked: Vec<(String, String)> =
        url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    let given = |name: &str| {
        asked
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let tail = given("tailLines")
        .and_then(|n| n.parse().ok())
        .unwrap_or(HISTORY);
    let name = text(pod, "/metadata/name").to_owned();
    let now = Clock::System.now();
    let first = HISTORY.min(tail);
    let past: String = (0..first)
        .map(|n| {
            line(
                &name,
                now - PACE * i32::try_from(first - n).unwrap_or(i32::MAX),
            )
        })
        .collect();
    if given("follow") != Some("true") {
        return past.into_response();
    }
    let later = stream::unfold(name, |name| async move {
        tokio::time::sleep(PACE.to_std().unwrap_or(Duration::from_secs(1))).await;
        Some((line(&name, Clock::System.now()), name))
    });
    let all = stream::once(async { past }).chain(later);
    Body::from_stream(all.map(Ok::<_, Infallible>)).into_response()
}

fn line(pod: &str, at: DateTime<Utc>) -> String {
    let at = stamp(at);
    let seed = format!("{pod}{at}");
    let took = u32::from(pick(&seed, 180)) + 3;
    let said = match pick(&format!("{seed}!"), 12) {
        0 => format!("level=warn msg=\"slow query\" took={}ms", took * 10),
        1 => "level=info msg=\"cache refreshed\"".to_owned(),
        2..=4 => format!(
            "level=info msg=\"GET /healthz\" status=200 took={}ms",
            took % 5 + 1
        ),
        _ => format!("level=info msg=\"GET /\" status=200 took={took}ms"),
    };
    format!("{at} {said}\n")
}
