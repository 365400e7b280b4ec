//! Asking a container registry where it sends nodes for a token. What a node says is often only that nobody answered in
//! time; the registry itself says who should have.

use std::time::Duration;

use http::{StatusCode, header::WWW_AUTHENTICATE};
use url::Url;

use super::diagnose::{is_cluster_name, is_loopback};
use crate::{alerts::diagnosis::Diagnosis, error::cause};

/// How long a registry may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a registry answered.
#[derive(Debug)]
pub struct Answer {
    /// True when it speaks https.
    pub secure: bool,
    /// Its status.
    pub status: StatusCode,
    /// The address of its token server; `None` when it wants no token.
    pub realm: Option<String>,
}

/// Where a token server is.
#[derive(Debug, PartialEq, Eq)]
pub enum Place {
    /// Known only to pods.
    InCluster,
    /// On whoever asks.
    Loopback,
    /// Nowhere: its name is not known.
    Unknown,
    /// No address at all.
    Nonsense,
    /// Where it can be found; true when over https.
    Found(bool),
}

/// Asks a registry (`host` or `host:port`), over https first, as nodes do.
///
/// # Errors
/// Why it does not answer.
pub async fn ask(host: &str) -> Result<Answer, String> {
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|e| cause(&e))?;
    let get = |scheme| client.get(format!("{scheme}://{host}/v2/")).send();
    let (secure, answer) = match get("https").await {
        Ok(answer) => (true, answer),
        Err(refused) => match get("http").await {
            Ok(answer) => (false, answer),
            Err(_) => return Err(cause(&refused.without_url())),
        },
    };
    let header = answer.headers().get(WWW_AUTHENTICATE);
    Ok(Answer {
        secure,
        status: answer.status(),
        realm: header.and_then(|value| realm(value.to_str().ok()?)),
    })
}

/// Where a token server is, as far as can be told from here.
pub async fn place(realm: &str) -> Place {
    let Some(url) = Url::parse(realm).ok() else {
        return Place::Nonsense;
    };
    let Some(host) = url.host_str() else {
        return Place::Nonsense;
    };
    if is_cluster_name(host) {
        return Place::InCluster;
    }
    if is_loopback(host) {
        return Place::Loopback;
    }
    let port = url.port_or_known_default().unwrap_or(443);
    match tokio::net::lookup_host((host, port)).await {
        Ok(_) => Place::Found(url.scheme() == "https"),
        Err(_) => Place::Unknown,
    }
}

/// What is wrong with a registry that nodes wait for in vain.
pub async fn diagnose(host: &str) -> Option<Diagnosis> {
    let realm = ask(host).await.ok()?.realm?;
    match place(&realm).await {
        Place::InCluster => Some(Diagnosis::TokenRealmInCluster),
        Place::Loopback | Place::Unknown => Some(Diagnosis::TokenRealmUnreachable),
        Place::Nonsense | Place::Found(_) => None,
    }
}

/// The realm of `Bearer realm="…",service="…"`.
fn realm(header: &str) -> Option<String> {
    let rest = header.split("realm=\"").nth(1)?;
    rest.split('"').next().map(str::to_owned)
}
