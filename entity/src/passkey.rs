//! Passkeys: what signs somebody in without a password.

use sea_orm::entity::prelude::*;

/// A row of `passkeys`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkeys")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose.
    pub user_id: Uuid,
    /// The authenticator's name for it, unique.
    pub credential_id: Vec<u8>,
    /// COSE key, as the authenticator wrote it.
    pub public_key: Vec<u8>,
    /// The authenticator's counter at the last use; 0 for those that do not count.
    pub sign_count: i64,
    /// Name its owner gave it.
    pub name: String,
    /// When it was added.
    pub created_at: DateTimeUtc,
    /// Last sign-in with it.
    pub last_used_at: Option<DateTimeUtc>,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
