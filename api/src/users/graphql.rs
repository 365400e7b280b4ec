//! Accounts in the schema.

use async_graphql::{
    ComplexObject, Context, Enum, ID, Object, SimpleObject, connection::Connection,
};
use chrono::{DateTime, Utc};
use entity::user;
use sea_orm::{EntityTrait, PaginatorTrait};

use super::{
    access::graphql::{Access, Grants, Group, Right, access_of, grants_of, groups_of},
    api_token::graphql::{ApiToken, tokens_of},
    loader::UserLoader,
    passkey::graphql::{Passkey, passkeys_of},
    service,
    session::graphql::{Session, sessions_of},
    two_factor::graphql::{TwoFactor, two_factor_of},
};
use crate::{
    app::App,
    error::Result,
    graphql::{NodeId, Page, PageArgs, Total},
    viewer::{Scope, Viewer as Asker, ViewerExt},
};

/// What a person may do.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(remote = "user::Role")]
pub enum Role {
    /// Manages accounts, channels and notices.
    Admin,
    /// Reads and asks.
    Member,
}

/// How an account stands.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum UserStatus {
    /// Nothing to do.
    Normal,
    /// Locked after too many wrong passwords; an admin unlocks it.
    Locked,
    /// Has a temporary password that was not changed yet.
    InitialPassword,
    /// Asked an admin for a new password.
    ChangeRequested,
}

/// A person who signs in.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub struct User {
    /// Opaque id.
    pub id: ID,
    /// Name to sign in with.
    pub username: String,
    /// Name shown to others.
    pub display_name: String,
    /// What they may do.
    pub role: Role,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    #[graphql(skip)]
    row: user::Model,
}

/// Fields only the person themselves and admins see.
#[ComplexObject]
impl User {
    /// Mail address; null when unknown or not yours to see.
    async fn email(&self, ctx: &Context<'_>) -> Option<String> {
        self.is_open_to(ctx).then(|| self.row.email.clone())?
    }

    /// How the account stands; null when not yours to see.
    async fn status(&self, ctx: &Context<'_>) -> Option<UserStatus> {
        self.is_open_to(ctx).then(|| status(&self.row))
    }

    /// Last successful sign-in; null when there was none or it is not yours to see.
    async fn last_sign_in_at(&self, ctx: &Context<'_>) -> Option<DateTime<Utc>> {
        self.is_open_to(ctx).then_some(self.row.last_sign_in_at)?
    }

    /// When a temporary password ends; null when there is none or it is not yours to see.
    async fn password_expires_at(&self, ctx: &Context<'_>) -> Option<DateTime<Utc>> {
        self.is_open_to(ctx)
            .then_some(self.row.password_expires_at)?
    }

