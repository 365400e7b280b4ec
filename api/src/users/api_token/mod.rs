//! Keys for programs: `phl_` and 160 random bits, of which the server keeps a SHA-256.
//!
//! A token may do what its owner may, within its scopes, until it ends or is revoked. Each hour it may spend a budget,
//! counted in points of query cost where all replicas see it.

pub mod graphql;
pub mod meter;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{api_token, user};
use http::{HeaderMap, header};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait,
    JoinType, PaginatorTrait, QueryFilter, QuerySelect, RelationDef, sea_query::Expr,
};
use secrecy::SecretString;
use uuid::Uuid;

use super::access;
use crate::{
    app::App,
    audit::{parse, text},
    clock::Clock,
    error::{Error, Result},
    secrets::{random_token, sha256},
    text,
    viewer::{Credential, Scope, Viewer},
};

/// What every token starts with, so that scanners find leaked ones.
const PREFIX: &str = "phl_";
/// How much of a token is shown again.
const HINT: usize = 8;
/// Most tokens of a person.
const MAX_TOKENS: u64 = 50;
/// Longest name.
const MAX_NAME: usize = 100;
/// Longest life, in days.
const MAX_DAYS: i32 = 366;
/// What a budget is counted over.
pub const WINDOW: TimeDelta = TimeDelta::hours(1);

/// A new token, before it is stored.
pub struct NewToken {
    name: String,
    scopes: Vec<Scope>,
    life: TimeDelta,
}

impl NewToken {
    /// Checks a name, scopes and a life in days.
    ///
    /// # Errors
    /// BAD_USER_INPUT at the field.
    pub fn parse(name: &str, mut scopes: Vec<Scope>, days: i32) -> Result<Self> {
        let name = name.trim();
        if !(1..=MAX_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            let message = text!(
                "Use 1 to {MAX_NAME} characters on one line.",
                "한 줄로 1~{MAX_NAME}자를 쓰세요."
            );
            return Err(Error::invalid("name", message));
        }
        if scopes.is_empty() {
            return Err(Error::invalid(
                "scopes",
                text!(
                    "Choose at least one scope.",
                    "권한 범위를 하나 이상 고르세요."
                ),
            ));
        }
        if !(1..=MAX_DAYS).contains(&days) {
            let message = text!("Choose 1 to {MAX_DAYS} days.", "1~{MAX_DAYS}일을 고르세요.");
            return Err(Error::invalid("expiresInDays", message));
        }
        scopes.sort_unstable();
        scopes.dedup();
        Ok(Self {
            name: name.to_owned(),
            scopes,
            life: TimeDelta::days(days.into()),
        })
    }
}

/// Stores a token; the secret is shown once.
///
/// # Errors
/// CONFLICT when the owner has as many as they may.
pub async fn create(
    txn: &impl ConnectionTrait,
    clock: &Clock,
    owner: Uuid,
    new: NewToken,
) -> Result<(api_token::Model, SecretString)> {
    let of_owner = api_token::Entity::find().filter(api_token::Column::UserId.eq(owner));
    if of_owner.count(txn).await? >= MAX_TOKENS {
        let message = text!(
            "You have {MAX_TOKENS} tokens already: revoke one first.",
            "토큰이 이미 {MAX_TOKENS}개입니다. 먼저 하나를 폐기하세요."
        );
        return Err(Error::Conflict(message, vec!["input".into()]));
    }
    let secret = format!("{PREFIX}{}", random_token::<20>());
    let now = clock.now();
    let scopes: Vec<String> = new.scopes.iter().map(|scope| text(*scope)).collect();
    let row = api_token::ActiveModel {
        id: Set(clock.new_id()),
        user_id: Set(owner),
        name: Set(new.name),
        hash: Set(sha256(secret.as_bytes()).to_vec()),
        hint: Set(secret.chars().take(HINT).collect()),
        scopes: Set(scopes.join(" ")),
        created_at: Set(now),
        expires_at: Set(now + new.life),
        last_used_at: Set(None),
        last_used_from: Set(None),
        window_started_at: Set(now),
        spent: Set(0),
    };
    Ok((row.insert(txn).await?, secret.into()))
}

