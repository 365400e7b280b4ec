//! What can be done with channels. Verbs take a transaction and plain values; only admins get here.

use entity::{channel, channel_target};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, SqlErr, sea_query::Expr,
};
use uuid::Uuid;

use super::target::{self, NewTarget};
use crate::{
    app::App,
    error::{Error, Result},
    locale::Locale,
    text,
};

/// Longest name.
const MAX_NAME: usize = 100;
/// Most targets of a channel.
pub const MAX_TARGETS: usize = 10;

/// A target of an edited channel: a new one, or a stored one that stays.
pub enum TargetEdit {
    /// Stays as it is.
    Keep(Uuid),
    /// Takes the place of whatever was there.
    New(NewTarget),
}

/// Checks a channel's name.
///
/// # Errors
/// BAD_USER_INPUT at `name`.
pub fn name(text: &str) -> Result<String> {
    let name = text.trim();
    let fits = (1..=MAX_NAME).contains(&name.chars().count());
    if fits && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(Error::invalid(
        "name",
        text!(
            "Use 1 to {MAX_NAME} characters on one line.",
            "한 줄로 1~{MAX_NAME}자를 쓰세요."
        ),
    ))
}

/// Stores a channel with its targets.
///
/// # Errors
/// CONFLICT when the name is taken.
pub async fn create(
    app: &App,
    txn: &impl ConnectionTrait,
    name: String,
    locale: Locale,
    enabled: bool,
    targets: Vec<TargetEdit>,
) -> Result<channel::Model> {
    let row = channel::ActiveModel {
        id: Set(app.clock.new_id()),
        name: Set(name),
        locale: Set(locale.as_str().to_owned()),
        enabled: Set(enabled),
        version: Set(1),
        created_at: Set(app.clock.now()),
    };
    let channel = row.insert(txn).await.map_err(name_taken)?;
    replace_targets(app, txn, channel.id, targets).await?;
    Ok(channel)
}

/// What an edit changes; `None` stays as it is.
pub struct ChannelEdit {
    /// New name.
    pub name: Option<String>,
    /// New language.
    pub locale: Option<Locale>,
    /// On or off.
    pub enabled: Option<bool>,
    /// All targets, in order.
    pub targets: Option<Vec<TargetEdit>>,
    /// The version the editor saw.
    pub expected_version: i32,
}

/// Edits a channel, unless somebody else did so since.
///
/// # Errors
/// CONFLICT when the version is another one or the name is taken.
pub async fn update(
    app: &App,
    txn: &impl ConnectionTrait,
    channel: channel::Model,
    edit: ChannelEdit,
) -> Result<channel::Model> {
    let id = channel.id;
    // In one statement, so that of two editors at once only one passes.
    let claimed = channel::Entity::update_many()
        .col_expr(
            channel::Column::Version,
            Expr::value(edit.expected_version.saturating_add(1)),
        )
        .filter(channel::Column::Id.eq(id))
        .filter(channel::Column::Version.eq(edit.expected_version))
        .exec(txn)
        .await?;
    if claimed.rows_affected == 0 {
        return Err(Error::Conflict(
            text!(
                "Somebody else edited this channel: look at it again before you save.",
                "다른 사람이 이 채널을 수정했습니다. 다시 확인한 뒤 저장하세요."
            ),
            vec!["input".into(), "expectedVersion".into()],
        ));
    }
    let mut row = channel.into_active_model();
    row.version = Set(edit.expected_version.saturating_add(1));
    if let Some(name) = edit.name {
        row.name = Set(name);
    }
    if let Some(locale) = edit.locale {
        row.locale = Set(locale.as_str().to_owned());
    }
    if let Some(enabled) = edit.enabled {
        row.enabled = Set(enabled);
    }
    let channel = row.update(txn).await.map_err(name_taken)?;
    if let Some(targets) = edit.targets {
        replace_targets(app, txn, id, targets).await?;
    }
    Ok(channel)
}

/// Finds a channel.
///
/// # Errors
/// The database's.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<channel::Model>> {
    Ok(channel::Entity::find_by_id(id).one(db).await?)
}

/// The targets of a channel, in order.
///
/// # Errors
/// The database's.
pub async fn targets(
    db: &impl ConnectionTrait,
    channel: Uuid,
) -> Result<Vec<channel_target::Model>> {
    Ok(channel_target::Entity::find()
        .filter(channel_target::Column::ChannelId.eq(channel))
        .order_by_asc(channel_target::Column::Position)
        .all(db)
        .await?)
}

/// Sends to a target again that was disabled: somebody wants it, or it was seen to work.
///
/// # Errors
/// The database's.
pub async fn enable_target(db: &impl ConnectionTrait, target: Uuid) -> Result<()> {
    channel_target::Entity::update_many()
        .col_expr(
            channel_target::Column::DisabledReason,
            Expr::value(None::<String>),
        )
        .filter(channel_target::Column::Id.eq(target))
        .exec(db)
        .await?;
    Ok(())
}

/// Targets that stay keep their row, and with it their secret and their deliveries.
async fn replace_targets(
    app: &App,
    txn: &impl ConnectionTrait,
    channel: Uuid,
    edits: Vec<TargetEdit>,
) -> Result<()> {
    let mut before = targets(txn, channel).await?;
    for (position, edit) in (0..).zip(edits) {
        match edit {
            TargetEdit::Keep(id) => {
                let Some(at) = before.iter().position(|row| row.id == id) else {
                    return Err(Error::invalid(
                        "targets",
                        text!(
                            "A target to keep is not one of this channel's.",
                            "유지할 대상이 이 채널의 것이 아닙니다."
                        ),
                    ));
                };
                let mut row = before.remove(at).into_active_model();
                row.position = Set(position);
                row.update(txn).await?;
            }
            TargetEdit::New(new) => {
                let id = app.clock.new_id();
                let settings = serde_json::to_value(&new.settings).map_err(anyhow::Error::from)?;
                let row = channel_target::ActiveModel {
                    id: Set(id),
                    channel_id: Set(channel),
                    position: Set(position),
                    settings: Set(settings),
                    secret: Set(target::seal(&app.secrets, id, &new)),
                    disabled_reason: Set(None),
                };
                row.insert(txn).await?;
            }
        }
    }
    let gone: Vec<Uuid> = before.into_iter().map(|row| row.id).collect();
    channel_target::Entity::delete_many()
        .filter(channel_target::Column::Id.is_in(gone))
        .exec(txn)
        .await?;
    Ok(())
}

fn name_taken(error: sea_orm::DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict(
            text!(
                "Another channel has this name: choose another.",
                "같은 이름의 채널이 있습니다. 다른 이름을 고르세요."
            ),
            vec!["input".into(), "name".into()],
        ),
        _ => error.into(),
    }
}
