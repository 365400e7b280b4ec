//! How often somebody tried to sign in during the current minute.

use sea_orm::entity::prelude::*;

/// A row of `sign_in_windows`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_windows")]
pub struct Model {
    /// `address:…` or `account:…`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub bucket: String,
    /// Start of the window.
    pub started_at: DateTimeUtc,
    /// Attempts in it.
    pub attempts: i32,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
