//! Targets of a channel: what everybody who manages channels may see, and the sealed secret beside it.

use entity::channel_target;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    error::Result,
    locale::Text,
    notify::{Mailbox, Target, Webhook, mail::Security},
    secrets::Secrets,
    text,
};

/// Most mail recipients of a target.
const MAX_RECIPIENTS: usize = 20;

/// The part of a target that is no secret, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum TargetSettings {
    /// A Discord webhook; its token is the secret.
    Discord {
        /// Discord's id of the webhook.
        webhook: String,
        /// Id of the thread to write into.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<String>,
    },
    /// Mailboxes; the server's password is the secret.
    Mail {
        /// SMTP server.
        host: String,
        /// Its port.
        port: u16,
        /// How the connection is protected.
        security: Security,
        /// Name to sign in with.
        username: Option<String>,
        /// Who it is from.
        sender: String,
        /// Who it is for.
        recipients: Vec<String>,
    },
}

/// A target before it is stored.
#[derive(Clone, Debug)]
pub struct NewTarget {
    /// What may be seen.
    pub settings: TargetSettings,
    /// What may not.
    pub secret: Option<SecretString>,
}

impl TargetSettings {
    /// Reads the stored form.
    ///
    /// # Errors
    /// A row that an older or newer Porthole wrote in another form.
    pub fn stored(json: &serde_json::Value) -> Result<Self> {
        Ok(serde_json::from_value(json.clone()).map_err(anyhow::Error::from)?)
    }

    /// Enough to recognise the target, too little to use it.
    pub fn hint(&self) -> String {
        match self {
            Self::Discord { webhook, .. } => {
                format!("Discord …{}", &webhook[webhook.len().saturating_sub(4)..])
            }
            Self::Mail {
                host, recipients, ..
            } => {
                format!("{} ({host})", recipients.join(", "))
            }
        }
    }
}

impl NewTarget {
    /// A Discord webhook from its URL.
    ///
    /// # Errors
    /// A sentence that says where to find the URL.
    pub fn discord(url: &str) -> Result<Self, Text> {
        let webhook = Webhook::parse(url)?;
        Ok(Self {
            settings: TargetSettings::Discord {
                webhook: webhook.id,
                thread: webhook.thread,
            },
            secret: Some(webhook.token),
        })
    }

    /// Mailboxes, checked.
    ///
    /// # Errors
    /// The field and a sentence that says how to put it right.
    pub fn mail(mailbox: Mailbox) -> Result<Self, (&'static str, Text)> {
        let host = mailbox.host.trim().to_owned();
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        if host.is_empty() || host.len() > 253 || !host.chars().all(allowed) {
            return Err((
                "host",
                text!(
                    "Name the mail server, such as smtp.gmail.com.",
                    "smtp.gmail.com 같은 메일 서버 이름을 쓰세요."
                ),
            ));
        }
        let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1" | "[::1]");
        if mailbox.security == Security::None && !is_here {
            return Err((
                "security",
                text!(
                    "Without TLS the password could be read on the way: use STARTTLS or TLS. NONE is only for a server on this machine.",
                    "TLS가 없으면 비밀번호가 도중에 드러날 수 있습니다. STARTTLS나 TLS를 쓰세요. NONE은 이 기기의 서버에만 쓸 수 있습니다."
                ),
            ));
        }
        if mailbox.port == 0 {
            return Err((
                "port",
                text!(
                    "Use 587 for STARTTLS or 465 for TLS.",
                    "STARTTLS는 587, TLS는 465를 쓰세요."
                ),
            ));
        }
        let is_address = |text: &str| text.parse::<lettre::message::Mailbox>().is_ok();
        if !is_address(&mailbox.sender) || mailbox.sender.chars().any(char::is_control) {
            return Err((
                "sender",
                text!(
                    "Write the sender like porthole@example.org.",
                    "보내는 사람을 porthole@example.org처럼 쓰세요."
                ),
            ));
        }
        if mailbox.recipients.is_empty() || mailbox.recipients.len() > MAX_RECIPIENTS {
            return Err((
                "recipients",
                text!(
                    "Name 1 to {MAX_RECIPIENTS} recipients.",
                    "받는 사람을 1~{MAX_RECIPIENTS}명 쓰세요."
                ),
            ));
        }
        if let Some(wrong) = mailbox
            .recipients
            .iter()
            .find(|r| !is_address(r) || r.chars().any(char::is_control))
        {
            return Err((
                "recipients",
                text!(
                    "{wrong} is not a mail address.",
                    "{wrong}은(는) 메일 주소가 아닙니다."
                ),
            ));
        }
        let blank = |text: &String| text.trim().is_empty();
        let username = mailbox.username.filter(|name| !blank(name));
        let password = mailbox
            .password
            .filter(|secret| !secret.expose_secret().is_empty());
        if username.is_some() != password.is_some() {
            return Err((
                "password",
                text!(
                    "Give both the user name and the password, or neither.",
                    "사용자 이름과 비밀번호를 둘 다 쓰거나 둘 다 비우세요."
                ),
            ));
        }
        Ok(Self {
            settings: TargetSettings::Mail {
                host,
                port: mailbox.port,
                security: mailbox.security,
                username,
                sender: mailbox.sender.trim().to_owned(),
                recipients: mailbox.recipients,
            },
            secret: password,
        })
    }

    /// Where to send.
    pub fn target(self) -> Target {
        let secret = self.secret;
        match self.settings {
            TargetSettings::Discord { webhook, thread } => Target::Discord(Webhook {
                id: webhook,
                token: secret.unwrap_or_default(),
                thread,
            }),
            TargetSettings::Mail {
                host,
                port,
                security,
                username,
                sender,
                recipients,
            } => Target::Mail(Mailbox {
                host,
                port,
                security,
                username,
                password: secret,
                sender,
                recipients,
            }),
        }
    }
}

/// What is said of a target that cannot be opened.
pub const SEALED_ELSEWHERE: &str =
    "The secret of this target was sealed with another key file: enter it again.";

/// Opens a stored target; `None` when its secret was sealed with another key.
///
/// # Errors
/// A row that an older or newer Porthole wrote in another form.
pub fn open(secrets: &Secrets, row: &channel_target::Model) -> Result<Option<NewTarget>> {
    let settings = TargetSettings::stored(&row.settings)?;
    let secret = match &row.secret {
        None => None,
        Some(sealed) => match secrets.open(row.id.as_bytes(), sealed) {
            None => return Ok(None),
            opened => opened,
        },
    };
    Ok(Some(NewTarget { settings, secret }))
}

/// Seals a target's secret for the row with this id.
pub fn seal(secrets: &Secrets, id: Uuid, target: &NewTarget) -> Option<Vec<u8>> {
    target
        .secret
        .as_ref()
        .map(|secret| secrets.seal(id.as_bytes(), secret))
}
