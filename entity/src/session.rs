//! Signed-in browsers.

use sea_orm::entity::prelude::*;

/// A row of `sessions`: one signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// UUIDv7; the access token's `sid`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose session it is.
    pub user_id: Uuid,
    /// SHA-256 of the refresh secret in use.
    pub refresh_hash: Vec<u8>,
    /// SHA-256 of the refresh secret before the last rotation: accepted for a short grace, a theft after it.
    pub previous_hash: Option<Vec<u8>>,
    /// When the refresh secret was last rotated.
    pub rotated_at: DateTimeUtc,
    /// Last use, within five minutes; `None` before the first.
    pub last_seen_at: Option<DateTimeUtc>,
    /// When the browser signed in.
    pub created_at: DateTimeUtc,
    /// Absolute end of the session.
    pub expires_at: DateTimeUtc,
    /// The browser as it named itself, shortened.
    pub user_agent: String,
    /// Address it signed in from.
    pub address: String,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
