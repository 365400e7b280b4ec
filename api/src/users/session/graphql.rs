//! Sessions in the schema: seen and ended by their owner and by admins.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{session, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{end, end_others, last_seen};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    error::{Error, Result},
    graphql::{NodeId, Outcome, UserError},
    live::Topic,
    text,
    users::{
        graphql::{User, is_open_to},
        service,
    },
    viewer::{Viewer, ViewerExt},
};

/// Most sessions that are listed.
const MAX_SHOWN: u64 = 100;

/// A signed-in browser.
#[derive(SimpleObject)]
pub struct Session {
    /// Opaque id.
    pub id: ID,
    /// When it signed in.
    pub created_at: DateTime<Utc>,
    /// Last use, within five minutes.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends, whatever happens.
    pub expires_at: DateTime<Utc>,
    /// Client address at the sign-in.
    pub address: String,
    /// The browser as it named itself.
    pub user_agent: String,
    /// True for the session that asks.
    pub current: bool,
}

impl Session {
    fn new(row: session::Model, viewer: Option<&Viewer>) -> Self {
        Self {
            id: NodeId::encode("Session", row.id),
            created_at: row.created_at,
            last_seen_at: last_seen(&row),
            expires_at: row.expires_at,
            current: viewer.and_then(Viewer::session) == Some(row.id),
            address: row.address,
            user_agent: row.user_agent,
        }
    }
}

/// The sessions of somebody, the newest first, at most 100.
///
/// # Errors
/// The database's.
pub async fn sessions_of(ctx: &Context<'_>, user: Uuid) -> Result<Vec<Session>> {
    let app = ctx.data_unchecked::<App>();
    let now = app.clock.now();
    let rows = session::Entity::find()
        .filter(session::Column::UserId.eq(user))
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::CreatedAt)
        .limit(MAX_SHOWN)
        .all(&app.db)
        .await?;
    let live = rows.into_iter().filter(|row| is_live(row, now));
    Ok(live.map(|row| Session::new(row, ctx.someone())).collect())
}

/// A session for `node(id)`: one that is not over, yours or anybody's for admins.
///
/// # Errors
/// The database's.
pub async fn node(app: &App, viewer: &Viewer, id: Uuid) -> Result<Option<Session>> {
    let row = session::Entity::find_by_id(id).one(&app.db).await?;
    let seen = row.filter(|row| is_open_to(viewer, row.user_id) && is_live(row, app.clock.now()));
    Ok(seen.map(|row| Session::new(row, Some(viewer))))
}

fn is_live(row: &session::Model, now: DateTime<Utc>) -> bool {
    now < row.expires_at && now < last_seen(row) + super::IDLE_LIFE
}

/// A session to end.
#[derive(InputObject)]
pub struct EndSessionInput {
    /// The session.
    pub id: ID,
}

/// Answer of `endSession`.
#[derive(SimpleObject)]
pub struct EndSessionPayload {
    /// Id of the session that is over; null when none was ended.
    pub ended_id: Option<ID>,
    /// Why none was ended.
    pub errors: Vec<UserError>,
}

/// Whose sessions to end.
#[derive(InputObject)]
pub struct EndSessionsInput {
    /// The account: your own, or anybody's for admins.
    pub user: ID,
}

/// Answer of `endSessions`.
#[derive(SimpleObject)]
pub struct EndSessionsPayload {
    /// The account; null when none was ended.
    pub user: Option<User>,
    /// Why none was ended.
    pub errors: Vec<UserError>,
}

/// Sessions: mutations.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Ends a session, and its sockets within two seconds: one of yours, or anybody's for admins.
    async fn end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session.")] input: EndSessionInput,
    ) -> async_graphql::Result<EndSessionPayload> {
        let viewer = ctx.viewer()?;
        let ended = end_one(ctx.data_unchecked(), viewer, &Actor::of(ctx), &input.id).await;
        let Outcome { value, errors } = Outcome::of(ended)?;
        Ok(EndSessionPayload {
            ended_id: value.map(|()| input.id),
            errors,
        })
    }

    /// Ends all sessions of an account but the one that asks.
    async fn end_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: EndSessionsInput,
    ) -> async_graphql::Result<EndSessionsPayload> {
        let viewer = ctx.viewer()?;
        let ended = end_all(ctx.data_unchecked(), viewer, &Actor::of(ctx), &input.user).await;
        let Outcome { value, errors } = Outcome::of(ended)?;
        Ok(EndSessionsPayload {
            user: value.map(User::from),
            errors,
        })
    }
}

async fn end_one(app: &App, viewer: &Viewer, by: &Actor, id: &ID) -> Result<()> {
    let gone = || {
        Error::NotFound(text!(
            "This session is over already.",
            "이미 끝난 세션입니다."
        ))
    };
    let id = NodeId::uuid(id, "Session").map_err(|_| gone())?;
    let mut tx = app.begin().await?;
    let row = session::Entity::find_by_id(id).one(&*tx).await?;
    let row = row
        .filter(|row| viewer.is_admin() || row.user_id == viewer.user_id)
        .ok_or_else(gone)?;
    let user = owner(&tx, row.user_id).await?;
    end(&*tx, id).await?;
    let event = Event::done(Action::SessionEnd, user.username).detail(row.user_agent);
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.announce(Topic::User(row.user_id));
    Ok(tx.commit().await?)
}

async fn end_all(app: &App, viewer: &Viewer, by: &Actor, id: &ID) -> Result<user::Model> {
    let id = NodeId::uuid(id, "User")?;
    if id != viewer.user_id && !viewer.is_admin() {
        return Err(service::gone());
    }
    let mut tx = app.begin().await?;
    let user = owner(&tx, id).await?;
    let keep = viewer.session().filter(|_| id == viewer.user_id);
    end_others(&*tx, id, keep).await?;
    let event = Event::done(Action::SessionEnd, &user.username).detail("all sessions");
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.announce(Topic::User(id));
    tx.commit().await?;
    Ok(user)
}

async fn owner(tx: &crate::live::Tx, id: Uuid) -> Result<user::Model> {
    let user = service::find(&**tx, id).await?;
    user.ok_or_else(service::gone)
}
