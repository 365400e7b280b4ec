//! Sessions: made by a sign-in, proven by each request, renewed by the refresh secret, ended by a sign-out.

use chrono::{DateTime, Duration, Utc};
use entity::{session, user};
use http::{HeaderMap, HeaderValue};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType,
    QueryFilter, QuerySelect, RelationDef, sea_query::Expr,
};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{cookie::Cookie, token};
use crate::{
    app::App,
    error::Result,
    secrets::{random_token, sha256},
    viewer::Viewer,
};

/// A session ends this long after the sign-in, whatever happens.
const ABSOLUTE_LIFE: Duration = Duration::days(30);
/// A session nobody uses ends after this.
const IDLE_LIFE: Duration = Duration::days(7);
/// Two tabs may use the same refresh secret within this time of each other.
const GRACE: Duration = Duration::seconds(10);

/// Where a sign-in comes from, as shown in the list of sessions.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Client address.
    pub address: String,
    /// `User-Agent`, shortened.
    pub user_agent: String,
}

/// A proven request.
pub struct Proof {
    /// Who sent it.
    pub viewer: Viewer,
    /// Cookies to hand out with the answer: a renewed access token.
    pub cookies: Vec<HeaderValue>,
}

/// Starts a session and returns its cookies.
///
/// # Errors
/// The database's.
pub async fn start(
    app: &App,
    txn: &impl ConnectionTrait,
    user: Uuid,
    origin: &Origin,
) -> Result<(Uuid, Vec<HeaderValue>)> {
    let now = app.clock.now();
    let secret = random_token::<32>();
    let row = session::ActiveModel {
        id: Set(app.clock.new_id()),
        user_id: Set(user),
        refresh_hash: Set(sha256(secret.as_bytes()).to_vec()),
        previous_hash: Set(None),
        rotated_at: Set(now),
        created_at: Set(now),
        expires_at: Set(now + ABSOLUTE_LIFE),
        user_agent: Set(origin.user_agent.clone()),
        address: Set(origin.address.clone()),
    }
    .insert(txn)
    .await?;
    let cookies = vec![
        access_cookie(app, &row, now)?,
        refresh_cookie(app, &row, &secret, now),
    ];
    Ok((row.id, cookies))
}

/// Finds out who sent a request. With `renew`, an expired access token is replaced by means of the refresh secret.
///
/// # Errors
/// The database's; a request that proves nothing is `None`.
pub async fn prove(app: &App, headers: &HeaderMap, renew: bool) -> Result<Option<Proof>> {
    let now = app.clock.now();
    let secure = app.config.is_secure();
    if let Some(claims) = Cookie::Access
        .read(headers, secure)
        .and_then(|t| token::verify(&app.secrets, t, now))
    {
        let found = find(&app.db, claims.sid, now).await?;
        return Ok(found.map(|(session, user)| Proof {
            viewer: viewer(&session, &user),
            cookies: Vec::new(),
        }));
    }
    let Some((sid, secret)) = Cookie::Refresh
        .read(headers, secure)
        .and_then(|c| c.split_once('.'))
    else {
        return Ok(None);
    };
    let Ok(sid) = sid.parse() else {
        return Ok(None);
    };
    refresh(app, sid, secret, renew, now).await
}

/// Looks again whether a session still stands: sockets ask after each change of their user.
///
/// # Errors
/// The database's.
pub async fn still_valid(app: &App, viewer: &Viewer) -> Result<Option<Viewer>> {
    let found = find(&app.db, viewer.session_id, app.clock.now()).await?;
    Ok(found.map(|(session, user)| self::viewer(&session, &user)))
}

/// Ends one session.
///
/// # Errors
/// The database's.
pub async fn end(txn: &impl ConnectionTrait, session: Uuid) -> Result<()> {
    session::Entity::delete_by_id(session).exec(txn).await?;
    Ok(())
}

