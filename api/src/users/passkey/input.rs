//! Inputs and payloads of the passkeys' mutations.

use async_graphql::{ID, InputObject, SimpleObject};

use super::graphql::Passkey;
use crate::{
    graphql::UserError,
    users::{graphql::Viewer, input::SignInPayload},
};

/// What the browser needs to make a passkey: WebAuthn's creation options. Bytes are base64url without padding.
#[derive(SimpleObject)]
pub struct PasskeyCreation {
    /// To be signed within five minutes, once.
    pub challenge: String,
    /// Host name that the passkey is for.
    pub relying_party: String,
    /// Name of this installation.
    pub relying_party_name: String,
    /// You, as the authenticator keeps you.
    pub user_handle: String,
    /// Name to sign in with.
    pub username: String,
    /// Name shown to others.
    pub display_name: String,
    /// COSE numbers of the algorithms that are taken, the best first.
    pub algorithms: Vec<i32>,
    /// Passkeys you have: an authenticator that holds one makes no other.
    pub exclude: Vec<String>,
}

/// What the browser needs to sign in with a passkey: WebAuthn's request options.
#[derive(SimpleObject)]
pub struct PasskeyRequest {
    /// To be signed within five minutes, once; base64url without padding.
    pub challenge: String,
    /// Host name that the passkey is for.
    pub relying_party: String,
}

/// Proof that it is you.
#[derive(InputObject)]
pub struct StartPasskeyRegistrationInput {
    /// Your password.
    #[graphql(secret)]
    pub password: String,
}

/// Answer of `startPasskeyRegistration`.
#[derive(SimpleObject)]
pub struct StartPasskeyRegistrationPayload {
    /// For the browser; null when refused.
    pub creation: Option<PasskeyCreation>,
    /// Why it was refused.
    pub errors: Vec<UserError>,
}

/// A new passkey. Bytes are base64url without padding.
#[derive(InputObject)]
pub struct FinishPasskeyRegistrationInput {
    /// Name to know it by, 1 to 100 characters.
    pub name: String,
    /// WebAuthn's `clientDataJSON`.
    pub client_data: String,
    /// WebAuthn's `attestationObject`; the attestation itself is neither asked for nor checked.
    pub attestation_object: String,
}

/// Answer of `finishPasskeyRegistration`.
#[derive(SimpleObject)]
pub struct FinishPasskeyRegistrationPayload {
    /// The passkey; null when it was not taken.
    pub passkey: Option<Passkey>,
    /// Why it was not taken.
    pub errors: Vec<UserError>,
}

/// A new name for a passkey.
#[derive(InputObject)]
pub struct RenamePasskeyInput {
    /// The passkey.
    pub id: ID,
    /// Name to know it by, 1 to 100 characters.
    pub name: String,
}

/// Answer of `renamePasskey`.
#[derive(SimpleObject)]
pub struct RenamePasskeyPayload {
    /// The passkey; null when nothing was changed.
    pub passkey: Option<Passkey>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// A passkey to remove.
#[derive(InputObject)]
pub struct DeletePasskeyInput {
    /// The passkey.
    pub id: ID,
    /// Your password.
    #[graphql(secret)]
    pub password: String,
}

/// Answer of `deletePasskey`.
#[derive(SimpleObject)]
pub struct DeletePasskeyPayload {
    /// Id of the passkey that is gone; null when none was removed.
    pub deleted_id: Option<ID>,
    /// Why none was removed.
    pub errors: Vec<UserError>,
}

/// Answer of `startPasskeySignIn`.
#[derive(SimpleObject)]
pub struct StartPasskeySignInPayload {
    /// For the browser.
    pub request: Option<PasskeyRequest>,
    /// Always empty.
    pub errors: Vec<UserError>,
}

/// What the authenticator signed. Bytes are base64url without padding.
#[derive(InputObject)]
pub struct FinishPasskeySignInInput {
    /// WebAuthn's `id` of the credential.
    pub credential_id: String,
    /// WebAuthn's `userHandle`.
    pub user_handle: String,
    /// WebAuthn's `clientDataJSON`.
    pub client_data: String,
    /// WebAuthn's `authenticatorData`.
    pub authenticator_data: String,
    /// WebAuthn's `signature`.
    pub signature: String,
}

/// Answer of `finishPasskeySignIn`.
#[derive(SimpleObject)]
pub struct FinishPasskeySignInPayload {
    /// The signed-in person; null when refused.
    pub viewer: Option<Viewer>,
    /// Why it was refused.
    pub errors: Vec<UserError>,
}

impl From<SignInPayload> for FinishPasskeySignInPayload {
    fn from(SignInPayload { viewer, errors }: SignInPayload) -> Self {
        Self { viewer, errors }
    }
}
