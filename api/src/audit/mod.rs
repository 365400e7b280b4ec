//! What was done, by whom and from where: every sign-in, denial and act of an admin.
//!
//! An event is a row in the transaction of what it tells, so that neither exists without the other. Names are kept as
//! they were: an account may be gone when somebody asks. Details never hold a secret. A denial is told once a minute
//! for the same person and thing, so that a script that knocks cannot fill the table.

pub mod filter;
pub mod graphql;

use std::time::Duration;

use async_graphql::{Context, Enum, resolver_utils::EnumType};
use chrono::TimeDelta;
use entity::audit_event;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter,
};
use uuid::Uuid;

use crate::{
    app::App,
    clock::Clock,
    error::Result,
    viewer::{Credential, Origin, Viewer, ViewerExt},
};

/// The same denial within this time is told once.
const SAME: TimeDelta = TimeDelta::seconds(60);
/// How often old events are removed.
const SWEEP: Duration = Duration::from_secs(24 * 3600);
/// Longest name of a target.
const MAX_TARGET: usize = 300;

/// What was done.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "AuditAction")]
pub enum Action {
    /// Signed in, or tried to.
    SignIn,
    /// Signed out.
    SignOut,
    /// Ended a session.
    SessionEnd,
    /// A refresh secret was used twice: the session was ended.
    RefreshReused,
    /// Changed their password.
    PasswordChange,
    /// Asked for a new password.
    PasswordResetRequest,
    /// Turned the second factor on.
    TwoFactorEnable,
    /// Turned a second factor off.
    TwoFactorDisable,
    /// Signed in with a recovery code.
    RecoveryCodeUse,
    /// Made new recovery codes.
    RecoveryCodesRenew,
    /// Added a passkey.
    PasskeyAdd,
    /// Removed a passkey, or all of an account.
    PasskeyRemove,
    /// Signed in with a passkey, or tried to.
    PasskeySignIn,
    /// Made an API token.
    TokenCreate,
    /// Revoked an API token.
    TokenRevoke,
    /// Made an account.
    UserCreate,
    /// Edited an account.
    UserUpdate,
    /// Deleted an account.
    UserDelete,
    /// Locked an account, or it locked after too many wrong passwords.
    UserLock,
    /// Unlocked an account.
    UserUnlock,
    /// Issued a temporary password.
    UserTemporaryPassword,
    /// Made a group.
    GroupCreate,
    /// Renamed a group.
    GroupUpdate,
    /// Deleted a group.
    GroupDelete,
    /// Took somebody into a group.
    GroupMemberAdd,
    /// Took somebody out of a group.
    GroupMemberRemove,
    /// Ticked a box.
    AccessGrant,
    /// Unticked a box.
    AccessRevoke,
    /// Added a page.
    PageCreate,
    /// Edited a page.
    PageUpdate,
    /// Removed a page.
    PageDelete,
    /// Added an alert channel.
    ChannelCreate,
    /// Edited an alert channel.
    ChannelUpdate,
    /// Deleted an alert channel.
    ChannelDelete,
    /// Sent a test message, by means of a channel's secret.
    ChannelTest,
    /// Tried a delivery again.
    DeliveryRetry,
    /// Wrote a notice.
    NoticeCreate,
    /// Deleted a post.
    PostDelete,
    /// Deleted a comment.
    CommentDelete,
    /// Exported the audit log.
    AuditExport,
    /// Asked for a page that they may not open.
    PageOpen,
    /// Asked the API for something that they may not do.
    ApiUse,
}

/// How it went.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "AuditOutcome")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused.
    Denied,
}

/// Who did it.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    id: Option<Uuid>,
    name: Option<String>,
    token: Option<String>,
    address: String,
}

impl Actor {
    /// Whoever asks in a request.
    pub fn of(ctx: &Context<'_>) -> Self {
        Self::new(ctx.someone(), &ctx.origin())
    }

    /// A viewer, or nobody who is signed in.
    pub fn new(viewer: Option<&Viewer>, origin: &Origin) -> Self {
        Self {
            id: viewer.map(|v| v.user_id),
            name: viewer.map(|v| v.username.clone()),
            token: viewer.and_then(|v| match &v.credential {
                Credential::Token { name, .. } => Some(name.clone()),
                Credential::Session(_) => None,
            }),
            address: origin.address.clone(),
        }
    }

    /// An account that proves itself just now.
    pub fn account(user: &entity::user::Model, origin: &Origin) -> Self {
        Self {
            id: Some(user.id),
            name: Some(user.username.clone()),
            token: None,
            address: origin.address.clone(),
        }
    }

