//! Sending one message to one target. Knows no database and no incident: it takes words and an address.
//!
//! A new kind of target is a file here, a variant and an arm below, and an input in `alerts/`.

pub mod discord;
mod embed;
mod letter;
pub mod mail;
pub mod message;
pub mod webhook;

use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use lettre::transport::smtp::client::Certificate;

pub use self::{mail::Mailbox, message::Message, webhook::Webhook};
use crate::config::Config;

/// Where a message goes. `Debug` shows no secrets.
#[derive(Clone, Debug)]
pub enum Target {
    /// A Discord webhook.
    Discord(Webhook),
    /// People's mailboxes, by an SMTP server.
    Mail(Mailbox),
}

/// The provider took the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What it said.
    pub answer: String,
}

/// The provider did not take it. Each carries its words, without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendError {
    /// Not now; `after` when the provider named a time.
    Retry {
        /// Earliest time for the next try.
        after: Option<Duration>,
        /// What went wrong.
        error: String,
    },
    /// Never, with this message.
    Fail(String),
    /// Never, with any message: the target is gone or its secret is wrong.
    Disable(String),
}

impl SendError {
    /// The provider's words.
    pub fn text(&self) -> &str {
        match self {
            Self::Retry { error, .. } | Self::Fail(error) | Self::Disable(error) => error,
        }
    }
}

/// Sends messages. Cloning is cheap.
#[derive(Clone)]
pub struct Notifier {
    discord: discord::Sender,
    mail: mail::Sender,
}

impl Notifier {
    /// A notifier with these settings.
    ///
    /// # Errors
    /// Names the CA file when it is not one.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let mail_ca = match &config.mail_ca_file {
            None => Vec::new(),
            Some(path) => {
                let pem = std::fs::read(path).with_context(|| {
                    format!("cannot read PORTHOLE_MAIL_CA_FILE {}", path.display())
                })?;
                let certificate = Certificate::from_pem(&pem).map_err(|_| {
                    anyhow::anyhow!(
                        "PORTHOLE_MAIL_CA_FILE {} holds no PEM certificate",
                        path.display()
                    )
                })?;
                vec![certificate]
            }
        };
        Ok(Self {
            discord: discord::Sender::new(config.discord_api.clone())?,
            mail: mail::Sender::new(mail_ca, config.name.clone()),
        })
    }

    /// Looks whether a target can be reached and takes its secret, without sending anything.
    ///
    /// # Errors
    /// What is wrong, without secrets.
    pub async fn check(&self, target: &Target) -> Result<(), String> {
        match target {
            Target::Discord(webhook) => self.discord.check(webhook).await,
            Target::Mail(mailbox) => self.mail.check(mailbox).await,
        }
    }

    /// Sends one message to one target.
    ///
    /// # Errors
    /// What to do next is said by the kind of the error.
    pub async fn send(
        &self,
        target: &Target,
        message: &Message,
        now: DateTime<Utc>,
    ) -> Result<Receipt, SendError> {
        match target {
            Target::Discord(webhook) => self.discord.send(webhook, message, now).await,
            Target::Mail(mailbox) => self.mail.send(mailbox, message).await,
        }
    }
}
