//! Rights ticked for a group.

use crate::user_right::Right;
use sea_orm::entity::prelude::*;

/// A row of `group_rights`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "group_rights")]
pub struct Model {
    /// The group.
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    /// The right.
    #[sea_orm(primary_key, auto_increment = false)]
    pub right: Right,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
