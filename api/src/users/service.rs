//! What can be done with accounts. Verbs take a transaction and plain values; rights were checked before.

use chrono::{DateTime, Duration, Utc};
use entity::{
    user::{self, Role},
    user_right::Right,
};
use http::HeaderValue;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    SqlErr,
    sea_query::Expr,
};
use secrecy::SecretString;
use uuid::Uuid;

use super::{
    access::{self, Holder, Object},
    password::{self, Verdict},
    profile::Username,
    session, throttle,
    two_factor::{self, Passed},
};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    clock::Clock,
    error::{Error, Result},
    live::{Topic, Tx},
    text,
    viewer::{Origin, Viewer},
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
    /// A passkey that is not known, or did not sign this.
    Passkey,
    /// Locked after too many failures.
    Locked,
    /// The temporary password is too old.
    Expired,
    /// The second factor's code is missing.
    CodeMissing,
    /// The second factor's code is wrong, or was used.
    CodeWrong,
}

impl Refusal {
    /// The reason, for the audit log.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Wrong => "wrong name or password",
            Self::Passkey => "the passkey was not taken",
            Self::Locked => "the account is locked",
            Self::Expired => "the temporary password has expired",
            Self::CodeMissing => "the second factor is asked for",
            Self::CodeWrong => "wrong code of the second factor",
        }
    }
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
    /// Boxes to tick at once.
    pub rights: Vec<Right>,
}

/// What somebody signs in with.
pub struct Attempt<'a> {
    /// Name, as typed.
    pub username: &'a str,
    /// Password.
    pub password: SecretString,
    /// Code of the second factor.
    pub code: Option<String>,
}

/// Signs somebody in, or counts a failure.
///
/// # Errors
/// RATE_LIMITED, or the database's.
pub async fn sign_in(
    app: &App,
    origin: &Origin,
    attempt: Attempt<'_>,
) -> Result<Result<SignedIn, Refusal>> {
    let username = Username::fold(attempt.username);
    let buckets = [
        format!("address:{}", origin.address),
        format!("account:{}", username.chars().take(64).collect::<String>()),
    ];
    take_attempt(app, origin, Action::SignIn, &buckets).await?;

    let found = find_by_name(&app.db, &username).await?;
    let stored = found.as_ref().map(|user| user.password_hash.clone());
    let verdict = password::verify(attempt.password.clone(), stored).await?;
    let (Some(user), Verdict::Right | Verdict::RightButOld) = (&found, verdict) else {
        count_failure(app, origin, found.as_ref(), Refusal::Wrong).await?;
        return Ok(Err(Refusal::Wrong));
    };
    let now = app.clock.now();
    if let Some(refusal) = standing(app, user, now) {
        refuse(app, origin, user, refusal).await?;
        return Ok(Err(refusal));
    }
    let rehashed = match verdict {
        Verdict::RightButOld => Some(password::hash(attempt.password).await?),
        _ => None,
    };
    let txn = app.begin().await?;
    let mut by = Passed::Authenticator;
    if user.totp_enabled_at.is_some() {
        let Some(code) = attempt.code.filter(|code| !code.trim().is_empty()) else {
            // Whoever knows the password is no guesser of it.
            throttle::give_back(&*txn, &buckets).await?;
            txn.commit().await?;
            return Ok(Err(Refusal::CodeMissing));
        };
        match two_factor::check(app, &*txn, user, &code, now).await? {
            Some(passed) => by = passed,
            None => {
                drop(txn);
                count_failure(app, origin, Some(user), Refusal::CodeWrong).await?;
                return Ok(Err(Refusal::CodeWrong));
            }
        }
    }
    throttle::give_back(&*txn, &buckets).await?;
    let action = match by {
        Passed::Authenticator => Action::SignIn,
        Passed::Recovery => Action::RecoveryCodeUse,
    };
    let signed_in = enter(app, &txn, user.id, rehashed, action, origin).await?;
    txn.commit().await?;
    Ok(Ok(signed_in))
}

