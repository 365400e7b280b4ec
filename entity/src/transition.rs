//! The steps of an incident that are told.

use sea_orm::entity::prelude::*;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum Kind {
    /// It began.
    #[sea_orm(string_value = "opened")]
    Opened,
    /// It got worse, or crossed another threshold.
    #[sea_orm(string_value = "changed")]
    Changed,
    /// It is over, and the object is well.
    #[sea_orm(string_value = "recovered")]
    Recovered,
    /// It is over, because the object is gone.
    #[sea_orm(string_value = "removed")]
    Removed,
}

/// A row of `transitions`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "transitions")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The incident.
    pub incident_id: Uuid,
    /// Number within the incident, from 1.
    pub seq: i32,
    /// What happened.
    pub kind: Kind,
    /// When.
    pub at: DateTimeUtc,
    /// The finding as it was then.
    pub finding: Json,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
