//! What an API server says of itself: its version, its clock, and in which versions it serves a group.

use axum::body;
use chrono::{DateTime, TimeDelta};
use kube::{Client, client::Body};
use serde::Deserialize;

use crate::{clock::Clock, error::cause};

/// A smaller difference of clocks is taken for none: `Date` has whole seconds, and an answer takes its time.
const SAME_TIME: TimeDelta = TimeDelta::seconds(30);
/// More bytes than any server says of its version.
const MAX_ANSWER: usize = 64 << 10;

/// What a server said of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Kubernetes' version; `None` where it is kept secret.
    pub version: Option<String>,
    /// How far its clock is ahead of this machine's; zero when they agree.
    pub ahead: TimeDelta,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    git_version: String,
}

/// Asks for the version, and looks at the clock of the answer.
///
/// # Errors
/// Why the server does not answer.
pub async fn ask(client: &Client) -> anyhow::Result<About> {
    let request = http::Request::get("/version").body(Body::empty())?;
    let answer = client.send(request).await;
    let answer = answer.map_err(|e| anyhow::anyhow!("{}", cause(&e)))?;
    let now = Clock::System.now();
    let date = answer.headers().get(http::header::DATE);
    let date = date.and_then(|date| DateTime::parse_from_rfc2822(date.to_str().ok()?).ok());
    let ahead = date.map(|date| date.to_utc() - now).unwrap_or_default();
    let said = body::to_bytes(body::Body::new(answer.into_body()), MAX_ANSWER).await;
    let version = said
        .ok()
        .and_then(|said| serde_json::from_slice::<Version>(&said).ok());
    Ok(About {
        version: version.map(|version| version.git_version),
        ahead: if ahead.abs() < SAME_TIME {
            TimeDelta::zero()
        } else {
            ahead
        },
    })
}

/// The versions in which a group is served; none when it is not, or when that cannot be asked.
pub async fn versions(client: &Client, group: &str) -> Vec<String> {
    let Ok(groups) = client.list_api_groups().await else {
        return Vec::new();
    };
    let found = groups.groups.into_iter().find(|found| found.name == group);
    let versions = found.map(|found| found.versions).unwrap_or_default();
    versions.into_iter().map(|served| served.version).collect()
}
