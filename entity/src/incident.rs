//! What went wrong, from when it was noticed to when it was over.

use sea_orm::entity::prelude::*;

/// How an incident stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum State {
    /// Still there.
    #[sea_orm(string_value = "open")]
    Open,
    /// Over: seen to be well for the quiet period.
    #[sea_orm(string_value = "recovered")]
    Recovered,
    /// Over: the object is gone or was scaled to zero.
    #[sea_orm(string_value = "removed")]
    Removed,
}

/// A row of `incidents`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "incidents")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Number people use; grows.
    #[sea_orm(unique)]
    pub number: i32,
    /// What it is about, as text, while it is open; unique, so that one problem is one open incident.
    #[sea_orm(unique)]
    pub open_key: Option<String>,
    /// How it stands.
    pub state: State,
    /// Name of the cluster.
    pub cluster: String,
    /// `PODS`, `NODES`, `CERTIFICATES`, `HOSTS` or `APPLICATIONS`: the source that may close it.
    pub source: String,
    /// Namespace of the object.
    pub namespace: Option<String>,
    /// Name of the workload or certificate.
    pub owner: Option<String>,
    /// The newest finding.
    pub finding: Json,
    /// Number of the newest transition.
    pub seq: i32,
    /// When the problem began.
    pub opened_at: DateTimeUtc,
    /// When the row last changed.
    pub updated_at: DateTimeUtc,
    /// When it was over.
    pub closed_at: Option<DateTimeUtc>,
    /// Since when the object looks well, while the quiet period runs.
    pub recovering_since: Option<DateTimeUtc>,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
