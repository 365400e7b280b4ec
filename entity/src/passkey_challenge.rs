//! Challenges that an authenticator has not answered yet. Each is deleted by its first answer.

use sea_orm::entity::prelude::*;

/// A row of `passkey_challenges`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkey_challenges")]
pub struct Model {
    /// SHA-256 of the challenge.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
    /// Who adds a passkey; `None` for a sign-in.
    pub user_id: Option<Uuid>,
    /// When it ends unanswered.
    pub expires_at: DateTimeUtc,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
