//! Where alerts go.

use sea_orm::entity::prelude::*;

/// A row of `channels`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channels")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Name shown to admins; unique.
    #[sea_orm(unique)]
    pub name: String,
    /// Language of its messages: `en` or `ko`.
    pub locale: String,
    /// False while nothing is sent there.
    pub enabled: bool,
    /// Grows with each edit.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