    /// What a cluster says of itself.
    pub fn cluster(name: &str) -> Self {
        Self {
            name: Some(format!("cluster {name}")),
            address: "cluster".into(),
            ..Self::default()
        }
    }

    /// Whoever owns the machine, at its command line.
    pub fn owner() -> Self {
        Self {
            name: Some("porthole admin".into()),
            address: "local".into(),
            ..Self::default()
        }
    }
}

/// One thing that was done or refused.
#[derive(Clone, Debug)]
pub struct Event {
    action: Action,
    outcome: Outcome,
    target: Option<String>,
    detail: Option<String>,
}

impl Event {
    /// Something that was done.
    pub fn done(action: Action, target: impl Into<String>) -> Self {
        Self {
            action,
            outcome: Outcome::Done,
            target: Some(target.into()).filter(|t: &String| !t.is_empty()),
            detail: None,
        }
    }

    /// Something that was refused, and why.
    pub fn denied(action: Action, target: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Denied,
            ..Self::done(action, target)
        }
        .detail(why)
    }

    /// More about it; never a secret.
    pub fn detail(mut self, text: impl Into<String>) -> Self {
        self.detail = Some(text.into()).filter(|t| !t.is_empty());
        self
    }
}

/// Writes an event.
///
/// # Errors
/// The database's.
pub async fn record(
    db: &impl ConnectionTrait,
    clock: &Clock,
    by: &Actor,
    event: Event,
) -> Result<()> {
    let row = audit_event::ActiveModel {
        id: Set(clock.new_id()),
        at: Set(clock.now()),
        action: Set(text(event.action)),
        outcome: Set(text(event.outcome)),
        actor_id: Set(by.id),
        actor: Set(by.name.clone()),
        token: Set(by.token.clone()),
        address: Set(by.address.clone()),
        target: Set(event.target.map(|t| t.chars().take(MAX_TARGET).collect())),
        detail: Set(event.detail),
        request_id: Set(Some(crate::viewer::request_id()).filter(|id| !id.is_empty())),
    };
    row.insert(db).await?;
    Ok(())
}

/// Writes a denial, unless the same one was written a moment ago. What fails here is logged: the answer is given anyway.
pub async fn record_denial(app: &App, by: &Actor, event: Event) {
    let written = async {
        let same = audit_event::Entity::find()
            .filter(audit_event::Column::At.gt(app.clock.now() - SAME))
            .filter(audit_event::Column::Action.eq(text(event.action)))
            .filter(audit_event::Column::Outcome.eq(text(event.outcome)))
            .filter(audit_event::Column::Address.eq(by.address.as_str()))
            .filter(same(audit_event::Column::ActorId, by.id))
            .filter(same(audit_event::Column::Target, event.target.clone()))
            .filter(same(audit_event::Column::Detail, event.detail.clone()));
        if same.count(&app.db).await? == 0 {
            record(&app.db, &app.clock, by, event).await?;
        }
        Ok::<_, crate::error::Error>(())
    };
    if let Err(e) = written.await {
        let error = e.into_anyhow();
        tracing::error!(
            error = format!("{error:#}"),
            "a denial could not be recorded"
        );
    }
}

/// Removes events that are older than the settings say, now and once a day.
pub fn start(app: &App) {
    if app.config.audit_days == 0 {
        return;
    }
    let kept = TimeDelta::days(i64::from(app.config.audit_days));
    let sweeper = app.clone();
    app.spawn(async move {
        let mut tick = tokio::time::interval(SWEEP);
        loop {
            tick.tick().await;
            let old = audit_event::Column::At.lt(sweeper.clock.now() - kept);
            let gone = audit_event::Entity::delete_many().filter(old);
            if let Err(e) = gone.exec(&sweeper.db).await {
                tracing::warn!(error = %e, "old audit events could not be removed");
            }
        }
    });
}

fn same<V: Into<sea_orm::Value>>(
    column: audit_event::Column,
    value: Option<V>,
) -> sea_orm::sea_query::SimpleExpr {
    match value {
        Some(value) => column.eq(value),
        None => column.is_null(),
    }
}

/// The name of an action or outcome, as in the API.
pub fn text<E: EnumType>(value: E) -> String {
    let name = E::items().iter().find(|item| item.value == value);
    name.map_or_else(String::new, |item| item.name.to_owned())
}

/// What `text` wrote.
pub fn parse<E: EnumType + Copy>(text: &str) -> Option<E> {
    let item = E::items().iter().find(|item| item.name == text)?;
    Some(item.value)
}
