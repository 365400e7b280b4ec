//! Passkeys in the schema.

use async_graphql::{Context, ID, Object, SimpleObject};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use entity::passkey;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, ModelTrait};
use uuid::Uuid;

use super::{
    Assertion, challenge,
    cose::ALGORITHMS,
    input::{
        DeletePasskeyInput, DeletePasskeyPayload, FinishPasskeyRegistrationInput,
        FinishPasskeyRegistrationPayload, FinishPasskeySignInInput, FinishPasskeySignInPayload,
        PasskeyCreation, PasskeyRequest, RenamePasskeyInput, RenamePasskeyPayload,
        StartPasskeyRegistrationInput, StartPasskeyRegistrationPayload, StartPasskeySignInPayload,
    },
    party::RelyingParty,
};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    error::{Error, Result},
    graphql::{NodeId, Outcome},
    live::Tx,
    text,
    users::{graphql::is_open_to, mutation, own_password, profile},
    viewer::{Viewer, ViewerExt},
};

/// What signs somebody in without a password.
#[derive(SimpleObject)]
pub struct Passkey {
    /// Opaque id.
    pub id: ID,
    /// Name its owner gave it.
    pub name: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// Last sign-in with it; null before the first.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl From<passkey::Model> for Passkey {
    fn from(row: passkey::Model) -> Self {
        Self {
            id: NodeId::encode("Passkey", row.id),
            name: row.name,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// The passkeys of somebody.
///
/// # Errors
/// The database's.
pub async fn passkeys_of(ctx: &Context<'_>, user: Uuid) -> Result<Vec<Passkey>> {
    let rows = super::of(&ctx.data_unchecked::<App>().db, user).await?;
    Ok(rows.into_iter().map(Passkey::from).collect())
}

/// A passkey for `node(id)`: yours, or anybody's for admins.
///
/// # Errors
/// The database's.
pub async fn node(app: &App, viewer: &Viewer, id: Uuid) -> Result<Option<Passkey>> {
    let row = passkey::Entity::find_by_id(id).one(&app.db).await?;
    let seen = row.filter(|row| is_open_to(viewer, row.user_id));
    Ok(seen.map(Passkey::from))
}

/// Passkeys: mutations.
#[derive(Default)]
pub struct PasskeyMutation;

#[Object]
impl PasskeyMutation {
    /// Begins to add a passkey of yours. Nothing changes until `finishPasskeyRegistration`. UNAVAILABLE where
    /// `server.passkeys` is false.
    async fn start_passkey_registration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Your password.")] input: StartPasskeyRegistrationInput,
    ) -> async_graphql::Result<StartPasskeyRegistrationPayload> {
        let started = start(ctx.data_unchecked(), ctx.viewer()?, input).await;
        let Outcome { value, errors } = Outcome::of(started)?;
        Ok(StartPasskeyRegistrationPayload {
            creation: value,
            errors,
        })
    }

    /// Adds a passkey of yours, once the browser made it.
    async fn finish_passkey_registration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The passkey.")] input: FinishPasskeyRegistrationInput,
    ) -> async_graphql::Result<FinishPasskeyRegistrationPayload> {
        let viewer = ctx.viewer()?;
        let added = finish(ctx.data_unchecked(), viewer, &Actor::of(ctx), input).await;
        let Outcome { value, errors } = Outcome::of(added)?;
        Ok(FinishPasskeyRegistrationPayload {
            passkey: value.map(Passkey::from),
            errors,
        })
    }

    /// Renames a passkey of yours.
    async fn rename_passkey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and how.")] input: RenamePasskeyInput,
    ) -> async_graphql::Result<RenamePasskeyPayload> {
        let renamed = rename(ctx.data_unchecked(), ctx.viewer()?, &input).await;
        let Outcome { value, errors } = Outcome::of(renamed)?;
        Ok(RenamePasskeyPayload {
            passkey: value.map(Passkey::from),
            errors,
        })
    }

