//! Who is asking.

use async_graphql::{Context, Enum};
use chrono::{DateTime, Utc};
use entity::{user::Role, user_right::Right};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    locale::Text,
    text,
};

tokio::task_local! {
    /// Id of the HTTP request or socket being served: in log lines and in internal errors.
    pub static REQUEST_ID: String;
}

/// What somebody is told who is no admin.
pub fn only_admins() -> Error {
    Error::Forbidden(text!(
        "Only admins may do this.",
        "관리자만 할 수 있습니다."
    ))
}

/// The id of the request being served; empty outside one.
pub fn request_id() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Client address.
    pub address: String,
    /// `User-Agent`, shortened.
    pub user_agent: String,
}

/// What an API token may be used for. Reading an area never includes changing it.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[graphql(name = "TokenScope")]
pub enum Scope {
    /// Who the owner is and what they may do.
    AccountRead,
    /// Notices and requests.
    BoardsRead,
    /// Writes posts and comments.
    BoardsWrite,
    /// Pods, certificates, sources.
    ClusterRead,
    /// What containers say.
    LogsRead,
    /// Incidents, channels, deliveries.
    AlertsRead,
    /// Manages channels.
    AlertsWrite,
    /// The catalogue of pages.
    PagesRead,
    /// Edits the catalogue of pages.
    PagesWrite,
    /// Accounts, groups and boxes.
    UsersRead,
    /// Manages accounts, groups and boxes.
    UsersWrite,
    /// The audit log.
    AuditRead,
}

/// What proved who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A browser's session.
    Session(Uuid),
    /// A program's token.
    Token {
        /// The token's row.
        id: Uuid,
        /// Name its owner gave it.
        name: String,
        /// What it may be used for.
        scopes: Vec<Scope>,
    },
}

/// A signed-in person, as their session or token and the database agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Their account.
    pub user_id: Uuid,
    /// The name they sign in with.
    pub username: String,
    /// What they came with.
    pub credential: Credential,
    /// What they may do.
    pub role: Role,
    /// Rights ticked for them or a group of theirs, sorted; admins have all of them anyway.
    pub rights: Vec<Right>,
    /// Until they change their temporary password, nothing else works.
    pub must_change_password: bool,
    /// When what they came with ends.
    pub expires_at: DateTime<Utc>,
}

impl Viewer {
    /// True for admins.
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }

    /// True when they have a right.
    pub fn has(&self, right: Right) -> bool {
        self.is_admin() || self.rights.contains(&right)
    }

    /// The browser's session; `None` for a program.
    pub fn session(&self) -> Option<Uuid> {
        match self.credential {
            Credential::Session(id) => Some(id),
            Credential::Token { .. } => None,
        }
    }

    /// True unless a token comes without this scope.
    pub fn allows(&self, scope: Scope) -> bool {
        match &self.credential {
            Credential::Session(_) => true,
            Credential::Token { scopes, .. } => scopes.contains(&scope),
        }
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
    /// The viewer, who must have a right.
    ///
    /// # Errors
    /// As `viewer`, and FORBIDDEN.
    fn with(&self, right: Right) -> Result<&Viewer>;
    /// Where the request comes from.
    fn origin(&self) -> Origin;
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
            Err(only_admins())
        }
    }

    fn with(&self, right: Right) -> Result<&Viewer> {
        let viewer = self.viewer()?;
        if viewer.has(right) {
            return Ok(viewer);
        }
        let what = match right {
            Right::ClusterView => ("see the cluster", "클러스터를 볼"),
            Right::LogsView => ("read logs", "로그를 볼"),
            Right::NoticesWrite => ("write notices", "공지를 쓸"),
            Right::ChannelsManage => ("manage alert channels", "알림 채널을 관리할"),
        };
        let (en, ko) = what;
        Err(Error::Forbidden(Text::new(
            format!("You may not {en}: ask an admin to tick that box."),
            format!("{ko} 권한이 없습니다. 관리자에게 권한을 요청하세요."),
        )))
    }

    fn origin(&self) -> Origin {
        self.data_opt::<Origin>().cloned().unwrap_or_default()
    }
}