/// The token of an `Authorization: Bearer` header; `None` without such a header.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Who a token stands for; `None` for one that is unknown, expired, or of an account an admin locked.
///
/// # Errors
/// The database's.
pub async fn viewer(app: &App, secret: &str) -> Result<Option<Viewer>> {
    if !secret.starts_with(PREFIX) {
        return Ok(None);
    }
    let hash = sha256(secret.as_bytes()).to_vec();
    find(app, api_token::Column::Hash.eq(hash)).await
}

/// As `viewer`, for a token that was seen before.
///
/// # Errors
/// The database's.
pub async fn viewer_of(app: &App, id: Uuid) -> Result<Option<Viewer>> {
    find(app, api_token::Column::Id.eq(id)).await
}

async fn find(app: &App, which: sea_orm::sea_query::SimpleExpr) -> Result<Option<Viewer>> {
    let owner: RelationDef = api_token::Entity::belongs_to(user::Entity)
        .from(api_token::Column::UserId)
        .to(user::Column::Id)
        .into();
    let found = api_token::Entity::find()
        .filter(which)
        .select_also(user::Entity)
        .join(JoinType::InnerJoin, owner)
        .one(&app.db)
        .await?;
    let Some((token, Some(user))) = found else {
        return Ok(None);
    };
    if token.expires_at <= app.clock.now() || user.locked_by_admin {
        return Ok(None);
    }
    let rights = access::rights(&app.db, &user).await?;
    Ok(Some(Viewer {
        user_id: user.id,
        username: user.username,
        credential: Credential::Token {
            id: token.id,
            scopes: scopes(&token),
            name: token.name,
        },
        role: user.role,
        rights,
        must_change_password: user.must_change_password,
        expires_at: token.expires_at,
    }))
}

/// The scopes of a row.
pub fn scopes(row: &api_token::Model) -> Vec<Scope> {
    row.scopes.split(' ').filter_map(parse).collect()
}

/// What a token has left.
#[derive(Copy, Clone, Debug)]
pub struct Budget {
    /// Points an hour.
    pub limit: u32,
    /// Points left.
    pub remaining: u32,
    /// When all of it is there again.
    pub reset_at: DateTime<Utc>,
}

impl Budget {
    /// The budget of a row.
    pub fn of(row: &api_token::Model, limit: u32, now: DateTime<Utc>) -> Self {
        let is_over = row.window_started_at + WINDOW <= now;
        let spent = if is_over { 0 } else { row.spent };
        Self {
            limit,
            remaining: limit.saturating_sub(u32::try_from(spent).unwrap_or(u32::MAX)),
            reset_at: if is_over { now } else { row.window_started_at } + WINDOW,
        }
    }
}

/// Takes an operation's cost from a token's budget, and writes down that the token was used.
///
/// # Errors
/// RATE_LIMITED with the seconds until the budget is whole again; UNAUTHENTICATED when the token was revoked meanwhile.
pub async fn charge(app: &App, token: Uuid, cost: u32, address: &str) -> Result<Budget> {
    let now = app.clock.now();
    let limit = app.config.token_budget;
    let it = || api_token::Entity::update_many().filter(api_token::Column::Id.eq(token));
    it().col_expr(api_token::Column::WindowStartedAt, Expr::value(now))
        .col_expr(api_token::Column::Spent, Expr::value(0_i64))
        .filter(api_token::Column::WindowStartedAt.lte(now - WINDOW))
        .exec(&app.db)
        .await?;
    let spent = Expr::col(api_token::Column::Spent).add(i64::from(cost));
    let paid = it()
        .col_expr(api_token::Column::Spent, spent.clone())
        .col_expr(api_token::Column::LastUsedAt, Expr::value(now))
        .col_expr(
            api_token::Column::LastUsedFrom,
            Expr::value(address.to_owned()),
        )
        .filter(spent.lte(i64::from(limit)))
        .exec(&app.db)
        .await?;
    let row = api_token::Entity::find_by_id(token).one(&app.db).await?;
    let budget = Budget::of(&row.ok_or(Error::Unauthenticated)?, limit, now);
    if paid.rows_affected == 0 {
        let seconds = (budget.reset_at - now).num_seconds();
        return Err(Error::RateLimited(std::cmp::max(seconds, 1).unsigned_abs()));
    }
    Ok(budget)
}