    /// Removes a passkey of yours: it signs nobody in any more. `disableTwoFactor` removes all of somebody's, for admins.
    async fn delete_passkey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The passkey.")] input: DeletePasskeyInput,
    ) -> async_graphql::Result<DeletePasskeyPayload> {
        let viewer = ctx.viewer()?;
        let id = input.id.clone();
        let deleted = delete(ctx.data_unchecked(), viewer, &Actor::of(ctx), input).await;
        let Outcome { value, errors } = Outcome::of(deleted)?;
        Ok(DeletePasskeyPayload {
            deleted_id: value.map(|()| id),
            errors,
        })
    }

    /// Begins a sign-in with a passkey; no name is needed. UNAVAILABLE where `server.passkeys` is false.
    async fn start_passkey_sign_in(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<StartPasskeySignInPayload> {
        let app = ctx.data_unchecked::<App>();
        let (party, challenge) = super::start_sign_in(app, &ctx.origin()).await?;
        Ok(StartPasskeySignInPayload {
            request: Some(PasskeyRequest {
                challenge,
                relying_party: party.id,
            }),
            errors: Vec::new(),
        })
    }

    /// Signs in with a passkey and sets the session's cookies; counts as both factors. One identical error for every
    /// passkey that is not known or not right. A document may hold one.
    async fn finish_passkey_sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was signed.")] input: FinishPasskeySignInInput,
    ) -> async_graphql::Result<FinishPasskeySignInPayload> {
        let attempt = Assertion {
            credential_id: bytes(&input.credential_id),
            user_handle: bytes(&input.user_handle),
            client_data: bytes(&input.client_data),
            authenticator_data: bytes(&input.authenticator_data),
            signature: bytes(&input.signature),
        };
        let app = ctx.data_unchecked::<App>();
        let outcome = super::sign_in(app, &ctx.origin(), &attempt).await?;
        Ok(mutation::answer(ctx, outcome).into())
    }
}

async fn start(
    app: &App,
    asker: &Viewer,
    input: StartPasskeyRegistrationInput,
) -> Result<PasskeyCreation> {
    let party = RelyingParty::of(&app.config)?;
    let user =
        own_password::confirm_password(app, asker, "password", input.password.into()).await?;
    let known = super::of(&app.db, user.id).await?;
    Ok(PasskeyCreation {
        challenge: challenge::make(&app.db, Some(user.id), app.clock.now()).await?,
        relying_party: party.id,
        relying_party_name: party.name,
        user_handle: URL_SAFE_NO_PAD.encode(user.id),
        username: user.username,
        display_name: user.display_name,
        algorithms: ALGORITHMS.to_vec(),
        exclude: known
            .iter()
            .map(|row| URL_SAFE_NO_PAD.encode(&row.credential_id))
            .collect(),
    })
}

async fn finish(
    app: &App,
    asker: &Viewer,
    by: &Actor,
    input: FinishPasskeyRegistrationInput,
) -> Result<passkey::Model> {
    let (client, attestation) = (bytes(&input.client_data), bytes(&input.attestation_object));
    let made = super::check(app, asker.user_id, &client, &attestation).await?;
    let name = profile::one_line("name", &input.name)?;
    let tx = app.begin().await?;
    let row = super::add(app, &*tx, asker.user_id, name, made).await?;
    let event = Event::done(Action::PasskeyAdd, &asker.username).detail(&row.name);
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.commit().await?;
    Ok(row)
}

async fn rename(app: &App, asker: &Viewer, input: &RenamePasskeyInput) -> Result<passkey::Model> {
    let name = profile::one_line("name", &input.name)?;
    let tx = app.begin().await?;
    let mut row = find(&tx, asker, &input.id).await?.into_active_model();
    row.name = Set(name);
    let row = row.update(&*tx).await?;
    tx.commit().await?;
    Ok(row)
}

async fn delete(app: &App, asker: &Viewer, by: &Actor, input: DeletePasskeyInput) -> Result<()> {
    own_password::confirm_password(app, asker, "password", input.password.into()).await?;
    let tx = app.begin().await?;
    let row = find(&tx, asker, &input.id).await?;
    let event = Event::done(Action::PasskeyRemove, &asker.username).detail(&row.name);
    audit::record(&*tx, &app.clock, by, event).await?;
    row.delete(&*tx).await?;
    Ok(tx.commit().await?)
}

/// A passkey of the viewer's own.
async fn find(tx: &Tx, asker: &Viewer, id: &ID) -> Result<passkey::Model> {
    let id = NodeId::uuid(id, "Passkey")?;
    let row = passkey::Entity::find_by_id(id).one(&**tx).await?;
    row.filter(|row| row.user_id == asker.user_id)
        .ok_or_else(|| Error::NotFound(text!("This passkey is gone.", "없는 패스키입니다.")))
}

/// Bytes from base64url; none from anything else, which then proves nothing.
fn bytes(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap_or_default()
}
