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
    own_password, password,
    profile::{self, Username},
    service::{self, NewUser},
    session,
    sign_in::{self, Attempt, Refusal, SignedIn},
};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    error::{Error, ErrorCode, Result},
    graphql::{Outcome, UserError},
    text,
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
        let attempt = Attempt {
            username: &input.username,
            password: input.password.into(),
            code: input.code,
        };
        Ok(answer(
            ctx,
            sign_in::sign_in(app, &ctx.origin(), attempt).await?,
        ))
    }

    /// Ends this session: its cookies and its open sockets.
    async fn sign_out(&self, ctx: &Context<'_>) -> async_graphql::Result<SignOutPayload> {
        let app = ctx.data_unchecked::<App>();
        if let Some(asker) = ctx.someone() {
            let mut tx = app.begin().await.map_err(Error::from)?;
            sign_in::sign_out(&mut tx, &app.clock, asker, &Actor::of(ctx)).await?;
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
        let by = Actor::of(ctx);
        let changed = own_password::change_password(
            app,
            asker,
            &by,
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
        service::request_reset(app, &ctx.origin(), &input.username).await?;
        Ok(RequestPasswordResetPayload { errors: Vec::new() })
    }

    /// Makes an account with a temporary password, which this answer shows for the only time. For admins.
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new account.")] input: CreateUserInput,
    ) -> async_graphql::Result<CreateUserPayload> {
        ctx.admin()?;
        let outcome = Outcome::of(create_user(ctx.data_unchecked(), &Actor::of(ctx), input).await)?;
        let (user, secret) = outcome.value.unzip();
        Ok(CreateUserPayload {
            user: user.map(User::from),
            temporary_password: secret.map(|s: SecretString| s.expose_secret().to_owned()),
            errors: outcome.errors,
        })
    }
}

async fn create_user(
    app: &App,
    by: &Actor,
    input: CreateUserInput,
) -> Result<(user::Model, SecretString)> {
    let new = NewUser {
        username: Username::parse(&input.username)?,
        display_name: profile::display_name(&input.display_name)?,
        email: profile::email(input.email.as_deref())?,
        role: input.role.into(),
        rights: input.rights.into_iter().map(Into::into).collect(),
    };
    let secret = password::temporary();
    let hash = password::hash(secret.clone()).await?;
    let txn = app.begin().await?;
    let user = service::create(&*txn, &app.clock, new, hash).await?;
    let event = Event::done(Action::UserCreate, &user.username);
    audit::record(&*txn, &app.clock, by, event).await?;
    txn.commit().await?;
    Ok((user, secret))
}

/// Sets the cookies of whoever got in, and tells the others why not.
pub(super) fn answer(ctx: &Context<'_>, outcome: Result<SignedIn, Refusal>) -> SignInPayload {
    match outcome {
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
    }
}

fn refused(refusal: Refusal) -> UserError {
    let (message, code) = match refusal {
        Refusal::Wrong => (
            text!(
                "The name or the password is not right.",
                "이름이나 비밀번호가 맞지 않습니다."
            ),
            ErrorCode::Unauthenticated,
        ),
        Refusal::Passkey => (
            text!(
                "This passkey was not taken: try again, or sign in with your password.",
                "패스키로 로그인하지 못했습니다. 다시 시도하거나 비밀번호로 로그인하세요."
            ),
            ErrorCode::Unauthenticated,
        ),
        Refusal::Locked => (
            text!(
                "This account is locked. Ask an admin to unlock it.",
                "잠긴 계정입니다. 관리자에게 잠금 해제를 요청하세요."
            ),
            ErrorCode::Forbidden,
        ),
        Refusal::Expired => (
            text!(
                "This temporary password has expired. Ask an admin for a new one.",
                "임시 비밀번호가 만료되었습니다. 관리자에게 새로 요청하세요."
            ),
            ErrorCode::Forbidden,
        ),
        Refusal::CodeMissing => (
            text!(
                "Enter the code of your authenticator, or a recovery code.",
                "인증 앱의 코드나 복구 코드를 입력하세요."
            ),
            ErrorCode::SecondFactorRequired,
        ),
        Refusal::CodeWrong => (
            text!(
                "This code is not right, or was used already: wait for the next one.",
                "코드가 맞지 않거나 이미 쓴 코드입니다. 다음 코드를 기다리세요."
            ),
            ErrorCode::SecondFactorRequired,
        ),
    };
    UserError {
        message: message.told(),
        code,
        path: None,
    }
}

fn set_cookies(ctx: &Context<'_>, cookies: impl IntoIterator<Item = http::HeaderValue>) {
    for cookie in cookies {
        ctx.append_http_header(http::header::SET_COOKIE, cookie);
    }
}
