//! The second factor in the schema.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{recovery_code, user};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::Enrolment;
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    error::{Error, Result},
    graphql::{NodeId, Outcome, UserError},
    text,
    users::{
        graphql::{User, Viewer},
        own_password, passkey, service,
    },
    viewer::{self, ViewerExt},
};

/// The second factor of an account.
#[derive(SimpleObject)]
pub struct TwoFactor {
    /// Since when it is on; null while it is off.
    pub enabled_at: Option<DateTime<Utc>>,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: i32,
}

/// The second factor of somebody.
///
/// # Errors
/// The database's.
pub async fn two_factor_of(ctx: &Context<'_>, user: &user::Model) -> Result<TwoFactor> {
    let left = match user.totp_enabled_at {
        None => 0,
        Some(_) => {
            recovery_code::Entity::find()
                .filter(recovery_code::Column::UserId.eq(user.id))
                .count(&ctx.data_unchecked::<App>().db)
                .await?
        }
    };
    Ok(TwoFactor {
        enabled_at: user.totp_enabled_at,
        recovery_codes_left: i32::try_from(left).unwrap_or(i32::MAX),
    })
}

/// Proof that it is you.
#[derive(InputObject)]
pub struct StartTwoFactorInput {
    /// Your password.
    #[graphql(secret)]
    pub password: String,
}

/// Answer of `startTwoFactor`.
#[derive(SimpleObject)]
pub struct StartTwoFactorPayload {
    /// What to show as a QR code, this once.
    pub otpauth_uri: Option<String>,
    /// The same secret to type, in base32.
    pub secret: Option<String>,
    /// Why it was not started.
    pub errors: Vec<UserError>,
}

/// Proof that the authenticator works.
#[derive(InputObject)]
pub struct ConfirmTwoFactorInput {
    /// Six digits that it shows.
    #[graphql(secret)]
    pub code: String,
}

/// Answer of `confirmTwoFactor`.
#[derive(SimpleObject)]
pub struct ConfirmTwoFactorPayload {
    /// Each signs you in once when the authenticator is lost; shown this once.
    pub recovery_codes: Option<Vec<String>>,
    /// The signed-in person; null when nothing was changed.
    pub viewer: Option<Viewer>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// Whose second factor to turn off.
#[derive(InputObject)]
pub struct DisableTwoFactorInput {
    /// The account: your own, or anybody's for admins.
    pub user: ID,
    /// Your password, for your own.
    #[graphql(secret)]
    pub password: Option<String>,
}

/// Answer of `disableTwoFactor`.
#[derive(SimpleObject)]
pub struct DisableTwoFactorPayload {
    /// The account; null when nothing was changed.
    pub user: Option<User>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// Proof that it is you.
#[derive(InputObject)]
pub struct RenewRecoveryCodesInput {
    /// Your password.
    #[graphql(secret)]
    pub password: String,
}

/// Answer of `renewRecoveryCodes`.
#[derive(SimpleObject)]
pub struct RenewRecoveryCodesPayload {
    /// The new codes, shown this once; the old ones no longer work.
    pub recovery_codes: Option<Vec<String>>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// The second factor: mutations.
#[derive(Default)]
pub struct TwoFactorMutation;

#[Object]
impl TwoFactorMutation {
    /// Makes a secret for your authenticator. Nothing changes until `confirmTwoFactor`.
    async fn start_two_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Your password.")] input: StartTwoFactorInput,
    ) -> async_graphql::Result<StartTwoFactorPayload> {
        let started = start(ctx.data_unchecked(), ctx.viewer()?, input).await;
        let Outcome { value, errors } = Outcome::of(started)?;
        let (otpauth_uri, secret) = value.map(|e| (e.uri, e.secret)).unzip();
        Ok(StartTwoFactorPayload {
            otpauth_uri,
            secret,
            errors,
        })
    }