    /// Groups they are in, by name; null when not yours to see.
    #[graphql(complexity = "2 + child_complexity")]
    async fn groups(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Vec<Group>>> {
        self.is_open_to(ctx).then_some(())?;
        Some(groups_of(ctx, self.row.id).await.map_err(Into::into))
    }

    /// Boxes ticked for them alone; null when not yours to see.
    async fn grants(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Grants>> {
        self.is_open_to(ctx).then_some(())?;
        Some(grants_of(ctx, self.row.id).await.map_err(Into::into))
    }

    /// All they may do; null when not yours to see.
    async fn access(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Access>> {
        self.is_open_to(ctx).then_some(())?;
        Some(access_of(ctx, &self.row).await.map_err(Into::into))
    }

    /// Signed-in browsers, the newest first, at most 100; null when not yours to see.
    #[graphql(complexity = "5 + child_complexity")]
    async fn sessions(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Vec<Session>>> {
        self.is_open_to(ctx).then_some(())?;
        Some(sessions_of(ctx, self.row.id).await.map_err(Into::into))
    }

    /// Keys for programs, the newest first; null when not yours to see.
    #[graphql(complexity = "5 + child_complexity")]
    async fn api_tokens(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Vec<ApiToken>>> {
        self.is_open_to(ctx).then_some(())?;
        Some(tokens_of(ctx, self.row.id).await.map_err(Into::into))
    }

    /// Passkeys, the newest first; null when not yours to see.
    #[graphql(complexity = "5 + child_complexity")]
    async fn passkeys(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Vec<Passkey>>> {
        self.is_open_to(ctx).then_some(())?;
        Some(passkeys_of(ctx, self.row.id).await.map_err(Into::into))
    }

    /// The second factor; null when not yours to see.
    #[graphql(complexity = "5 + child_complexity")]
    async fn two_factor(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<TwoFactor>> {
        self.is_open_to(ctx).then_some(())?;
        Some(two_factor_of(ctx, &self.row).await.map_err(Into::into))
    }
}

impl User {
    fn is_open_to(&self, ctx: &Context<'_>) -> bool {
        ctx.someone()
            .is_some_and(|asker| is_open_to(asker, self.row.id))
    }
}

impl From<user::Model> for User {
    fn from(row: user::Model) -> Self {
        Self {
            id: NodeId::encode("User", row.id),
            username: row.username.clone(),
            display_name: row.display_name.clone(),
            role: row.role.into(),
            created_at: row.created_at,
            row,
        }
    }
}

fn status(row: &user::Model) -> UserStatus {
    if row.locked_at.is_some() {
        UserStatus::Locked
    } else if row.reset_requested_at.is_some() {
        UserStatus::ChangeRequested
    } else if row.must_change_password {
        UserStatus::InitialPassword
    } else {
        UserStatus::Normal
    }
}

/// True for the person themselves and for admins; a program needs the scope for it, too.
pub(super) fn is_open_to(asker: &Asker, user: uuid::Uuid) -> bool {
    if asker.user_id == user && asker.allows(Scope::AccountRead) {
        return true;
    }
    asker.is_admin() && asker.allows(Scope::UsersRead)
}

/// The signed-in person.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Viewer {
    /// Their account.
    pub user: User,
    /// True while they have a temporary password: until it is changed only `changePassword` and `signOut` work.
    pub must_change_password: bool,
}

/// Fields that are looked up.
#[ComplexObject]
impl Viewer {
    /// What you may do besides opening pages.
    async fn rights(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Right>> {
        Ok(access_of(ctx, &self.user.row).await?.rights)
    }
}

impl From<user::Model> for Viewer {
    fn from(row: user::Model) -> Self {
        Self {
            must_change_password: row.must_change_password,
            user: row.into(),
        }
    }
}

/// Accounts: queries.
#[derive(Default)]
pub struct UserQuery;

#[Object]
impl UserQuery {
    /// Who is signed in; null when nobody is.
    async fn viewer(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Viewer>> {
        let Some(asker) = ctx.someone() else {
            return Ok(None);
        };
        let app = ctx.data_unchecked::<App>();
        Ok(service::find(&app.db, asker.user_id)
            .await?
            .map(Viewer::from))
    }

    /// All accounts, by name. For admins.
    #[graphql(complexity = "crate::graphql::page::price(first, last, child_complexity)")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, User, Total>> {
        ctx.admin()?;
        let db = ctx.data_unchecked::<App>().db.clone();
        let page = Page::<String>::parse(PageArgs {
            first,
            after,
            last,
            before,
        })?;
        let mut cursor = user::Entity::find().cursor_by(user::Column::Username);
        let rows = page.query(&mut cursor, &db).await?;
        let total = Total::counted(move || {
            let db = db.clone();
            async move { Ok(user::Entity::find().count(&db).await?) }
        });
        Ok(page.connection(rows, total, |row| row.username.clone(), User::from))
    }
}

/// A user by id, for fields of other rooms; `None` when the account was deleted.
///
/// # Errors
/// The database's.
pub async fn author(ctx: &Context<'_>, id: Option<uuid::Uuid>) -> Result<Option<User>> {
    let Some(id) = id else { return Ok(None) };
    let user = ctx.data_unchecked::<UserLoader>().load(id).await?;
    Ok(user.map(|row| User::from((*row).clone())))
}

/// A user for `node(id)`: yourself, or anybody for admins.
///
/// # Errors
/// The database's.
pub async fn node(ctx: &Context<'_>, asker: &Asker, id: uuid::Uuid) -> Result<Option<User>> {
    if asker.is_admin() || asker.user_id == id {
        author(ctx, Some(id)).await
    } else {
        Ok(None)
    }
}
