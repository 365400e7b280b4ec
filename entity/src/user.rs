//! People who sign in.

use sea_orm::entity::prelude::*;

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum Role {
    /// Manages accounts, channels and notices.
    #[sea_orm(string_value = "admin")]
    Admin,
    /// Reads and asks.
    #[sea_orm(string_value = "member")]
    Member,
}

/// A row of `users`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Name to sign in with, in lower case; unique.
    #[sea_orm(unique)]
    pub username: String,
    /// Name shown to others.
    pub display_name: String,
    /// Mail address, if known.
    pub email: Option<String>,
    /// What they may do.
    pub role: Role,
    /// argon2id hash in PHC form.
    pub password_hash: String,
    /// True while the password is one the server made: it must be changed before anything else works.
    pub must_change_password: bool,
    /// When a temporary password stops to work.
    pub password_expires_at: Option<DateTimeUtc>,
    /// Wrong passwords in a row.
    pub failed_attempts: i32,
    /// Set while the account is locked.
    pub locked_at: Option<DateTimeUtc>,
    /// True when an admin locked it; too many wrong passwords did otherwise.
    pub locked_by_admin: bool,
    /// Set when the person asked an admin for a new password.
    pub reset_requested_at: Option<DateTimeUtc>,
    /// When the account was made.
    pub created_at: DateTimeUtc,
    /// Last successful sign-in.
    pub last_sign_in_at: Option<DateTimeUtc>,
    /// Sealed secret of the authenticator; in use once `totp_enabled_at` is set.
    pub totp_secret: Option<Vec<u8>>,
    /// When the second factor was turned on.
    pub totp_enabled_at: Option<DateTimeUtc>,
    /// Time step of the last code that was taken: none is taken twice.
    pub totp_last_step: Option<i64>,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