    /// Turns your second factor on.
    async fn confirm_two_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A code of the authenticator.")] input: ConfirmTwoFactorInput,
    ) -> async_graphql::Result<ConfirmTwoFactorPayload> {
        let viewer = ctx.viewer()?;
        let confirmed = confirm(ctx.data_unchecked(), viewer, &Actor::of(ctx), &input).await;
        let Outcome { value, errors } = Outcome::of(confirmed)?;
        let (user, recovery_codes) = value.unzip();
        Ok(ConfirmTwoFactorPayload {
            recovery_codes,
            viewer: user.map(Viewer::from),
            errors,
        })
    }

    /// Turns a second factor off: your own with your password, or anybody's for admins, which removes their passkeys, too.
    async fn disable_two_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: DisableTwoFactorInput,
    ) -> async_graphql::Result<DisableTwoFactorPayload> {
        let viewer = ctx.viewer()?;
        let disabled = disable(ctx.data_unchecked(), viewer, &Actor::of(ctx), input).await;
        let Outcome { value, errors } = Outcome::of(disabled)?;
        Ok(DisableTwoFactorPayload {
            user: value.map(User::from),
            errors,
        })
    }

    /// Makes new recovery codes of yours.
    async fn renew_recovery_codes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Your password.")] input: RenewRecoveryCodesInput,
    ) -> async_graphql::Result<RenewRecoveryCodesPayload> {
        let viewer = ctx.viewer()?;
        let renewed = renew(ctx.data_unchecked(), viewer, &Actor::of(ctx), input).await;
        let Outcome { value, errors } = Outcome::of(renewed)?;
        Ok(RenewRecoveryCodesPayload {
            recovery_codes: value,
            errors,
        })
    }
}

async fn start(app: &App, asker: &viewer::Viewer, input: StartTwoFactorInput) -> Result<Enrolment> {
    let user =
        own_password::confirm_password(app, asker, "password", input.password.into()).await?;
    let tx = app.begin().await?;
    let enrolment = super::start(app, &*tx, user).await?;
    tx.commit().await?;
    Ok(enrolment)
}

async fn confirm(
    app: &App,
    asker: &viewer::Viewer,
    by: &Actor,
    input: &ConfirmTwoFactorInput,
) -> Result<(user::Model, Vec<String>)> {
    own_password::take_try(app, asker).await?;
    let tx = app.begin().await?;
    let user = service::find(&*tx, asker.user_id)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let now = app.clock.now();
    let (user, codes) = super::confirm(app, &*tx, user, &input.code, now).await?;
    let event = Event::done(Action::TwoFactorEnable, &user.username);
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.commit().await?;
    Ok((user, codes))
}

async fn disable(
    app: &App,
    asker: &viewer::Viewer,
    by: &Actor,
    input: DisableTwoFactorInput,
) -> Result<user::Model> {
    let id = NodeId::uuid(&input.user, "User")?;
    if id == asker.user_id {
        let password = input.password.unwrap_or_default();
        own_password::confirm_password(app, asker, "password", password.into()).await?;
    } else if !asker.is_admin() {
        return Err(service::gone());
    }
    let tx = app.begin().await?;
    let user = service::find(&*tx, id).await?.ok_or_else(service::gone)?;
    let user = super::disable(&*tx, user).await?;
    let event = Event::done(Action::TwoFactorDisable, &user.username);
    audit::record(&*tx, &app.clock, by, event).await?;
    if id != asker.user_id {
        passkey::remove_all(app, &tx, &user, by).await?;
    }
    tx.commit().await?;
    Ok(user)
}

async fn renew(
    app: &App,
    asker: &viewer::Viewer,
    by: &Actor,
    input: RenewRecoveryCodesInput,
) -> Result<Vec<String>> {
    let user =
        own_password::confirm_password(app, asker, "password", input.password.into()).await?;
    if user.totp_enabled_at.is_none() {
        let message = text!(
            "Turn the second factor on first.",
            "먼저 2단계 인증을 켜세요."
        );
        return Err(Error::Conflict(message, vec!["input".into()]));
    }
    let tx = app.begin().await?;
    let codes = super::renew_recovery_codes(&*tx, &user).await?;
    let event = Event::done(Action::RecoveryCodesRenew, &user.username);
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.commit().await?;
    Ok(codes)
}
