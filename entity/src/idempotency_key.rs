//! Answers of creates that may be retried, kept for a day.

use sea_orm::entity::prelude::*;

/// A row of `idempotency_keys`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    /// Who sent the mutation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The client's `clientMutationId`, prefixed with the mutation's name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// What the first try made.
    pub result_id: Uuid,
    /// When the first try was answered.
    pub created_at: DateTimeUtc,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
