//! Inputs and payloads of the accounts' mutations.

use async_graphql::{ID, InputObject, SimpleObject};

use super::{
    access::graphql::Right,
    graphql::{Role, User, Viewer},
};
use crate::graphql::UserError;

/// Name and password.
#[derive(InputObject)]
pub struct SignInInput {
    /// Name to sign in with; case does not matter.
    pub username: String,
    /// Password.
    #[graphql(secret)]
    pub password: String,
    /// Six digits of the authenticator, or a recovery code; asked for by the error SECOND_FACTOR_REQUIRED.
    #[graphql(secret)]
    pub code: Option<String>,
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
    /// Boxes to tick at once.
    #[graphql(default_with = "vec![Right::ClusterView]")]
    pub rights: Vec<Right>,
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

/// Whose password is to be replaced.
#[derive(InputObject)]
pub struct RequestPasswordResetInput {
    /// Name to sign in with.
    pub username: String,
}

/// Answer of `requestPasswordReset`.
#[derive(SimpleObject)]
pub struct RequestPasswordResetPayload {
    /// Always empty.
    pub errors: Vec<UserError>,
}

/// An account to lock.
#[derive(InputObject)]
pub struct LockUserInput {
    /// The account.
    pub id: ID,
}

/// Answer of `lockUser`.
#[derive(SimpleObject)]
pub struct LockUserPayload {
    /// The account; null when nothing was changed.
    pub user: Option<User>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// An account.
#[derive(InputObject)]
pub struct UnlockUserInput {
    /// The account.
    pub id: ID,
}

/// Answer of `unlockUser`.
#[derive(SimpleObject)]
pub struct UnlockUserPayload {
    /// The account; null when nothing was changed.
    pub user: Option<User>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// An account.
#[derive(InputObject)]
pub struct IssueTemporaryPasswordInput {
    /// The account.
    pub id: ID,
}

/// Answer of `issueTemporaryPassword`.
#[derive(SimpleObject)]
pub struct IssueTemporaryPasswordPayload {
    /// The account; null when nothing was changed.
    pub user: Option<User>,
    /// The temporary password, shown this once. It works for 72 hours and must be changed at the next sign-in.
    pub temporary_password: Option<String>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// An edit of an account; what is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateUserInput {
    /// The account.
    pub id: ID,
    /// New name shown to others.
    pub display_name: Option<String>,
    /// New mail address; empty removes it.
    pub email: Option<String>,
    /// New role.
    pub role: Option<Role>,
}

/// Answer of `updateUser`.
#[derive(SimpleObject)]
pub struct UpdateUserPayload {
    /// The account; null when nothing was changed.
    pub user: Option<User>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// An account to delete.
#[derive(InputObject)]
pub struct DeleteUserInput {
    /// The account.
    pub id: ID,
}

/// Answer of `deleteUser`.
#[derive(SimpleObject)]
pub struct DeleteUserPayload {
    /// Id of the account that is gone; null when nothing was deleted.
    pub deleted_id: Option<ID>,
    /// Why nothing was deleted.
    pub errors: Vec<UserError>,
}