/// Ends all sessions of a user but one.
///
/// # Errors
/// The database's.
pub async fn end_others(txn: &impl ConnectionTrait, user: Uuid, keep: Option<Uuid>) -> Result<()> {
    let mut others = session::Entity::delete_many().filter(session::Column::UserId.eq(user));
    if let Some(keep) = keep {
        others = others.filter(session::Column::Id.ne(keep));
    }
    others.exec(txn).await?;
    Ok(())
}

/// Cookies that remove both tokens from a browser.
pub fn removal(app: &App) -> [HeaderValue; 2] {
    let secure = app.config.is_secure();
    [Cookie::Access, Cookie::Refresh].map(|cookie| cookie.set("", 0, secure))
}

async fn refresh(
    app: &App,
    sid: Uuid,
    secret: &str,
    renew: bool,
    now: DateTime<Utc>,
) -> Result<Option<Proof>> {
    let Some((row, user)) = find(&app.db, sid, now).await? else {
        return Ok(None);
    };
    let hash = sha256(secret.as_bytes());
    let viewer = viewer(&row, &user);
    let is_current: bool = hash.ct_eq(&row.refresh_hash).into();
    if !is_current {
        let is_previous = row
            .previous_hash
            .as_ref()
            .is_some_and(|previous| hash.ct_eq(previous).into());
        if is_previous && now - row.rotated_at > GRACE {
            tracing::warn!(user = %user.username, "a refresh secret was used twice: the session is ended");
            end(&app.db, sid).await?;
        }
        if !is_previous || now - row.rotated_at > GRACE {
            return Ok(None);
        }
        let cookies = vec![access_cookie(app, &row, now)?];
        return Ok(Some(Proof { viewer, cookies }));
    }
    if !renew {
        return Ok(Some(Proof {
            viewer,
            cookies: Vec::new(),
        }));
    }
    let next = random_token::<32>();
    // Compare and swap: of two requests at once, one rotates, and the other is within the grace.
    let rotated = session::Entity::update_many()
        .col_expr(
            session::Column::RefreshHash,
            Expr::value(sha256(next.as_bytes()).to_vec()),
        )
        .col_expr(session::Column::PreviousHash, Expr::value(hash.to_vec()))
        .col_expr(session::Column::RotatedAt, Expr::value(now))
        .filter(session::Column::Id.eq(sid))
        .filter(session::Column::RefreshHash.eq(hash.to_vec()))
        .exec(&app.db)
        .await?;
    let mut cookies = vec![access_cookie(app, &row, now)?];
    if rotated.rows_affected == 1 {
        cookies.push(refresh_cookie(app, &row, &next, now));
    }
    Ok(Some(Proof { viewer, cookies }))
}

/// A session and its user in one statement; `None` when either is gone, expired or idle for too long.
async fn find(
    db: &impl ConnectionTrait,
    sid: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<(session::Model, user::Model)>> {
    let owner: RelationDef = session::Entity::belongs_to(user::Entity)
        .from(session::Column::UserId)
        .to(user::Column::Id)
        .into();
    let found = session::Entity::find_by_id(sid)
        .select_also(user::Entity)
        .join(JoinType::InnerJoin, owner)
        .one(db)
        .await?;
    Ok(found
        .and_then(|(session, user)| Some((session, user?)))
        .filter(|(session, _)| now < session.expires_at && now < session.rotated_at + IDLE_LIFE))
}

fn viewer(session: &session::Model, user: &user::Model) -> Viewer {
    Viewer {
        user_id: user.id,
        session_id: session.id,
        role: user.role,
        must_change_password: user.must_change_password,
        expires_at: session.expires_at,
    }
}

fn access_cookie(app: &App, row: &session::Model, now: DateTime<Utc>) -> Result<HeaderValue> {
    let token = token::issue(&app.secrets, row.user_id, row.id, now)?;
    Ok(Cookie::Access.set(&token, token::LIFETIME_SECONDS, app.config.is_secure()))
}

fn refresh_cookie(
    app: &App,
    row: &session::Model,
    secret: &str,
    now: DateTime<Utc>,
) -> HeaderValue {
    let seconds = (row.expires_at - now).num_seconds();
    let value = format!("{}.{secret}", row.id);
    Cookie::Refresh.set(&value, seconds, app.config.is_secure())
}
