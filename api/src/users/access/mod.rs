//! Boxes: which page somebody may open, and what else they may do.
//!
//! A box is ticked for a person or for a group. What somebody may do is all of it together; admins may do everything,
//! and a page may be open to everybody. Boxes are read from the database with each request: an unticked one counts at
//! once, on every replica.

pub mod graphql;
pub mod group;
pub mod input;
pub mod loader;

use entity::{
    group_member, group_page, group_right, page,
    user::{self, Role},
    user_page,
    user_right::{self, Right},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QuerySelect,
    QueryTrait,
    sea_query::{OnConflict, SelectStatement},
};
use uuid::Uuid;

use crate::{error::Result, viewer::Viewer};

/// Whose box it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person's.
    User(Uuid),
    /// A group's: of everybody in it.
    Group(Uuid),
}

/// Which box it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Object {
    /// Opening a page, seeing its card and its alerts.
    Page(Uuid),
    /// Something else.
    Right(Right),
}

/// All rights of somebody, sorted.
///
/// # Errors
/// The database's.
pub async fn rights(db: &impl ConnectionTrait, user: &user::Model) -> Result<Vec<Right>> {
    if user.role == Role::Admin {
        return Ok(Right::iter().collect());
    }
    let own = user_right::Entity::find()
        .select_only()
        .column(user_right::Column::Right)
        .filter(user_right::Column::UserId.eq(user.id));
    let given = group_right::Entity::find()
        .select_only()
        .column(group_right::Column::Right)
        .filter(group_right::Column::GroupId.in_subquery(groups_of(user.id)));
    let mut both = own;
    QueryTrait::query(&mut both).union(sea_orm::sea_query::UnionType::Distinct, given.into_query());
    let mut rights: Vec<Right> = both.into_tuple().all(db).await?;
    rights.sort_unstable();
    Ok(rights)
}

/// What a page must be like for somebody to open it.
pub fn may_open(role: Role, user: Uuid) -> Condition {
    if role == Role::Admin {
        return Condition::all();
    }
    let own = user_page::Entity::find()
        .select_only()
        .column(user_page::Column::PageId)
        .filter(user_page::Column::UserId.eq(user));
    let given = group_page::Entity::find()
        .select_only()
        .column(group_page::Column::PageId)
        .filter(group_page::Column::GroupId.in_subquery(groups_of(user)));
    Condition::any()
        .add(page::Column::ForEveryone.eq(true))
        .add(page::Column::Id.in_subquery(own.into_query()))
        .add(page::Column::Id.in_subquery(given.into_query()))
}

/// What runs the pages that somebody may open: incidents there concern them.
///
/// # Errors
/// The database's.
pub async fn runs_in(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<Vec<String>> {
    let places = page::Entity::find()
        .select_only()
        .column(page::Column::RunsIn)
        .filter(may_open(viewer.role, viewer.user_id))
        .filter(page::Column::RunsIn.is_not_null());
    Ok(places.into_tuple().all(db).await?)
}

/// Ticks or unticks a box. Doing so twice is the same as once.
///
/// # Errors
/// The database's.
pub async fn set(
    txn: &impl ConnectionTrait,
    holder: Holder,
    object: Object,
    allowed: bool,
) -> Result<()> {
    use sea_orm::ActiveValue::Set;
    // One arm a table: they differ in their columns only, and nothing shorter says so.
    macro_rules! tick {
        ($table:ident, $left:ident: $l:expr, $right:ident: $r:expr, $left_column:ident, $right_column:ident) => {{
            let (left, right) = ($l, $r);
            if allowed {
                let row = $table::ActiveModel {
                    $left: Set(left),
                    $right: Set(right),
                };
                let same = OnConflict::columns([
                    $table::Column::$left_column,
                    $table::Column::$right_column,
                ])
                .do_nothing()
                .to_owned();
                $table::Entity::insert(row)
                    .on_conflict(same)
                    .exec_without_returning(txn)
                    .await?;
            } else {
                $table::Entity::delete_by_id((left, right))
                    .exec(txn)
                    .await?;
            }
        }};
    }
    match (holder, object) {
        (Holder::User(u), Object::Page(p)) => {
            tick!(user_page, user_id: u, page_id: p, UserId, PageId);
        }
        (Holder::User(u), Object::Right(r)) => {
            tick!(user_right, user_id: u, right: r, UserId, Right);
        }
        (Holder::Group(g), Object::Page(p)) => {
            tick!(group_page, group_id: g, page_id: p, GroupId, PageId);
        }
        (Holder::Group(g), Object::Right(r)) => {
            tick!(group_right, group_id: g, right: r, GroupId, Right);
        }
    }
    Ok(())
}

/// The groups of somebody, as a subquery.
fn groups_of(user: Uuid) -> SelectStatement {
    group_member::Entity::find()
        .select_only()
        .column(group_member::Column::GroupId)
        .filter(group_member::Column::UserId.eq(user))
        .into_query()
}
