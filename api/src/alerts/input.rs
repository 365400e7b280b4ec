//! Inputs and payloads of the channels' mutations.

use async_graphql::{ID, InputObject, OneofObject, SimpleObject};

use super::{
    graphql::{Channel, Delivery},
    target::NewTarget,
};
use crate::{
    error::{Error, Result},
    graphql::UserError,
    locale::{Locale, Text},
    notify::{Mailbox, mail::Security},
};

/// A Discord webhook.
#[derive(InputObject)]
pub struct DiscordTargetInput {
    /// The webhook's URL, as Discord copies it. It is never shown again.
    #[graphql(secret)]
    pub webhook_url: String,
}

/// Mailboxes, and the server that takes mail for them. The defaults are Gmail's.
#[derive(InputObject)]
pub struct MailTargetInput {
    /// SMTP server.
    #[graphql(default = "smtp.gmail.com")]
    pub host: String,
    /// Its port.
    #[graphql(default = 587)]
    pub port: i32,
    /// How the connection is protected.
    #[graphql(default_with = "Security::Starttls")]
    pub security: Security,
    /// Name to sign in with; leave it out for a server that wants none.
    pub username: Option<String>,
    /// Password; for Gmail an app password. It is never shown again.
    #[graphql(secret)]
    pub password: Option<String>,
    /// Who it is from.
    pub sender: String,
    /// Who it is for, 1 to 20.
    pub recipients: Vec<String>,
}

/// One target of a channel: exactly one of the fields.
#[derive(OneofObject)]
pub enum ChannelTargetInput {
    /// A Discord webhook.
    Discord(DiscordTargetInput),
    /// Mailboxes.
    Mail(MailTargetInput),
    /// Id of a stored target that stays as it is, secret included.
    Keep(ID),
}

impl ChannelTargetInput {
    /// Checks a new target; `None` for one to keep.
    ///
    /// # Errors
    /// BAD_USER_INPUT at the field.
    pub fn parse(&self, index: usize) -> Result<Option<NewTarget>> {
        let at = |kind: &str, field: &str, message: Text| {
            let path = ["input", "targets", &index.to_string(), kind, field];
            Error::Invalid(message, path.map(str::to_owned).to_vec())
        };
        match self {
            Self::Keep(_) => Ok(None),
            Self::Discord(input) => NewTarget::discord(&input.webhook_url)
                .map(Some)
                .map_err(|message| at("discord", "webhookUrl", message)),
            Self::Mail(input) => {
                let mailbox = Mailbox {
                    host: input.host.clone(),
                    port: u16::try_from(input.port).unwrap_or_default(),
                    security: input.security,
                    username: input.username.clone(),
                    password: input.password.clone().map(Into::into),
                    sender: input.sender.trim().to_owned(),
                    recipients: input
                        .recipients
                        .iter()
                        .map(|r| r.trim().to_owned())
                        .collect(),
                };
                NewTarget::mail(mailbox)
                    .map(Some)
                    .map_err(|(field, message)| at("mail", field, message))
            }
        }
    }
}

/// A new channel.
#[derive(InputObject)]
pub struct CreateChannelInput {
    /// Name shown to admins; unique.
    pub name: String,
    /// Language of its messages.
    #[graphql(default_with = "Locale::En")]
    pub locale: Locale,
    /// False to send nothing there yet.
    #[graphql(default = true)]
    pub enabled: bool,
    /// Where its messages go, 1 to 10.
    pub targets: Vec<ChannelTargetInput>,
}

/// Answer of `createChannel`.
#[derive(SimpleObject)]
pub struct CreateChannelPayload {
    /// The channel; null when none was made.
    pub channel: Option<Channel>,
    /// Why none was made.
    pub errors: Vec<UserError>,
}

/// An edit of a channel; what is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateChannelInput {
    /// The channel.
    pub id: ID,
    /// New name.
    pub name: Option<String>,
    /// New language.
    pub locale: Option<Locale>,
    /// On or off.
    pub enabled: Option<bool>,
    /// All its targets, in order; `keep` those that stay.
    pub targets: Option<Vec<ChannelTargetInput>>,
    /// The version you saw; another one is a CONFLICT.
    pub expected_version: i32,
}

/// Answer of `updateChannel`.
#[derive(SimpleObject)]
pub struct UpdateChannelPayload {
    /// The channel; null when nothing was changed.
    pub channel: Option<Channel>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// A channel to delete.
#[derive(InputObject)]
pub struct DeleteChannelInput {
    /// The channel.
    pub id: ID,
}

/// Answer of `deleteChannel`.
#[derive(SimpleObject)]
pub struct DeleteChannelPayload {
    /// Id of the channel that is gone; null when nothing was deleted.
    pub deleted_id: Option<ID>,
    /// Why nothing was deleted.
    pub errors: Vec<UserError>,
}

/// What to test: a stored channel, or targets that are not saved yet (stored ones by `keep`).
#[derive(InputObject)]
pub struct TestChannelInput {
    /// A stored channel, whose targets are tested as they are stored.
    pub channel_id: Option<ID>,
    /// Targets to test before they are saved.
    pub targets: Option<Vec<ChannelTargetInput>>,
    /// Language of the test message.
    #[graphql(default_with = "Locale::En")]
    pub locale: Locale,
}

/// What became of a test message.
#[derive(SimpleObject)]
pub struct TestResult {
    /// The target, recognisable.
    pub target_hint: String,
    /// True when the provider took the message.
    pub delivered: bool,
    /// The provider's answer, verbatim.
    pub answer: Option<String>,
}

/// Answer of `testChannel`.
#[derive(SimpleObject)]
pub struct TestChannelPayload {
    /// One for each target, in order.
    pub results: Vec<TestResult>,
    /// Why nothing was sent.
    pub errors: Vec<UserError>,
}

/// A dead delivery to try again.
#[derive(InputObject)]
pub struct RetryDeliveryInput {
    /// The delivery.
    pub id: ID,
}

/// Answer of `retryDelivery`.
#[derive(SimpleObject)]
pub struct RetryDeliveryPayload {
    /// The delivery; null when nothing was changed.
    pub delivery: Option<Delivery>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}
