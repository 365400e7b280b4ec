//! The address of a Discord webhook.

use secrecy::SecretString;
use url::Url;

use crate::{locale::Text, text};

/// A webhook: its id, and the token that lets anybody write to it.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Discord's id, digits.
    pub id: String,
    /// The secret part of its URL.
    pub token: SecretString,
    /// Id of a thread of its channel to write into, digits.
    pub thread: Option<String>,
}

impl Webhook {
    /// Reads a webhook's URL, such as `https://discord.com/api/webhooks/123/abc`, with `?thread_id=456` for a thread.
    ///
    /// # Errors
    /// Says what the URL must look like; never repeats it.
    pub fn parse(text: &str) -> Result<Self, Text> {
        let url = Url::parse(text.trim()).map_err(|_| advice())?;
        let hosts = ["discord.com", "discordapp.com"];
        let host = url.host_str().unwrap_or_default();
        let bare = host
            .strip_prefix("ptb.")
            .or_else(|| host.strip_prefix("canary."))
            .unwrap_or(host);
        let is_plain =
            url.username().is_empty() && url.password().is_none() && url.port().is_none();
        if url.scheme() != "https" || !hosts.contains(&bare) || !is_plain {
            return Err(advice());
        }
        let mut parts: Vec<&str> = url.path_segments().ok_or_else(advice)?.collect();
        if parts.last() == Some(&"") {
            parts.pop();
        }
        if parts.len() == 5 && is_version(parts[1]) {
            parts.remove(1);
        }
        let ["api", "webhooks", id, token] = parts[..] else {
            return Err(advice());
        };
        let is_token = (20..=200).contains(&token.len())
            && token
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        if !is_id(id) || !is_token {
            return Err(advice());
        }
        let mut thread = None;
        for (name, value) in url.query_pairs() {
            match &*name {
                "thread_id" if is_id(&value) => thread = Some(value.into_owned()),
                "wait" => {}
                _ => return Err(advice()),
            }
        }
        Ok(Self {
            id: id.to_owned(),
            token: token.to_owned().into(),
            thread,
        })
    }
}

fn advice() -> Text {
    text!(
        "This is not the URL of a Discord webhook. In Discord: channel settings, Integrations, Webhooks, Copy Webhook URL. It begins with https://discord.com/api/webhooks/.",
        "Discord 웹훅 URL이 아닙니다. Discord에서 채널 설정, 연동, 웹후크, 웹후크 URL 복사를 누르세요. https://discord.com/api/webhooks/로 시작합니다."
    )
}

fn is_id(text: &str) -> bool {
    (15..=22).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
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
            "https://discord.com/api/webhooks/123456789012345678/TOKEN/slack",
            "https://discord.com/api/webhooks/123456789012345678/TOKEN?thread_id=../x",
            "https://discord.com/api/webhooks/123456789012345678/TOKEN?username=x",
        ] {
            assert!(
                Webhook::parse(&wrong.replace("TOKEN", TOKEN)).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn the_thread_of_a_url_is_kept() {
        let url = format!("https://discord.com/api/webhooks/123456789012345678/{TOKEN}");
        let thread = |url: &str| Webhook::parse(url).expect("a webhook").thread;
        assert_eq!(thread(&url), None);
        let with = format!("{url}?wait=true&thread_id=223456789012345678");
        assert_eq!(thread(&with).as_deref(), Some("223456789012345678"));
    }
}