/// Takes a sign-in attempt from each bucket, and writes down when there was none left.
///
/// # Errors
/// RATE_LIMITED, or the database's.
pub(super) async fn take_attempt(
    app: &App,
    origin: &Origin,
    action: Action,
    buckets: &[String],
) -> Result<()> {
    let txn = app.begin().await?;
    let now = app.clock.now();
    let taken = throttle::take(&*txn, now, app.config.sign_in_per_minute, buckets).await;
    txn.commit().await?;
    if taken.is_err() {
        let event = Event::denied(action, "", "too many attempts");
        audit::record_denial(app, &Actor::new(None, origin), event).await;
    }
    taken
}

/// Starts the session of somebody who proved who they are.
///
/// # Errors
/// The database's; UNAUTHENTICATED when the account was deleted meanwhile.
pub(super) async fn enter(
    app: &App,
    txn: &Tx,
    user: Uuid,
    rehashed: Option<String>,
    action: Action,
    origin: &Origin,
) -> Result<SignedIn> {
    // Only what the sign-in changes: somebody may edit the rest meanwhile.
    let row = user::ActiveModel {
        id: Set(user),
        failed_attempts: Set(0),
        locked_at: Set(None),
        last_sign_in_at: Set(Some(app.clock.now())),
        password_hash: rehashed.map_or(NotSet, Set),
        ..Default::default()
    };
    let user = row.update(&**txn).await.map_err(gone_meanwhile)?;
    let (_, cookies) = session::start(app, &**txn, user.id, origin).await?;
    let event = Event::done(action, &user.username).detail(origin.user_agent.as_str());
    audit::record(&**txn, &app.clock, &Actor::account(&user, origin), event).await?;
    Ok(SignedIn { user, cookies })
}

/// Why somebody who proved who they are may not sign in, if so.
pub(super) fn standing(app: &App, user: &user::Model, now: DateTime<Utc>) -> Option<Refusal> {
    let minutes = i64::from(app.config.lockout_minutes);
    let opens_itself = minutes > 0 && !user.locked_by_admin;
    let is_locked = user
        .locked_at
        .is_some_and(|at| !opens_itself || now < at + Duration::minutes(minutes));
    if is_locked {
        return Some(Refusal::Locked);
    }
    let is_expired = user.password_expires_at.is_some_and(|end| end <= now);
    is_expired.then_some(Refusal::Expired)
}

/// The account was deleted while it signed in.
fn gone_meanwhile(error: DbErr) -> Error {
    match error {
        DbErr::RecordNotUpdated | DbErr::RecordNotFound(_) => Error::Unauthenticated,
        other => other.into(),
    }
}

/// Takes one of the tries a signed-in person has to prove themselves again.
///
/// # Errors
/// RATE_LIMITED.
pub async fn take_try(app: &App, viewer: &Viewer) -> Result<()> {
    let bucket = [format!("again:{}", viewer.user_id)];
    let txn = app.begin().await?;
    let now = app.clock.now();
    let taken = throttle::take(&*txn, now, app.config.sign_in_per_minute, &bucket).await;
    txn.commit().await?;
    taken
}

/// The viewer's account, once they gave their password again. A stolen session must not be a way to guess it.
///
/// # Errors
/// BAD_USER_INPUT at `field` for a wrong one; RATE_LIMITED.
pub async fn confirm_password(
    app: &App,
    viewer: &Viewer,
    field: &str,
    password: SecretString,
) -> Result<user::Model> {
    take_try(app, viewer).await?;
    let user = find(&app.db, viewer.user_id)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let stored = Some(user.password_hash.clone());
    if password::verify(password, stored).await? == Verdict::Wrong {
        return Err(Error::invalid(
            field,
            text!(
                "This is not your current password.",
                "현재 비밀번호가 아닙니다."
            ),
        ));
    }
    Ok(user)
}

