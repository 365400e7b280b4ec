//! Discord webhooks, within Discord's limits.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Response, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;

use super::{
    Receipt, SendError,
    message::{Message, Tone, cut},
};

/// How long Discord may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Longest title of an embed.
const MAX_TITLE: usize = 256;
/// Longest description of an embed; Discord allows 4096, and 6000 over everything.
const MAX_DESCRIPTION: usize = 2_800;
/// Longest value of a field.
const MAX_FIELD: usize = 1_024;
/// Longest name of a field.
const MAX_FIELD_NAME: usize = 256;
/// Most facts; with remedy and evidence at most Discord's 25 fields.
const MAX_FACTS: usize = 23;
/// Characters over all parts of all embeds.
const MAX_TOTAL: usize = 6_000;
/// Longest answer that is kept.
const MAX_ANSWER: usize = 500;

/// A webhook: its id, and the token that lets anybody write to it.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Discord's id, digits.
    pub id: String,
    /// The secret part of its URL.
    pub token: SecretString,
}

impl Webhook {
    /// Reads a webhook's URL, such as `https://discord.com/api/webhooks/123/abc`.
    ///
    /// # Errors
    /// Says what the URL must look like; never repeats it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const ADVICE: &str = "This is not the URL of a Discord webhook. In Discord: channel settings, Integrations, Webhooks, Copy Webhook URL. It begins with https://discord.com/api/webhooks/.";
        let url = Url::parse(text.trim()).map_err(|_| ADVICE)?;
        let hosts = ["discord.com", "discordapp.com"];
        let host = url.host_str().unwrap_or_default();
        let bare = host
            .strip_prefix("ptb.")
            .or_else(|| host.strip_prefix("canary."))
            .unwrap_or(host);
        let is_plain =
            url.username().is_empty() && url.password().is_none() && url.port().is_none();
        if url.scheme() != "https" || !hosts.contains(&bare) || !is_plain {
            return Err(ADVICE);
        }
        let mut parts: Vec<&str> = url.path_segments().ok_or(ADVICE)?.collect();
        if parts.last() == Some(&"") {
            parts.pop();
        }
        if parts.len() == 5 && is_version(parts[1]) {
            parts.remove(1);
        }
        let ["api", "webhooks", id, token] = parts[..] else {
            return Err(ADVICE);
        };
        let is_id = (15..=22).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit());
        let is_token = (20..=200).contains(&token.len())
            && token
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        if !is_id || !is_token {
            return Err(ADVICE);
        }
        Ok(Self {
            id: id.to_owned(),
            token: token.to_owned().into(),
        })
    }
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

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
        let url = format!(
            "{}/webhooks/{}/{}?wait=true",
            self.api.as_str().trim_end_matches('/'),
            webhook.id,
            webhook.token.expose_secret()
        );
        let answer = self.client.post(url).json(&body(message)).send().await;
        match answer {
            Ok(response) => self.judge(webhook, response, now).await,
            // The URL holds the token: it must not show in an error.
            Err(e) => Err(SendError::Retry {
                after: None,
                error: format!("Discord cannot be reached: {}", cause(&e.without_url())),
            }),
        }
    }

    async fn judge(
        &self,
        webhook: &Webhook,
        response: Response,
        now: DateTime<Utc>,
    ) -> Result<Receipt, SendError> {
        let status = response.status();
        let retry_after = response
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.parse::<f64>().ok());
        let spent = response
            .headers()
            .get("x-ratelimit-remaining")
            .is_some_and(|left| left.as_bytes() == b"0");
        let reset = response
            .headers()
            .get("x-ratelimit-reset-after")
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.parse::<f64>().ok());
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
                let is_global = json["global"].as_bool().unwrap_or_default();
                let scope = if is_global { "" } else { webhook.id.as_str() };
                let after = self.pause(scope, seconds, now);
                Err(SendError::Retry {
                    after: Some(after),
                    error: answer,
                })
            }
            // Unknown webhook, or a token that is not its own.
            StatusCode::NOT_FOUND if code == 10_015 => Err(SendError::Disable(answer)),
            StatusCode::UNAUTHORIZED => Err(SendError::Disable(answer)),
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
        let after = Duration::try_from_secs_f64(seconds.clamp(0.0, 3_600.0)).unwrap_or_default();
        let mut pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        pauses.retain(|_, end| *end > now);
        pauses.insert(
            id.to_owned(),
            now + TimeDelta::from_std(after).unwrap_or_default(),
        );
        after
    }
}

fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} s", TIMEOUT.as_secs());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

