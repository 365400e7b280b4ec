//! Groups: sets of people that get the same boxes.

use entity::{group, group_member};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect, SqlErr,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    clock::Clock,
    error::{Error, Result},
    live::{Topic, Tx},
    text,
};

/// Longest name.
const MAX_NAME: usize = 60;
/// Most groups.
const MAX_GROUPS: u64 = 200;
/// Most people in a group.
pub const MAX_MEMBERS: u64 = 500;

/// Checks a group's name. No commas: names go upstream as a list.
///
/// # Errors
/// BAD_USER_INPUT at `name`.
pub fn name(text: &str) -> Result<String> {
    let name = text.trim();
    let fits = (1..=MAX_NAME).contains(&name.chars().count());
    if fits && !name.chars().any(|c| c.is_control() || c == ',') {
        return Ok(name.to_owned());
    }
    Err(Error::invalid(
        "name",
        text!(
            "Use 1 to {MAX_NAME} characters on one line, without commas.",
            "쉼표 없이 한 줄로 1~{MAX_NAME}자를 쓰세요."
        ),
    ))
}

/// Finds a group.
///
/// # Errors
/// NOT_FOUND.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<group::Model> {
    let found = group::Entity::find_by_id(id).one(db).await?;
    found.ok_or_else(|| Error::NotFound(text!("This group is gone.", "없는 그룹입니다.")))
}

/// Makes a group without members and boxes.
///
/// # Errors
/// CONFLICT when the name is taken.
pub async fn create(
    txn: &impl ConnectionTrait,
    clock: &Clock,
    name: String,
) -> Result<group::Model> {
    if group::Entity::find().count(txn).await? >= MAX_GROUPS {
        let message = text!(
            "There are {MAX_GROUPS} groups already: delete one first.",
            "그룹이 이미 {MAX_GROUPS}개입니다. 먼저 하나를 지우세요."
        );
        return Err(Error::Conflict(message, vec!["input".into()]));
    }
    let row = group::ActiveModel {
        id: Set(clock.new_id()),
        name: Set(name),
        version: Set(1),
        created_at: Set(clock.now()),
    };
    row.insert(txn).await.map_err(name_taken)
}

/// Renames a group, unless somebody else edited it since.
///
/// # Errors
/// CONFLICT when the version is another one or the name is taken.
pub async fn rename(
    txn: &impl ConnectionTrait,
    group: group::Model,
    expected_version: i32,
    name: String,
) -> Result<group::Model> {
    let claimed = group::Entity::update_many()
        .col_expr(
            group::Column::Version,
            Expr::value(expected_version.saturating_add(1)),
        )
        .filter(group::Column::Id.eq(group.id))
        .filter(group::Column::Version.eq(expected_version))
        .exec(txn)
        .await?;
    if claimed.rows_affected == 0 {
        return Err(Error::Conflict(
            text!(
                "Somebody else edited this group: look at it again before you save.",
                "다른 사람이 이 그룹을 수정했습니다. 다시 확인한 뒤 저장하세요."
            ),
            vec!["input".into(), "expectedVersion".into()],
        ));
    }
    let mut row = group.into_active_model();
    row.version = Set(expected_version.saturating_add(1));
    row.name = Set(name);
    row.update(txn).await.map_err(name_taken)
}

/// Takes somebody in or out. Doing so twice is the same as once.
///
/// # Errors
/// CONFLICT when the group is full.
pub async fn set_member(tx: &mut Tx, group: Uuid, user: Uuid, member: bool) -> Result<()> {
    if member {
        let members = group_member::Entity::find().filter(group_member::Column::GroupId.eq(group));
        if members.count(&**tx).await? >= MAX_MEMBERS {
            let message = text!(
                "A group may have {MAX_MEMBERS} members.",
                "그룹에는 {MAX_MEMBERS}명까지 넣을 수 있습니다."
            );
            return Err(Error::Conflict(
                message,
                vec!["input".into(), "user".into()],
            ));
        }
        let row = group_member::ActiveModel {
            group_id: Set(group),
            user_id: Set(user),
        };
        let columns = [group_member::Column::GroupId, group_member::Column::UserId];
        group_member::Entity::insert(row)
            .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
            .exec_without_returning(&**tx)
            .await?;
    } else {
        group_member::Entity::delete_by_id((group, user))
            .exec(&**tx)
            .await?;
    }
    tx.announce(Topic::User(user));
    Ok(())
}

/// Tells everybody in a group that what they may do has changed.
///
/// # Errors
/// The database's.
pub async fn announce(tx: &mut Tx, group: Uuid) -> Result<()> {
    let members: Vec<Uuid> = group_member::Entity::find()
        .select_only()
        .column(group_member::Column::UserId)
        .filter(group_member::Column::GroupId.eq(group))
        .into_tuple()
        .all(&**tx)
        .await?;
    for member in members {
        tx.announce(Topic::User(member));
    }
    Ok(())
}

fn name_taken(error: sea_orm::DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict(
            text!(
                "A group has this name already: choose another.",
                "같은 이름의 그룹이 있습니다. 다른 이름을 고르세요."
            ),
            vec!["input".into(), "name".into()],
        ),
        _ => error.into(),
    }
}
