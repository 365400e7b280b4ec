//! Who is asking.

use async_graphql::Context;
use chrono::{DateTime, Utc};
use entity::user::Role;
use uuid::Uuid;

use crate::error::{Error, Result};

tokio::task_local! {
    /// Id of the HTTP request or socket being served: in log lines and in internal errors.
    pub static REQUEST_ID: String;
}

/// The id of the request being served; empty outside one.
pub fn request_id() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// A signed-in person, as their token and the database agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Their account.
    pub user_id: Uuid,
    /// Their browser's session.
    pub session_id: Uuid,
    /// What they may do.
    pub role: Role,
    /// Until they change their temporary password, nothing else works.
    pub must_change_password: bool,
    /// When the token they came with ends.
    pub expires_at: DateTime<Utc>,
}

impl Viewer {
    /// True for admins.
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }
}

/// Short ways for a resolver to ask who is there.
pub trait ViewerExt {
    /// The viewer, even one who must change their password first.
    fn someone(&self) -> Option<&Viewer>;
    /// The viewer.
    ///
    /// # Errors
    /// UNAUTHENTICATED, or PASSWORD_CHANGE_REQUIRED.
    fn viewer(&self) -> Result<&Viewer>;
    /// The viewer, who must be an admin.
    ///
    /// # Errors
    /// As `viewer`, and FORBIDDEN.
    fn admin(&self) -> Result<&Viewer>;
}

impl ViewerExt for Context<'_> {
    fn someone(&self) -> Option<&Viewer> {
        self.data_opt::<Viewer>()
    }

    fn viewer(&self) -> Result<&Viewer> {
        match self.someone() {
            None => Err(Error::Unauthenticated),
            Some(v) if v.must_change_password => Err(Error::PasswordChangeRequired),
            Some(v) => Ok(v),
        }
    }

    fn admin(&self) -> Result<&Viewer> {
        let viewer = self.viewer()?;
        if viewer.is_admin() {
            Ok(viewer)
        } else {
            Err(Error::Forbidden("Only admins may do this.".into()))
        }
    }
}