/// The request's body: one embed, cut so that Discord takes it, and nobody is pinged by what a pod says.
fn body(message: &Message) -> Value {
    let fence = "```\n\n```".len();
    let mut left = MAX_TOTAL - fence - message.evidence_label().chars().count();
    let mut take = |text: &str, max: usize| {
        let text = cut(text, max.min(left));
        left -= text.chars().count();
        text
    };
    let title = take(&message.title, MAX_TITLE);
    let footer = take(&message.mark, MAX_TITLE);
    let description = take(&message.cause, MAX_DESCRIPTION);
    let remedy = message.numbered_remedy();
    let evidence = message.evidence.join("\n").replace("```", "'''");
    let mut fields = Vec::new();
    for (name, value) in message.facts.iter().take(MAX_FACTS) {
        fields.push(json!({
            "name": take(name, MAX_FIELD_NAME),
            "value": take(value, MAX_FIELD),
            "inline": true,
        }));
    }
    if !remedy.is_empty() {
        fields.push(json!({
            "name": take(message.remedy_label(), MAX_FIELD_NAME),
            "value": take(&remedy, MAX_FIELD),
        }));
    }
    if !evidence.is_empty() {
        let quoted = take(&evidence, MAX_FIELD - fence);
        fields.push(json!({
            "name": message.evidence_label(),
            "value": format!("```\n{quoted}\n```"),
        }));
    }
    // Discord refuses empty names and values.
    fields.retain(|f| f["name"] != "" && f["value"] != "" && f["value"] != "```\n\n```");
    let mut embed = json!({
        "title": title,
        "description": description,
        "color": color(message.tone),
        "fields": fields,
        "footer": { "text": footer },
        "timestamp": message.at.to_rfc3339(),
    });
    if let Some(link) = &message.link {
        embed["url"] = link.as_str().into();
    }
    json!({ "embeds": [embed], "allowed_mentions": { "parse": [] } })
}

fn color(tone: Tone) -> u32 {
    match tone {
        Tone::Critical => 0x00b0_221e,
        Tone::Warning => 0x00a8_6800,
        Tone::Good => 0x001b_6a3d,
        Tone::Info => 0x000b_5d76,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "abcdefghijklmnopqrstuvwxyz-_0123456789";

    #[test]
    fn only_real_webhook_urls_are_taken() {
        for base in [
            "discord.com/api",
            "ptb.discord.com/api",
            "canary.discordapp.com/api/v10",
        ] {
            let parsed = Webhook::parse(&format!(
                "https://{base}/webhooks/123456789012345678/{TOKEN}"
            ));
            assert_eq!(
                parsed.map(|w| w.id),
                Ok("123456789012345678".into()),
                "{base}"
            );
        }
        for wrong in [
            "",
            "hello",
            "http://discord.com/api/webhooks/123456789012345678/TOKEN",
            "https://discord.com.evil.example/api/webhooks/123456789012345678/TOKEN",
            "https://evil@discord.com/api/webhooks/123456789012345678/TOKEN",
            "https://discord.com:444/api/webhooks/123456789012345678/TOKEN",
            "https://discord.com/api/webhooks/12/TOKEN",
            "https://discord.com/api/webhooks/123456789012345678/../TOKEN",
            "https://discord.com/api/webhooks/123456789012345678/short",
            "https://discord.com/channels/1/2",
        ] {
            assert!(
                Webhook::parse(&wrong.replace("TOKEN", TOKEN)).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_message_of_any_length_stays_within_the_limits() {
        let long = "파드 🚢 ".repeat(2_000);
        let message = Message {
            id: uuid::Uuid::nil(),
            thread: None,
            starts_thread: true,
            locale: super::super::Locale::Ko,
            tone: Tone::Critical,
            title: long.clone(),
            cause: long.clone(),
            remedy: vec![long.clone(); 9],
            facts: vec![(long.clone(), long.clone()); 30],
            evidence: vec![long.clone(); 9],
            link: None,
            mark: long,
            at: DateTime::UNIX_EPOCH,
        };
        let body = body(&message);
        let embed = &body["embeds"][0];
        let length = |v: &Value| v.as_str().map_or(0, |s| s.chars().count());
        let fields = embed["fields"].as_array().expect("fields");
        let total = length(&embed["title"])
            + length(&embed["description"])
            + length(&embed["footer"]["text"])
            + fields
                .iter()
                .map(|f| length(&f["name"]) + length(&f["value"]))
                .sum::<usize>();
        assert!(total <= 6_000, "{total}");
        assert!(length(&embed["title"]) <= 256 && length(&embed["description"]) <= 4_096);
        assert!(fields.len() <= 25);
        assert!(
            fields
                .iter()
                .all(|f| (1..=256).contains(&length(&f["name"]))
                    && (1..=1_024).contains(&length(&f["value"])))
        );
        assert_eq!(body["allowed_mentions"], json!({ "parse": [] }));
    }
}
