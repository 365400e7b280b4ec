//! How often containers had restarted when a cluster was looked at last: a crash while nobody looked is seen by it.

use sea_orm::entity::prelude::*;

/// A row of `restarts`. There is none for a cluster that was never looked at.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "restarts")]
pub struct Model {
    /// Name of the cluster.
    #[sea_orm(primary_key, auto_increment = false)]
    pub cluster: String,
    /// Restarts by `POD-UID/CONTAINER`; those that never restarted are left out.
    #[sea_orm(column_type = "JsonBinary")]
    pub counts: Json,
}

/// Nothing belongs to it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
