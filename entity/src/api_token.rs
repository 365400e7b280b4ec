//! Keys for programs.

use sea_orm::entity::prelude::*;

/// A row of `api_tokens`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_tokens")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its owner.
    pub user_id: Uuid,
    /// Name its owner gave it.
    pub name: String,
    /// SHA-256 of the token.
    #[sea_orm(unique)]
    pub hash: Vec<u8>,
    /// Its first characters.
    pub hint: String,
    /// Scopes, separated by blanks.
    pub scopes: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it ends.
    pub expires_at: DateTimeUtc,
    /// Last use.
    pub last_used_at: Option<DateTimeUtc>,
    /// Client address of the last use.
    pub last_used_from: Option<String>,
    /// Start of the hour its budget is counted in.
    pub window_started_at: DateTimeUtc,
    /// Spent since then.
    pub spent: i64,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
