//! Signing in and out, and making accounts.

use async_graphql::{Context, Object};
use entity::user;
use secrecy::{ExposeSecret, SecretString};

use super::{
    graphql::{User, Viewer},
    input::{
        ChangePasswordInput, ChangePasswordPayload, CreateUserInput, CreateUserPayload,
        RequestPasswordResetInput, RequestPasswordResetPayload, SignInInput, SignInPayload,
        SignOutPayload,
    },
    password,
    profile::{self, Username},
    service::{self, NewUser, Refusal},
    session::{self, Origin},
};
use crate::{
    app::App,
    error::{Error, ErrorCode, Result},
    graphql::{Outcome, UserError},
    viewer::ViewerExt,
};

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

    /// Asks the admins for a new password. The answer is the same whether the name exists or not.
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose password.")] input: RequestPasswordResetInput,
    ) -> async_graphql::Result<RequestPasswordResetPayload> {
        let app = ctx.data_unchecked::<App>();
        let origin = ctx.data_opt::<Origin>().cloned().unwrap_or_default();
        service::request_reset(app, &origin, &input.username).await?;
        Ok(RequestPasswordResetPayload { errors: Vec::new() })
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