/// Changes the viewer's own password, and ends their other sessions.
///
/// # Errors
/// BAD_USER_INPUT when the old one is wrong or the new one weak.
pub async fn change_password(
    app: &App,
    viewer: &Viewer,
    by: &Actor,
    current: SecretString,
    new: SecretString,
) -> Result<user::Model> {
    let user = confirm_password(app, viewer, "currentPassword", current).await?;
    let stored = Some(user.password_hash.clone());
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
            text!(
                "Choose a password that differs from the current one.",
                "현재 비밀번호와 다른 비밀번호를 고르세요."
            ),
        ));
    }
    let hash = password::hash(new).await?;
    let mut txn = app.begin().await?;
    let row = user::ActiveModel {
        id: Set(user.id),
        password_hash: Set(hash),
        must_change_password: Set(false),
        password_expires_at: Set(None),
        reset_requested_at: Set(None),
        ..Default::default()
    };
    let user = row.update(&*txn).await.map_err(gone_meanwhile)?;
    session::end_others(&*txn, user.id, viewer.session()).await?;
    let event = Event::done(Action::PasswordChange, &user.username);
    audit::record(&*txn, &app.clock, by, event).await?;
    txn.announce(Topic::User(user.id));
    txn.commit().await?;
    Ok(user)
}

/// Ends the viewer's session, and their sockets with it.
///
/// # Errors
/// The database's.
pub async fn sign_out(tx: &mut Tx, clock: &Clock, viewer: &Viewer, by: &Actor) -> Result<()> {
    if let Some(session) = viewer.session() {
        session::end(&**tx, session).await?;
    }
    let event = Event::done(Action::SignOut, &viewer.username);
    audit::record(&**tx, clock, by, event).await?;
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

/// Counts in the database, so that failures at the same moment all count.
/// For a name that does not exist as much is written elsewhere: a missing write could be told by the clock.
async fn count_failure(
    app: &App,
    origin: &Origin,
    user: Option<&user::Model>,
    refusal: Refusal,
) -> Result<()> {
    let txn = app.begin().await?;
    let now = app.clock.now();
    let by = Actor::new(None, origin);
    // A name nobody has may be a password typed into the wrong field: it is not kept.
    let name = user.map(|user| user.username.clone()).unwrap_or_default();
    let event = Event::denied(Action::SignIn, &name, refusal.reason());
    audit::record(&*txn, &app.clock, &by, event).await?;
    let Some(user) = user else {
        throttle::write_as_much(&*txn, now).await?;
        return Ok(txn.commit().await?);
    };
    if lock_has_passed(app, user, now) {
        unlock(&*txn, user.clone()).await?;
    }
    user::Entity::update_many()
        .col_expr(
            user::Column::FailedAttempts,
            Expr::col(user::Column::FailedAttempts).add(1),
        )
        .filter(user::Column::Id.eq(user.id))
        .exec(&*txn)
        .await?;
    let locked = user::Entity::update_many()
        .col_expr(user::Column::LockedAt, Expr::value(now))
        .filter(user::Column::Id.eq(user.id))
        .filter(user::Column::FailedAttempts.gte(MAX_FAILURES))
        .filter(user::Column::LockedAt.is_null())
        .exec(&*txn)
        .await?;
    if locked.rows_affected > 0 {
        let event = Event::done(Action::UserLock, name).detail("too many wrong passwords");
        audit::record(&*txn, &app.clock, &by, event).await?;
    }
    Ok(txn.commit().await?)
}

/// True for a lock that the settings let end by itself.
fn lock_has_passed(app: &App, user: &user::Model, now: DateTime<Utc>) -> bool {
    user.locked_at.is_some() && !matches!(standing(app, user, now), Some(Refusal::Locked))
}

/// Writes down that somebody with the right password was refused.
async fn refuse(app: &App, origin: &Origin, user: &user::Model, refusal: Refusal) -> Result<()> {
    let event = Event::denied(Action::SignIn, &user.username, refusal.reason());
    audit::record(&app.db, &app.clock, &Actor::new(None, origin), event).await
}
