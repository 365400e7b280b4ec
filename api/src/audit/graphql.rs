//! The audit log in the schema.

use async_graphql::{
    ComplexObject, Context, ID, InputObject, Object, SimpleObject, connection::Connection,
};
use chrono::{DateTime, Utc};
use entity::audit_event;
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

use super::{Action, Outcome, filter::Filter, parse};
use crate::{
    app::App,
    error::{Error, Result},
    graphql::{NodeId, Page, PageArgs, Total},
    text,
    users::graphql::{User, author},
    viewer::ViewerExt,
};

/// Something that was done, or refused.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub struct AuditEvent {
    /// Opaque id.
    pub id: ID,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub action: Action,
    /// How it went.
    pub outcome: Outcome,
    /// Their name then, even when the account is gone; null when nobody was signed in.
    pub actor: Option<String>,
    /// Name of the API token that was used.
    pub token: Option<String>,
    /// Client address.
    pub address: String,
    /// Name of what it was done to.
    pub target: Option<String>,
    /// What changed or why it was refused, without secrets.
    pub detail: Option<String>,
    /// The request, as in the server's log.
    pub request_id: Option<String>,
    #[graphql(skip)]
    actor_id: Option<Uuid>,
}

/// Fields that are looked up.
#[ComplexObject]
impl AuditEvent {
    /// The account, if it is still there.
    async fn actor_user(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<User>> {
        let found = author(ctx, self.actor_id).await;
        found.map_err(Into::into).transpose()
    }
}

impl AuditEvent {
    /// An event of a row.
    ///
    /// # Errors
    /// INTERNAL for an action this version does not know.
    pub fn from_row(row: audit_event::Model) -> Result<Self> {
        let unknown = || anyhow::anyhow!("an audit event of an unknown kind: {}", row.action);
        Ok(Self {
            id: NodeId::encode("AuditEvent", row.id),
            at: row.at,
            action: parse(&row.action).ok_or_else(unknown)?,
            outcome: parse(&row.outcome).ok_or_else(unknown)?,
            actor: row.actor,
            token: row.token,
            address: row.address,
            target: row.target,
            detail: row.detail,
            request_id: row.request_id,
            actor_id: row.actor_id,
        })
    }
}

/// Which events.
#[derive(InputObject, Default)]
pub struct AuditFilter {
    /// Any of these actions.
    pub actions: Option<Vec<Action>>,
    /// Done, or denied.
    pub outcome: Option<Outcome>,
    /// Events of this account.
    pub actor: Option<ID>,
    /// Not before.
    pub since: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
    /// Part of the actor's, token's, target's, detail's or address's text; case does not matter.
    pub search: Option<String>,
}

impl AuditFilter {
    fn parse(self) -> Result<Filter> {
        let actor = self.actor.map(|id| NodeId::uuid(&id, "User")).transpose();
        Ok(Filter {
            actions: self.actions.unwrap_or_default(),
            outcome: self.outcome,
            actor: actor.map_err(|_| {
                Error::Invalid(
                    text!("This is not an account's id.", "계정의 id가 아닙니다."),
                    vec!["filter".into(), "actor".into()],
                )
            })?,
            since: self.since,
            until: self.until,
            search: self.search.unwrap_or_default(),
        })
    }
}

/// The audit log: queries.
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// What was done and refused, newest first. For admins. The same as a file: `/export/audit.csv` or
    /// `/export/audit.jsonl`, with the filter's fields as parameters (actions by commas).
    #[graphql(complexity = "crate::graphql::page::price(first, last, child_complexity)")]
    async fn audit_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which events; all without it.")] filter: Option<AuditFilter>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, AuditEvent, Total>> {
        ctx.admin()?;
        let db = ctx.data_unchecked::<App>().db.clone();
        let filter = filter.unwrap_or_default().parse()?;
        let page = Page::<(DateTime<Utc>, Uuid)>::parse(PageArgs {
            first,
            after,
            last,
            before,
        })?;
        let mut cursor = filter
            .select()
            .cursor_by((audit_event::Column::At, audit_event::Column::Id));
        cursor.desc();
        let rows = page.query(&mut cursor, &db).await?;
        let rows = rows
            .into_iter()
            .map(|row| Ok(((row.at, row.id), AuditEvent::from_row(row)?)));
        let rows = rows.collect::<Result<Vec<_>>>()?;
        let total = Total::counted(move || {
            let (db, all) = (db.clone(), filter.select());
            async move { Ok(all.count(&db).await?) }
        });
        Ok(page.connection(rows, total, |(key, _)| *key, |(_, event)| event))
    }
}

/// An event for `node(id)`.
///
/// # Errors
/// The database's.
pub async fn node(app: &App, id: Uuid) -> Result<Option<AuditEvent>> {
    let row = audit_event::Entity::find_by_id(id).one(&app.db).await?;
    row.map(AuditEvent::from_row).transpose()
}
