//! Rights ticked for a person.

use sea_orm::entity::prelude::*;

/// A right besides opening pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum Right {
    /// Sees the cluster.
    #[sea_orm(string_value = "cluster_view")]
    ClusterView,
    /// Reads what containers say.
    #[sea_orm(string_value = "logs_view")]
    LogsView,
    /// Writes notices.
    #[sea_orm(string_value = "notices_write")]
    NoticesWrite,
    /// Manages alert channels.
    #[sea_orm(string_value = "channels_manage")]
    ChannelsManage,
}

/// A row of `user_rights`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_rights")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The right.
    #[sea_orm(primary_key, auto_increment = false)]
    pub right: Right,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
