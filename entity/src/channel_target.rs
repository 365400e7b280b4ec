//! The webhooks and mailboxes of a channel.

use sea_orm::entity::prelude::*;

/// A row of `channel_targets`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "channel_targets")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The channel.
    pub channel_id: Uuid,
    /// Order within the channel.
    pub position: i32,
    /// What everybody who manages channels may see: kind, host, recipients.
    pub settings: Json,
    /// The webhook's token or the mailbox's password, sealed and bound to this row's id.
    pub secret: Option<Vec<u8>>,
    /// Why nothing is sent there any more, in the provider's words.
    pub disabled_reason: Option<String>,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
