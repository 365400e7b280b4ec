//! What can be done with accounts. Verbs take a transaction and plain values; rights were checked before.

use chrono::Duration;
use entity::{
    user::{self, Role},
    user_right::Right,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, SqlErr, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    access::{self, Holder, Object},
    profile::Username,
    session, throttle,
};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    clock::Clock,
    error::{Error, Result},
    live::{Topic, Tx},
    text,
    viewer::Origin,
};

/// How long a temporary password works.
pub const TEMPORARY_LIFE: Duration = Duration::hours(72);

/// A new account, before it is stored.
pub struct NewUser {
    /// Name to sign in with.
    pub username: Username,
    /// Name shown to others.
    pub display_name: String,
    /// Mail address.
    pub email: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Boxes to tick at once.
    pub rights: Vec<Right>,
}

/// Stores a new account whose password the server made.
///
/// # Errors
/// CONFLICT when the name is taken.
pub async fn create(
    txn: &impl ConnectionTrait,
    clock: &Clock,
    new: NewUser,
    temporary_hash: String,
) -> Result<user::Model> {
    let now = clock.now();
    let row = user::ActiveModel {
        id: Set(clock.new_id()),
        username: Set(new.username.into_string()),
        display_name: Set(new.display_name),
        email: Set(new.email),
        role: Set(new.role),
        password_hash: Set(temporary_hash),
        must_change_password: Set(true),
        password_expires_at: Set(Some(now + TEMPORARY_LIFE)),
        failed_attempts: Set(0),
        locked_at: Set(None),
        locked_by_admin: Set(false),
        reset_requested_at: Set(None),
        created_at: Set(now),
        last_sign_in_at: Set(None),
        totp_secret: Set(None),
        totp_enabled_at: Set(None),
        totp_last_step: Set(None),
    };
    let user = row.insert(txn).await.map_err(|e| match e.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict(
            text!(
                "Somebody has this name already: choose another.",
                "이미 쓰는 이름입니다. 다른 이름을 고르세요."
            ),
            vec!["input".into(), "username".into()],
        ),
        _ => e.into(),
    })?;
    for right in new.rights {
        access::set(txn, Holder::User(user.id), Object::Right(right), true).await?;
    }
    Ok(user)
}

/// Gives an account a temporary password: unlocks it and ends all its sessions.
///
/// # Errors
/// The database's.
pub async fn set_temporary_password(
    tx: &mut Tx,
    clock: &Clock,
    user: user::Model,
    temporary_hash: String,
) -> Result<user::Model> {
    let mut row = user.into_active_model();
    row.password_hash = Set(temporary_hash);
    row.must_change_password = Set(true);
    row.password_expires_at = Set(Some(clock.now() + TEMPORARY_LIFE));
    row.failed_attempts = Set(0);
    row.locked_at = Set(None);
    row.locked_by_admin = Set(false);
    row.reset_requested_at = Set(None);
    let user = row.update(&**tx).await?;
    session::end_others(&**tx, user.id, None).await?;
    tx.announce(Topic::User(user.id));
    Ok(user)
}

/// Notes that somebody asks for a new password. Counted like a sign-in, and silent about whether the name exists.
///
/// # Errors
/// RATE_LIMITED, or the database's.
pub async fn request_reset(app: &App, origin: &Origin, username: &str) -> Result<()> {
    let bucket = format!("address:{}", origin.address);
    let txn = app.begin().await?;
    let now = app.clock.now();
    let taken = throttle::take(&*txn, now, app.config.sign_in_per_minute, &[bucket]).await;
    if taken.is_ok() {
        user::Entity::update_many()
            .col_expr(user::Column::ResetRequestedAt, Expr::value(now))
            .filter(user::Column::Username.eq(Username::fold(username)))
            .exec(&*txn)
            .await?;
        // Whether the name exists or not, as much is written.
        let by = Actor::new(None, origin);
        let shown = find_by_name(&*txn, username)
            .await?
            .map(|user| user.username);
        let event = Event::done(Action::PasswordResetRequest, shown.unwrap_or_default());
        audit::record(&*txn, &app.clock, &by, event).await?;
    }
    txn.commit().await?;
    taken
}

/// Lets a locked account sign in again.
///
/// # Errors
/// The database's.
pub async fn unlock(txn: &impl ConnectionTrait, user: user::Model) -> Result<user::Model> {
    let mut row = user.into_active_model();
    row.failed_attempts = Set(0);
    row.locked_at = Set(None);
    row.locked_by_admin = Set(false);
    Ok(row.update(txn).await?)
}

/// Locks an account by hand, and ends its sessions; its tokens stop to work.
///
/// # Errors
/// The database's.
pub async fn lock(tx: &mut Tx, clock: &Clock, user: user::Model) -> Result<user::Model> {
    let mut row = user.into_active_model();
    row.locked_at = Set(Some(clock.now()));
    row.locked_by_admin = Set(true);
    let user = row.update(&**tx).await?;
    session::end_others(&**tx, user.id, None).await?;
    tx.announce(Topic::User(user.id));
    Ok(user)
}

/// Finds an account.
///
/// # Errors
/// The database's.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<user::Model>> {
    Ok(user::Entity::find_by_id(id).one(db).await?)
}

/// Finds an account by the name to sign in with.
///
/// # Errors
/// The database's.
pub async fn find_by_name(db: &impl ConnectionTrait, name: &str) -> Result<Option<user::Model>> {
    let by_name = user::Entity::find().filter(user::Column::Username.eq(Username::fold(name)));
    Ok(by_name.one(db).await?)
}

/// The account that an id names is gone.
pub fn gone() -> Error {
    Error::NotFound(text!("This account is gone.", "없는 계정입니다."))
}
