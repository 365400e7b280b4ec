//! What can be done with accounts. Verbs take a transaction and plain values; rights were checked before.

use chrono::Duration;
use entity::user::{self, Role};
use http::HeaderValue;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait,
    IntoActiveModel, QueryFilter, SqlErr, sea_query::Expr,
};
use secrecy::SecretString;
use uuid::Uuid;

use super::{
    password::{self, Verdict},
    profile::Username,
    session::{self, Origin},
    throttle,
};
use crate::{
    app::App,
    clock::Clock,
    error::{Error, Result},
    live::{Topic, Tx},
    viewer::Viewer,
};

/// Wrong passwords in a row that lock an account.
pub const MAX_FAILURES: i32 = 5;
/// How long a temporary password works.
pub const TEMPORARY_LIFE: Duration = Duration::hours(72);

/// A successful sign-in.
pub struct SignedIn {
    /// The account.
    pub user: user::Model,
    /// Cookies for the browser.
    pub cookies: Vec<HeaderValue>,
}

/// Why a sign-in was refused. Only somebody who knows the password learns more than `Wrong`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such name, or not the password.
    Wrong,
    /// Locked after too many failures.
    Locked,
    /// The temporary password is too old.
    Expired,
}

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
}

/// Signs somebody in, or counts a failure.
///
/// # Errors
/// RATE_LIMITED, or the database's.
pub async fn sign_in(
    app: &App,
    origin: &Origin,
    username: &str,
    secret: SecretString,
) -> Result<Result<SignedIn, Refusal>> {
    let username = Username::fold(username);
    let buckets = [
        format!("address:{}", origin.address),
        format!("account:{}", username.chars().take(64).collect::<String>()),
    ];
    let txn = app.begin().await?;
    let taken = throttle::take(
        &*txn,
        app.clock.now(),
        app.config.sign_in_per_minute,
        &buckets,
    )
    .await;
    txn.commit().await?;
    taken?;

    let found = find_by_name(&app.db, &username).await?;
    let stored = found.as_ref().map(|user| user.password_hash.clone());
    let verdict = password::verify(secret.clone(), stored).await?;
    let (Some(user), Verdict::Right | Verdict::RightButOld) = (&found, verdict) else {
        count_failure(app, found.map(|user| user.id)).await?;
        return Ok(Err(Refusal::Wrong));
    };
    let now = app.clock.now();
    if user.locked_at.is_some() {
        return Ok(Err(Refusal::Locked));
    }
    if user.password_expires_at.is_some_and(|end| end <= now) {
        return Ok(Err(Refusal::Expired));
    }
    let rehashed = match verdict {
        Verdict::RightButOld => Some(password::hash(secret).await?),
        _ => None,
    };
    let txn = app.begin().await?;
    throttle::give_back(&*txn, &buckets).await?;
    let mut row = user.clone().into_active_model();
    row.failed_attempts = Set(0);
    row.last_sign_in_at = Set(Some(now));
    if let Some(hash) = rehashed {
        row.password_hash = Set(hash);
    }
    let user = row.update(&*txn).await?;
    let (_, cookies) = session::start(app, &*txn, user.id, origin).await?;
    txn.commit().await?;
    Ok(Ok(SignedIn { user, cookies }))
}

/// Changes the viewer's own password, and ends their other sessions.
///
/// # Errors
/// BAD_USER_INPUT when the old one is wrong or the new one weak.
pub async fn change_password(
    app: &App,
    viewer: &Viewer,
    current: SecretString,
    new: SecretString,
) -> Result<user::Model> {
    let user = find(&app.db, viewer.user_id)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let stored = Some(user.password_hash.clone());
    if password::verify(current, stored.clone()).await? == Verdict::Wrong {
        return Err(Error::invalid(
            "currentPassword",
            "This is not your current password.",
        ));
    }
    let known = [
        user.username.as_str(),
        user.display_name.as_str(),
        "porthole",
    ];
    password::judge(&new, app.config.password_min_length, &known)
        .map_err(|message| Error::invalid("newPassword", message))?;
    if password::verify(new.clone(), stored).await? != Verdict::Wrong {
        return Err(Error::invalid(
            "newPassword",
            "Choose a password that differs from the current one.",
        ));
    }
    let hash = password::hash(new).await?;
    let mut txn = app.begin().await?;
    let mut row = user.into_active_model();
    row.password_hash = Set(hash);
    row.must_change_password = Set(false);
    row.password_expires_at = Set(None);
    row.reset_requested_at = Set(None);
    let user = row.update(&*txn).await?;
    session::end_others(&*txn, user.id, Some(viewer.session_id)).await?;
    txn.announce(Topic::User(user.id));
    txn.commit().await?;
    Ok(user)
}

/// Ends the viewer's session, and their sockets with it.
///
/// # Errors
/// The database's.
pub async fn sign_out(tx: &mut Tx, viewer: &Viewer) -> Result<()> {
    session::end(&**tx, viewer.session_id).await?;
    tx.announce(Topic::User(viewer.user_id));
    Ok(())
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
        reset_requested_at: Set(None),
        created_at: Set(now),
        last_sign_in_at: Set(None),
    };
    row.insert(txn).await.map_err(|e| match e.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict(
            "Somebody has this name already: choose another.".into(),
            vec!["input".into(), "username".into()],
        ),
        _ => e.into(),
    })
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
    Ok(row.update(txn).await?)
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

/// Counts in the database, so that failures at the same moment all count.
/// For a name that does not exist as much is written elsewhere: a missing write could be told by the clock.
async fn count_failure(app: &App, id: Option<Uuid>) -> Result<()> {
    let txn = app.begin().await?;
    let Some(id) = id else {
        throttle::write_as_much(&*txn, app.clock.now()).await?;
        return Ok(txn.commit().await?);
    };
    user::Entity::update_many()
        .col_expr(
            user::Column::FailedAttempts,
            Expr::col(user::Column::FailedAttempts).add(1),
        )
        .filter(user::Column::Id.eq(id))
        .exec(&*txn)
        .await?;
    user::Entity::update_many()
        .col_expr(user::Column::LockedAt, Expr::value(app.clock.now()))
        .filter(user::Column::Id.eq(id))
        .filter(user::Column::FailedAttempts.gte(MAX_FAILURES))
        .filter(user::Column::LockedAt.is_null())
        .exec(&*txn)
        .await?;
    Ok(txn.commit().await?)
}
