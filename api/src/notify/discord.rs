//! Discord webhooks, within Discord's limits.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Response, StatusCode};
use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use super::{
    Receipt, SendError, embed,
    message::{Message, cut},
    webhook::Webhook,
};

/// How long Discord may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Seconds of the shortest and the longest pause that is believed.
const MIN_PAUSE: f64 = 0.1;
const MAX_PAUSE: f64 = 86_400.0;
/// Discord's code for a webhook that was deleted.
const UNKNOWN_WEBHOOK: i64 = 10_015;
/// Discord's code for a token that is not the webhook's.
const INVALID_TOKEN: i64 = 50_027;
/// Longest answer that is kept.
const MAX_ANSWER: usize = 500;

/// Talks to Discord, and keeps to the pauses it asks for.
#[derive(Clone)]
pub struct Sender {
    client: reqwest::Client,
    api: Url,
    /// Until when a webhook, or (with an empty id) all of them, must rest.
    pauses: Arc<Mutex<HashMap<String, DateTime<Utc>>>>,
}

impl Sender {
    /// A sender for an API address.
    ///
    /// # Errors
    /// The TLS library's.
    pub fn new(api: Url) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("Porthole/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("cannot make an HTTPS client: are CA certificates installed?")?;
        Ok(Self {
            client,
            api,
            pauses: Arc::default(),
        })
    }

    /// Sends one message.
    ///
    /// # Errors
    /// See `SendError`.
    pub async fn send(
        &self,
        webhook: &Webhook,
        message: &Message,
        now: DateTime<Utc>,
    ) -> Result<Receipt, SendError> {
        if let Some(after) = self.pause_left(&webhook.id, now) {
            return Err(SendError::Retry {
                after: Some(after),
                error: "Discord asked to wait.".into(),
            });
        }
        // Without `wait` Discord would not say when a message is not saved.
        let mut url = format!("{}?wait=true", self.url(webhook));
        if let Some(thread) = &webhook.thread {
            url += &format!("&thread_id={thread}");
        }
        let answer = self
            .client
            .post(url)
            .json(&embed::body(message))
            .send()
            .await;
        match answer {
            Ok(response) => self.judge(webhook, response, now).await,
            // The URL holds the token: it must not show in an error.
            Err(e) => Err(SendError::Retry {
                after: None,
                error: format!("Discord cannot be reached: {}", why(&e.without_url())),
            }),
        }
    }

    /// Asks Discord for the webhook, which posts nothing.
    ///
    /// # Errors
    /// What Discord says, without the token.
    pub async fn check(&self, webhook: &Webhook) -> Result<(), String> {
        let answer = self.client.get(self.url(webhook)).send().await;
        let status = answer
            .map_err(|e| format!("Discord cannot be reached: {}", why(&e.without_url())))?
            .status();
        match status.as_u16() {
            200..=299 => Ok(()),
            401 | 403 | 404 => Err("Discord does not know this webhook any more.".into()),
            code => Err(format!("Discord answers {code}.")),
        }
    }

    /// The webhook's own address. It holds the token.
    fn url(&self, webhook: &Webhook) -> String {
        format!(
            "{}/webhooks/{}/{}",
            self.api.as_str().trim_end_matches('/'),
            webhook.id,
            webhook.token.expose_secret()
        )
    }

    async fn judge(
        &self,
        webhook: &Webhook,
        response: Response,
        now: DateTime<Utc>,
    ) -> Result<Receipt, SendError> {
        let status = response.status();
        let header = |name: &str| response.headers().get(name)?.to_str().ok();
        let number = |name: &str| header(name)?.parse().ok().filter(|n: &f64| n.is_finite());
        let retry_after = number("retry-after");
        let reset = number("x-ratelimit-reset-after");
        let spent = header("x-ratelimit-remaining") == Some("0");
        let says_global = header("x-ratelimit-global").is_some();
        let text = response.text().await.unwrap_or_default();
        let text = text.replace(webhook.token.expose_secret(), "…");
        let json: Value = serde_json::from_str(&text).unwrap_or_default();
        let answer = cut(&format!("{} {}", status.as_u16(), text.trim()), MAX_ANSWER);
        if status.is_success() {
            if let (true, Some(seconds)) = (spent, reset) {
                self.pause(&webhook.id, seconds, now);
            }
            let id = json["id"].as_str().unwrap_or_default();
            return Ok(Receipt {
                answer: format!("{} {id}", status.as_u16()).trim().to_owned(),
            });
        }
        let code = json["code"].as_i64().unwrap_or_default();
        match status {
            StatusCode::TOO_MANY_REQUESTS => {
                let seconds = json["retry_after"].as_f64().or(retry_after).unwrap_or(5.0);
                // Without Discord's JSON it is the wall in front of it that refuses us, whatever the webhook.
                let is_global =
                    says_global || json["global"].as_bool().unwrap_or(!json.is_object());
                let scope = if is_global { "" } else { webhook.id.as_str() };
                let after = self.pause(scope, seconds, now);
                Err(SendError::Retry {
                    after: Some(after),
                    error: answer,
                })
            }
            // Discord itself says so; a proxy's 401 or 404 says nothing about the webhook.
            StatusCode::NOT_FOUND if code == UNKNOWN_WEBHOOK => Err(SendError::Disable(answer)),
            StatusCode::UNAUTHORIZED if code == INVALID_TOKEN => Err(SendError::Disable(answer)),
            status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
                Err(SendError::Retry {
                    after: None,
                    error: answer,
                })
            }
            _ => Err(SendError::Fail(answer)),
        }
    }

    fn pause_left(&self, id: &str, now: DateTime<Utc>) -> Option<Duration> {
        let pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        let end = pauses.get(id).max(pauses.get(""))?;
        (*end - now).to_std().ok().filter(|left| !left.is_zero())
    }

    fn pause(&self, id: &str, seconds: f64, now: DateTime<Utc>) -> Duration {
        // A wait of nothing would be tried again without end.
        let seconds = seconds.clamp(MIN_PAUSE, MAX_PAUSE);
        let after = Duration::from_secs_f64(seconds);
        let mut pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        pauses.retain(|_, end| *end > now);
        let end = now + TimeDelta::from_std(after).unwrap_or_default();
        let longest = pauses.entry(id.to_owned()).or_insert(end);
        *longest = end.max(*longest);
        after
    }
}

/// Why there was no answer.
fn why(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        format!("no answer within {} s", TIMEOUT.as_secs())
    } else {
        crate::error::cause(error)
    }
}
