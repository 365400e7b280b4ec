//! What was done, by whom. Never edited; names are kept as they were.

use sea_orm::entity::prelude::*;

/// A row of `audit_events`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// When.
    pub at: DateTimeUtc,
    /// What: the action's name in the API.
    pub action: String,
    /// `DONE` or `DENIED`.
    pub outcome: String,
    /// The account, which may be gone.
    pub actor_id: Option<Uuid>,
    /// Its name then.
    pub actor: Option<String>,
    /// Name of the API token that was used.
    pub token: Option<String>,
    /// Client address.
    pub address: String,
    /// Name of what it was done to.
    pub target: Option<String>,
    /// More, without secrets.
    pub detail: Option<String>,
    /// The request, as in the log.
    pub request_id: Option<String>,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
