//! Sessions: made by a sign-in, proven by each request, renewed by the refresh secret, ended by a sign-out.
//!
//! A session has three cookies: the access token, the refresh secret, and one for the proxies in front of internal
//! pages, which proves nothing but at `/authz`.

pub mod graphql;

use chrono::{DateTime, Duration, Utc};
use entity::{session, user};
use http::{HeaderMap, HeaderValue};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationDef, sea_query::Expr,
};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{access, cookie::Cookie, token};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    error::Result,
    live::Topic,
    secrets::{random_token, sha256},
    viewer::{Credential, Origin, Viewer},
};

/// A session ends this long after the sign-in, whatever happens.
const ABSOLUTE_LIFE: Duration = Duration::days(30);
/// A session nobody uses ends after this.
const IDLE_LIFE: Duration = Duration::days(7);
/// Two tabs may use the same refresh secret within this time of each other.
const GRACE: Duration = Duration::seconds(10);
/// A session's last use is written down this often.
const SEEN_EVERY: Duration = Duration::minutes(5);
/// Most sessions of a person; the oldest one ends for a new one.
pub const MAX_SESSIONS: u64 = 500;

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
    make_room(txn, user).await?;
    let row = session::ActiveModel {
        id: Set(app.clock.new_id()),
        user_id: Set(user),
        refresh_hash: Set(sha256(secret.as_bytes()).to_vec()),
        previous_hash: Set(None),
        rotated_at: Set(now),
        last_seen_at: Set(Some(now)),
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
        pages_cookie(app, &row, now)?,
    ];
    Ok((row.id, cookies))
}

/// Ends the oldest sessions of somebody who has as many as they may.
async fn make_room(txn: &impl ConnectionTrait, user: Uuid) -> Result<()> {
    let oldest: Vec<Uuid> = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::UserId.eq(user))
        .order_by_desc(session::Column::CreatedAt)
        .offset(MAX_SESSIONS - 1)
        .limit(MAX_SESSIONS)
        .into_tuple()
        .all(txn)
        .await?;
    if !oldest.is_empty() {
        let gone = session::Entity::delete_many().filter(session::Column::Id.is_in(oldest));
        gone.exec(txn).await?;
    }
    Ok(())
}

