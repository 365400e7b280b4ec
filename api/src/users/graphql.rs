//! Accounts in the schema.

use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, SimpleObject, connection::Connection,
};
use chrono::{DateTime, Utc};
use entity::user;
use sea_orm::{EntityTrait, PaginatorTrait};
use secrecy::{ExposeSecret, SecretString};

use super::{
    loader::UserLoader,
    password,
    profile::{self, Username},
    service::{self, NewUser, Refusal},
    session::{self, Origin},
};
use crate::{
    app::App,
    error::{Error, ErrorCode, Result},
    graphql::{NodeId, Outcome, Page, PageArgs, Total, UserError},
    viewer::{Viewer as Asker, ViewerExt},
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
}

impl User {
    fn is_open_to(&self, ctx: &Context<'_>) -> bool {
        ctx.someone()
            .is_some_and(|asker| asker.is_admin() || asker.user_id == self.row.id)
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

/// The signed-in person.
#[derive(SimpleObject)]
pub struct Viewer {
    /// Their account.
    pub user: User,
    /// True while they have a temporary password: until it is changed only `changePassword` and `signOut` work.
    pub must_change_password: bool,
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

/// Accounts: mutations.
#[derive(Default)]
pub struct UserMutation;

#[Object]
impl UserMutation {
    /// Signs in and sets the session's cookies. One identical error for every wrong name or password;
    /// five wrong passwords lock the account. A document may hold one.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name and password.")] input: SignInInput,
    ) -> async_graphql::Result<SignInPayload> {
        let app = ctx.data_unchecked::<App>();
        let origin = ctx.data_opt::<Origin>().cloned().unwrap_or_default();
        let secret = SecretString::from(input.password);
        Ok(
            match service::sign_in(app, &origin, &input.username, secret).await? {
                Ok(signed_in) => {
                    set_cookies(ctx, signed_in.cookies);
                    SignInPayload {
                        viewer: Some(signed_in.user.into()),
                        errors: Vec::new(),
                    }
                }
                Err(refusal) => SignInPayload {
                    viewer: None,
                    errors: vec![refused(refusal)],
                },
            },
        )
    }

    /// Ends this session: its cookies and its open sockets.
    async fn sign_out(&self, ctx: &Context<'_>) -> async_graphql::Result<SignOutPayload> {
        let app = ctx.data_unchecked::<App>();
        if let Some(asker) = ctx.someone() {
            let mut tx = app.begin().await.map_err(Error::from)?;
            service::sign_out(&mut tx, asker).await?;
            tx.commit().await.map_err(Error::from)?;
        }
        set_cookies(ctx, session::removal(app));
        Ok(SignOutPayload { errors: Vec::new() })
    }

    /// Changes your password and ends your other sessions.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Current and new password.")] input: ChangePasswordInput,
    ) -> async_graphql::Result<ChangePasswordPayload> {
        let app = ctx.data_unchecked::<App>();
        let asker = ctx.someone().ok_or(Error::Unauthenticated)?;
        let changed = service::change_password(
            app,
            asker,
            input.current_password.into(),
            input.new_password.into(),
        );
        let outcome = Outcome::of(changed.await)?;
        Ok(ChangePasswordPayload {
            viewer: outcome.value.map(Viewer::from),
            errors: outcome.errors,
        })
    }

    /// Makes an account with a temporary password, which this answer shows for the only time. For admins.
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new account.")] input: CreateUserInput,
    ) -> async_graphql::Result<CreateUserPayload> {
        ctx.admin()?;
        let outcome = Outcome::of(create_user(ctx.data_unchecked(), input).await)?;
        let (user, secret) = outcome.value.unzip();
        Ok(CreateUserPayload {
            user: user.map(User::from),
            temporary_password: secret.map(|s: SecretString| s.expose_secret().to_owned()),
            errors: outcome.errors,
        })
    }
}

async fn create_user(app: &App, input: CreateUserInput) -> Result<(user::Model, SecretString)> {
    let new = NewUser {
        username: Username::parse(&input.username)?,
        display_name: profile::display_name(&input.display_name)?,
        email: profile::email(input.email.as_deref())?,
        role: input.role.into(),
    };
    let secret = password::temporary();
    let hash = password::hash(secret.clone()).await?;
    let txn = app.begin().await?;
    let user = service::create(&*txn, &app.clock, new, hash).await?;
    txn.commit().await?;
    Ok((user, secret))
}

fn refused(refusal: Refusal) -> UserError {
    let (message, code) = match refusal {
        Refusal::Wrong => (
            "The name or the password is not right.",
            ErrorCode::Unauthenticated,
        ),
        Refusal::Locked => (
            "This account is locked. Ask an admin to unlock it.",
            ErrorCode::Forbidden,
        ),
        Refusal::Expired => (
            "This temporary password has expired. Ask an admin for a new one.",
            ErrorCode::Forbidden,
        ),
    };
    UserError {
        message: message.into(),
        code,
        path: None,
    }
}

fn set_cookies(ctx: &Context<'_>, cookies: impl IntoIterator<Item = http::HeaderValue>) {
    for cookie in cookies {
        ctx.append_http_header(http::header::SET_COOKIE, cookie);
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

/// Name and password.
#[derive(InputObject)]
pub struct SignInInput {
    /// Name to sign in with; case does not matter.
    username: String,
    /// Password.
    #[graphql(secret)]
    password: String,
}

/// Answer of `signIn`.
#[derive(SimpleObject)]
pub struct SignInPayload {
    /// The signed-in person; null when refused.
    viewer: Option<Viewer>,
    /// Why it was refused.
    errors: Vec<UserError>,
}

/// Answer of `signOut`.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    /// Always empty.
    errors: Vec<UserError>,
}

/// Current and new password.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The password you signed in with.
    #[graphql(secret)]
    current_password: String,
    /// The password you want: long, and not easy to guess.
    #[graphql(secret)]
    new_password: String,
}

/// Answer of `changePassword`.
#[derive(SimpleObject)]
pub struct ChangePasswordPayload {
    /// The signed-in person; null when nothing was changed.
    viewer: Option<Viewer>,
    /// Why nothing was changed.
    errors: Vec<UserError>,
}

/// A new account.
#[derive(InputObject)]
pub struct CreateUserInput {
    /// Name to sign in with: letters a–z, digits, dots, dashes, underscores.
    username: String,
    /// Name shown to others.
    display_name: String,
    /// Mail address.
    email: Option<String>,
    /// What they may do.
    #[graphql(default_with = "Role::Member")]
    role: Role,
}

/// Answer of `createUser`.
#[derive(SimpleObject)]
pub struct CreateUserPayload {
    /// The new account; null when none was made.
    user: Option<User>,
    /// The temporary password, shown this once. It works for 72 hours and must be changed at the first sign-in.
    temporary_password: Option<String>,
    /// Why no account was made.
    errors: Vec<UserError>,
}
