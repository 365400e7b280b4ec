//! Coming in with a name and a password, and going out.

use chrono::{DateTime, Duration, Utc};
use entity::user;
use http::HeaderValue;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
    sea_query::Expr,
};
use secrecy::SecretString;
use uuid::Uuid;

use super::{
    password::{self, Verdict},
    profile::Username,
    service::{find_by_name, unlock},
    session, throttle,
    two_factor::{self, Passed},
};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    clock::Clock,
    error::{Error, Result},
    live::{Topic, Tx},
    viewer::{Origin, Viewer},
};

/// Wrong passwords in a row that lock an account.
pub const MAX_FAILURES: i32 = 5;

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
pub(super) fn gone_meanwhile(error: DbErr) -> Error {
    match error {
        DbErr::RecordNotUpdated | DbErr::RecordNotFound(_) => Error::Unauthenticated,
        other => other.into(),
    }
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