/// Finds out which browser sent a request. With `renew`, an expired access token is replaced by means of the refresh
/// secret.
///
/// # Errors
/// The database's; a request that proves nothing is `None`.
pub async fn prove(
    app: &App,
    headers: &HeaderMap,
    origin: &Origin,
    renew: bool,
) -> Result<Option<Proof>> {
    let now = app.clock.now();
    let secure = app.config.is_secure();
    if let Some(claims) = Cookie::Access
        .read(headers, secure)
        .and_then(|t| token::verify(&app.secrets, token::Use::Api, t, now))
    {
        return proven(app, claims.sid, Vec::new()).await;
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
    refresh(app, sid, secret, origin, renew, now).await
}

/// Finds out which browser asks for an internal page, by the cookie that only `/authz` takes.
///
/// # Errors
/// The database's; a request that proves nothing is `None`.
pub async fn prove_for_pages(
    app: &App,
    headers: &HeaderMap,
) -> Result<Option<(session::Model, user::Model)>> {
    let now = app.clock.now();
    let claims = Cookie::Pages
        .read(headers, app.config.is_secure())
        .and_then(|t| token::verify(&app.secrets, token::Use::Pages, t, now));
    let Some(claims) = claims else {
        return Ok(None);
    };
    let Some((session, user)) = find(&app.db, claims.sid, now).await? else {
        return Ok(None);
    };
    see(app, &session, now).await?;
    Ok(Some((session, user)))
}

/// The viewer of a session that still stands.
///
/// # Errors
/// The database's.
pub async fn viewer_of(app: &App, sid: Uuid) -> Result<Option<Viewer>> {
    match find(&app.db, sid, app.clock.now()).await? {
        Some((session, user)) => Ok(Some(viewer(app, &session, user).await?)),
        None => Ok(None),
    }
}

async fn proven(app: &App, sid: Uuid, cookies: Vec<HeaderValue>) -> Result<Option<Proof>> {
    let now = app.clock.now();
    let Some((session, user)) = find(&app.db, sid, now).await? else {
        return Ok(None);
    };
    see(app, &session, now).await?;
    let viewer = viewer(app, &session, user).await?;
    Ok(Some(Proof { viewer, cookies }))
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

/// Cookies that remove all tokens from a browser.
pub fn removal(app: &App) -> [HeaderValue; 3] {
    [Cookie::Access, Cookie::Refresh, Cookie::Pages].map(|cookie| cookie.set("", 0, &app.config))
}

/// The cookie for the proxies, for a browser that has lost it or never had it.
///
/// # Errors
/// The database's; `None` when the session is over.
pub async fn pages_cookie_of(app: &App, sid: Uuid) -> Result<Option<HeaderValue>> {
    let now = app.clock.now();
    match find(&app.db, sid, now).await? {
        Some((session, _)) => Ok(Some(pages_cookie(app, &session, now)?)),
        None => Ok(None),
    }
}

async fn refresh(
    app: &App,
    sid: Uuid,
    secret: &str,
    origin: &Origin,
    renew: bool,
    now: DateTime<Utc>,
) -> Result<Option<Proof>> {
    let Some((row, user)) = find(&app.db, sid, now).await? else {
        return Ok(None);
    };
    let hash = sha256(secret.as_bytes());
    let is_current: bool = hash.ct_eq(&row.refresh_hash).into();
    if !is_current {
        let is_previous = row
            .previous_hash
            .as_ref()
            .is_some_and(|previous| hash.ct_eq(previous).into());
        if is_previous && now - row.rotated_at > GRACE {
            reused(app, &row, &user, origin).await?;
        }
        if !is_previous || now - row.rotated_at > GRACE {
            return Ok(None);
        }
        let cookies = vec![access_cookie(app, &row, now)?];
        let viewer = viewer(app, &row, user).await?;
        return Ok(Some(Proof { viewer, cookies }));
    }
    let viewer = viewer(app, &row, user).await?;
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
        .col_expr(session::Column::LastSeenAt, Expr::value(now))
        .filter(session::Column::Id.eq(sid))
        .filter(session::Column::RefreshHash.eq(hash.to_vec()))
        .exec(&app.db)
        .await?;
    let mut cookies = vec![
        access_cookie(app, &row, now)?,
        pages_cookie(app, &row, now)?,
    ];
    if rotated.rows_affected == 1 {
        cookies.push(refresh_cookie(app, &row, &next, now));
    }
    Ok(Some(Proof { viewer, cookies }))
}

/// Somebody has a copy of the refresh secret: whoever it is, the session ends.
async fn reused(
    app: &App,
    row: &session::Model,
    user: &user::Model,
    origin: &Origin,
) -> Result<()> {
    tracing::warn!(user = %user.username, "a refresh secret was used twice: the session is ended");
    let mut tx = app.begin().await?;
    end(&*tx, row.id).await?;
    let event = Event::denied(
        Action::RefreshReused,
        &user.username,
        "a refresh secret was used twice: somebody may have a copy of the cookies",
    );
    audit::record(&*tx, &app.clock, &Actor::account(user, origin), event).await?;
    tx.announce(Topic::User(user.id));
    Ok(tx.commit().await?)
}

/// Writes down that a session is in use, now and then.
async fn see(app: &App, row: &session::Model, now: DateTime<Utc>) -> Result<()> {
    if last_seen(row) + SEEN_EVERY > now {
        return Ok(());
    }
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::value(now))
        .filter(session::Column::Id.eq(row.id))
        .exec(&app.db)
        .await?;
    Ok(())
}

/// Last use of a session, within `SEEN_EVERY`.
fn last_seen(row: &session::Model) -> DateTime<Utc> {
    row.last_seen_at
        .unwrap_or(row.rotated_at)
        .max(row.rotated_at)
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
        .filter(|(session, _)| now < session.expires_at && now < last_seen(session) + IDLE_LIFE))
}

async fn viewer(app: &App, session: &session::Model, user: user::Model) -> Result<Viewer> {
    let rights = access::rights(&app.db, &user).await?;
    Ok(Viewer {
        user_id: user.id,
        username: user.username,
        credential: Credential::Session(session.id),
        role: user.role,
        rights,
        must_change_password: user.must_change_password,
        expires_at: session.expires_at,
    })
}

fn access_cookie(app: &App, row: &session::Model, now: DateTime<Utc>) -> Result<HeaderValue> {
    let end = now + Duration::seconds(token::LIFETIME_SECONDS);
    let token = token::issue(&app.secrets, token::Use::Api, row, now, end)?;
    Ok(Cookie::Access.set(&token, token::LIFETIME_SECONDS, &app.config))
}

fn pages_cookie(app: &App, row: &session::Model, now: DateTime<Utc>) -> Result<HeaderValue> {
    let token = token::issue(&app.secrets, token::Use::Pages, row, now, row.expires_at)?;
    let seconds = (row.expires_at - now).num_seconds();
    Ok(Cookie::Pages.set(&token, seconds, &app.config))
}

fn refresh_cookie(
    app: &App,
    row: &session::Model,
    secret: &str,
    now: DateTime<Utc>,
) -> HeaderValue {
    let seconds = (row.expires_at - now).num_seconds();
    let value = format!("{}.{secret}", row.id);
    Cookie::Refresh.set(&value, seconds, &app.config)
}
