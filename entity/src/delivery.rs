//! The outbox: one message of one step to one target.

use sea_orm::entity::prelude::*;

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum State {
    /// Waits for its turn.
    #[sea_orm(string_value = "pending")]
    Pending,
    /// A worker holds it.
    #[sea_orm(string_value = "sending")]
    Sending,
    /// The provider took it.
    #[sea_orm(string_value = "delivered")]
    Delivered,
    /// The provider did not take it yet.
    #[sea_orm(string_value = "retrying")]
    Retrying,
    /// Given up: it reached nobody.
    #[sea_orm(string_value = "dead")]
    Dead,
}

/// A row of `deliveries`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The step.
    pub transition_id: Uuid,
    /// Its incident.
    pub incident_id: Uuid,
    /// Number of the step within the incident: an earlier one goes first.
    pub seq: i32,
    /// The target; empty once it was removed from its channel.
    pub target_id: Option<Uuid>,
    /// The channel; empty once it was deleted.
    pub channel_id: Option<Uuid>,
    /// What the target was called, for when it is gone.
    pub target_hint: String,
    /// How it stands.
    pub state: State,
    /// Tries so far, counted before each.
    pub attempts: i32,
    /// When it is due.
    pub next_attempt_at: DateTimeUtc,
    /// Until when the worker that claimed it may take.
    pub lease_until: Option<DateTimeUtc>,
    /// Grows with each claim: a worker that was too slow cannot settle.
    pub lease_token: i32,
    /// When the step was taken.
    pub created_at: DateTimeUtc,
    /// When the provider took it.
    pub delivered_at: Option<DateTimeUtc>,
    /// The provider's answer, verbatim but for secrets.
    pub error: Option<String>,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
