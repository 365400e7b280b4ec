//! Inputs and payloads of the accounts' mutations.

use async_graphql::{InputObject, SimpleObject};

use super::graphql::{Role, User, Viewer};
use crate::graphql::UserError;

/// Name and password.
#[derive(InputObject)]
pub struct SignInInput {
    /// Name to sign in with; case does not matter.
    pub username: String,
    /// Password.
    #[graphql(secret)]
    pub password: String,
}

/// Answer of `signIn`.
#[derive(SimpleObject)]
pub struct SignInPayload {
    /// The signed-in person; null when refused.
    pub viewer: Option<Viewer>,
    /// Why it was refused.
    pub errors: Vec<UserError>,
}

/// Answer of `signOut`.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    /// Always empty.
    pub errors: Vec<UserError>,
}

/// Current and new password.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The password you signed in with.
    #[graphql(secret)]
    pub current_password: String,
    /// The password you want: long, and not easy to guess.
    #[graphql(secret)]
    pub new_password: String,
}

/// Answer of `changePassword`.
#[derive(SimpleObject)]
pub struct ChangePasswordPayload {
    /// The signed-in person; null when nothing was changed.
    pub viewer: Option<Viewer>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// A new account.
#[derive(InputObject)]
pub struct CreateUserInput {
    /// Name to sign in with: letters a–z, digits, dots, dashes, underscores.
    pub username: String,
    /// Name shown to others.
    pub display_name: String,
    /// Mail address.
    pub email: Option<String>,
    /// What they may do.
    #[graphql(default_with = "Role::Member")]
    pub role: Role,
}

/// Answer of `createUser`.
#[derive(SimpleObject)]
pub struct CreateUserPayload {
    /// The new account; null when none was made.
    pub user: Option<User>,
    /// The temporary password, shown this once. It works for 72 hours and must be changed at the first sign-in.
    pub temporary_password: Option<String>,
    /// Why no account was made.
    pub errors: Vec<UserError>,
}
