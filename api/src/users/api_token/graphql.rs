//! API tokens in the schema: made and revoked in a browser, never by another token.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::api_token;
use sea_orm::{ColumnTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{Budget, NewToken};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event, text},
    error::{Error, Result},
    graphql::{NodeId, Outcome, UserError},
    live::Topic,
    text,
    users::{graphql::is_open_to, service},
    viewer::{Scope, Viewer, ViewerExt},
};

/// A key for a program. It may never do more than its owner.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub struct ApiToken {
    /// Opaque id.
    pub id: ID,
    /// Name its owner gave it.
    pub name: String,
    /// Its first characters, to recognise it.
    pub hint: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Last use; null before the first.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Client address of the last use.
    pub last_used_from: Option<String>,
    #[graphql(skip)]
    row: api_token::Model,
}

/// Fields that depend on the time.
#[ComplexObject]
impl ApiToken {
    /// What it may spend this hour.
    async fn budget(&self, ctx: &Context<'_>) -> TokenBudget {
        let app = ctx.data_unchecked::<App>();
        Budget::of(&self.row, app.config.token_budget, app.clock.now()).into()
    }
}

impl From<api_token::Model> for ApiToken {
    fn from(row: api_token::Model) -> Self {
        Self {
            id: NodeId::encode("ApiToken", row.id),
            name: row.name.clone(),
            hint: row.hint.clone(),
            scopes: super::scopes(&row),
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            last_used_from: row.last_used_from.clone(),
            row,
        }
    }
}

/// What a token may spend, in points of query cost.
#[derive(SimpleObject, Copy, Clone, Debug)]
pub struct TokenBudget {
    /// Points an hour.
    pub limit: i32,
    /// Points left.
    pub remaining: i32,
    /// When all of it is there again.
    pub reset_at: DateTime<Utc>,
}

impl From<Budget> for TokenBudget {
    fn from(budget: Budget) -> Self {
        Self {
            limit: i32::try_from(budget.limit).unwrap_or(i32::MAX),
            remaining: i32::try_from(budget.remaining).unwrap_or(i32::MAX),
            reset_at: budget.reset_at,
        }
    }
}

/// The tokens of somebody, the newest first.
///
/// # Errors
/// The database's.
pub async fn tokens_of(ctx: &Context<'_>, owner: Uuid) -> Result<Vec<ApiToken>> {
    let rows = api_token::Entity::find()
        .filter(api_token::Column::UserId.eq(owner))
        .order_by_desc(api_token::Column::Id)
        .all(&ctx.data_unchecked::<App>().db)
        .await?;
    Ok(rows.into_iter().map(ApiToken::from).collect())
}

/// A new token.
#[derive(InputObject)]
pub struct CreateApiTokenInput {
    /// A name to recognise it by.
    pub name: String,
    /// What it may be used for, at least one.
    pub scopes: Vec<Scope>,
    /// Days until it ends, 1 to 366.
    #[graphql(default = 90)]
    pub expires_in_days: i32,
}

/// Answer of `createApiToken`.
#[derive(SimpleObject)]
pub struct CreateApiTokenPayload {
    /// The token; null when none was made.
    pub api_token: Option<ApiToken>,
    /// The token itself, shown this once: send it as `Authorization: Bearer …`.
    pub secret: Option<String>,
    /// Why none was made.
    pub errors: Vec<UserError>,
}

/// A token to revoke.
#[derive(InputObject)]
pub struct RevokeApiTokenInput {
    /// The token.
    pub id: ID,
}

/// Answer of `revokeApiToken`.
#[derive(SimpleObject)]
pub struct RevokeApiTokenPayload {
    /// Id of the token that is gone; null when none was revoked.
    pub revoked_id: Option<ID>,
    /// Why none was revoked.
    pub errors: Vec<UserError>,
}

/// API tokens: mutations.
#[derive(Default)]
pub struct ApiTokenMutation;

#[Object]
impl ApiTokenMutation {
    /// Makes an API token of yours. Its secret is shown this once.
    async fn create_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new token.")] input: CreateApiTokenInput,
    ) -> async_graphql::Result<CreateApiTokenPayload> {
        let viewer = ctx.viewer()?;
        let made = create(ctx.data_unchecked(), viewer, &Actor::of(ctx), input).await;
        let Outcome { value, errors } = Outcome::of(made)?;
        let (row, secret) = value.unzip();
        Ok(CreateApiTokenPayload {
            api_token: row.map(ApiToken::from),
            secret: secret.map(|s| s.expose_secret().to_owned()),
            errors,
        })
    }

    /// Revokes a token, and ends its sockets within two seconds: one of yours, or anybody's for admins.
    async fn revoke_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token.")] input: RevokeApiTokenInput,
    ) -> async_graphql::Result<RevokeApiTokenPayload> {
        let viewer = ctx.viewer()?;
        let revoked = revoke(ctx.data_unchecked(), viewer, &Actor::of(ctx), &input.id).await;
        let Outcome { value, errors } = Outcome::of(revoked)?;
        Ok(RevokeApiTokenPayload {
            revoked_id: value.map(|()| input.id),
            errors,
        })
    }
}

async fn create(
    app: &App,
    viewer: &Viewer,
    by: &Actor,
    input: CreateApiTokenInput,
) -> Result<(api_token::Model, SecretString)> {
    let new = NewToken::parse(&input.name, input.scopes, input.expires_in_days)?;
    let tx = app.begin().await?;
    let (row, secret) = super::create(&*tx, &app.clock, viewer.user_id, new).await?;
    let scopes: Vec<String> = super::scopes(&row).into_iter().map(text).collect();
    let event = Event::done(Action::TokenCreate, &row.name).detail(scopes.join(" "));
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.commit().await?;
    Ok((row, secret))
}

async fn revoke(app: &App, viewer: &Viewer, by: &Actor, id: &ID) -> Result<()> {
    let gone = || Error::NotFound(text!("This token is gone.", "없는 토큰입니다."));
    let id = NodeId::uuid(id, "ApiToken").map_err(|_| gone())?;
    let mut tx = app.begin().await?;
    let row = find(&*tx, viewer, id).await?.ok_or_else(gone)?;
    let (owner, name) = (row.user_id, row.name.clone());
    row.delete(&*tx).await?;
    let owner_name = service::find(&*tx, owner).await?.map(|user| user.username);
    let event = Event::done(Action::TokenRevoke, name)
        .detail(owner_name.map_or_else(String::new, |name| format!("of {name}")));
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.announce(Topic::User(owner));
    Ok(tx.commit().await?)
}

async fn find(
    db: &impl sea_orm::ConnectionTrait,
    viewer: &Viewer,
    id: Uuid,
) -> Result<Option<api_token::Model>> {
    let row = api_token::Entity::find_by_id(id).one(db).await?;
    Ok(row.filter(|row| viewer.is_admin() || row.user_id == viewer.user_id))
}

/// A token for `node(id)`: yours, or anybody's for admins.
///
/// # Errors
/// The database's.
pub async fn node(app: &App, viewer: &Viewer, id: Uuid) -> Result<Option<ApiToken>> {
    let found = find(&app.db, viewer, id).await?;
    let seen = found.filter(|row| is_open_to(viewer, row.user_id));
    Ok(seen.map(ApiToken::from))
}
