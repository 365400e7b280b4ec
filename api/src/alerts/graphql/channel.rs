//! Channels and their targets.

use async_graphql::{ComplexObject, Context, ID, SimpleObject, Union};
use chrono::{DateTime, Utc};
use entity::{channel, channel_target};

use super::delivery::Delivery;
use crate::{
    alerts::{loader::AlertLoaders, target::TargetSettings},
    error::Result,
    graphql::NodeId,
    locale::Locale,
    notify::mail::Security,
};

/// Where alerts go.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct Channel {
    /// Opaque id.
    pub id: ID,
    /// Name shown to admins.
    name: String,
    /// False while nothing is sent there.
    enabled: bool,
    /// Language of its messages.
    locale: Locale,
    /// Grows with each edit.
    version: i32,
    /// When it was made.
    created_at: DateTime<Utc>,
    #[graphql(skip)]
    row_id: uuid::Uuid,
}

impl From<channel::Model> for Channel {
    fn from(row: channel::Model) -> Self {
        Self {
            id: NodeId::encode("Channel", row.id),
            name: row.name,
            enabled: row.enabled,
            locale: Locale::parse(&row.locale),
            version: row.version,
            created_at: row.created_at,
            row_id: row.id,
        }
    }
}

/// Fields that are looked up.
#[ComplexObject]
impl Channel {
    /// Its webhooks and mailboxes, in order.
    async fn targets(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ChannelTarget>> {
        let rows = ctx
            .data_unchecked::<AlertLoaders>()
            .targets(self.row_id)
            .await?;
        let targets: Result<Vec<_>> = rows.into_iter().map(ChannelTarget::from_row).collect();
        Ok(targets?)
    }

    /// Its newest delivery; null when nothing was ever to be sent.
    async fn last_delivery(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Delivery>> {
        let newest = ctx
            .data_unchecked::<AlertLoaders>()
            .newest_delivery(self.row_id)
            .await;
        let newest = newest.map(|row| row.map(|row| Delivery::from((*row).clone())));
        newest.map_err(Into::into).transpose()
    }
}

/// A webhook or mailboxes. Secrets are never shown.
#[derive(Union, Clone)]
pub enum ChannelTarget {
    /// A Discord webhook.
    Discord(DiscordTarget),
    /// Mailboxes.
    Mail(MailTarget),
}

/// A Discord webhook.
#[derive(SimpleObject, Clone)]
pub struct DiscordTarget {
    /// Opaque id.
    id: ID,
    /// Enough to recognise it, too little to use it.
    hint: String,
    /// Why nothing is sent there any more, in Discord's words; null while all is well.
    disabled_reason: Option<String>,
}

/// Mailboxes, and the server that takes mail for them.
#[derive(SimpleObject, Clone)]
pub struct MailTarget {
    /// Opaque id.
    id: ID,
    /// SMTP server.
    host: String,
    /// Its port.
    port: i32,
    /// How the connection is protected.
    security: Security,
    /// Name to sign in with.
    username: Option<String>,
    /// Who it is from.
    sender: String,
    /// Who it is for.
    recipients: Vec<String>,
    /// Why nothing is sent there any more, in the server's words; null while all is well.
    disabled_reason: Option<String>,
}

impl ChannelTarget {
    fn from_row(row: channel_target::Model) -> Result<Self> {
        let id = NodeId::encode("ChannelTarget", row.id);
        let disabled_reason = row.disabled_reason;
        let settings = TargetSettings::stored(&row.settings)?;
        let hint = settings.hint();
        Ok(match settings {
            TargetSettings::Discord { .. } => Self::Discord(DiscordTarget {
                id,
                hint,
                disabled_reason,
            }),
            TargetSettings::Mail {
                host,
                port,
                security,
                username,
                sender,
                recipients,
            } => Self::Mail(MailTarget {
                id,
                host,
                port: port.into(),
                security,
                username,
                sender,
                recipients,
                disabled_reason,
            }),
        })
    }
}
