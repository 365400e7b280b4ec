//! Pages in the schema.

use async_graphql::{
    ComplexObject, Context, Enum, ID, Object, SimpleObject, connection::Connection,
};
use chrono::{DateTime, Utc};
use entity::page;
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

use super::service;
use crate::{
    alerts::graphql::{Incident, incidents_at},
    app::App,
    error::Result,
    graphql::{NodeId, Page as Slice, PageArgs, Total},
    viewer::{Viewer, ViewerExt},
};

/// What the last probes of a page found.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(remote = "page::Health")]
pub enum PageHealth {
    /// It answers.
    Up,
    /// It does not answer, or with an error of its own, several times in a row.
    Down,
    /// It was not probed yet, or is not to be.
    Unknown,
}

/// Which pages to list.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum PageScope {
    /// Those you may open.
    Mine,
    /// All of them; for admins.
    All,
}

/// An internal page.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub struct Page {
    /// Opaque id.
    pub id: ID,
    /// Name on the card.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Name of a Tabler icon such as `brand-git`, or an https URL of a picture; null for the first letter.
    pub icon: Option<String>,
    /// Heading its card stands under; empty for none.
    pub category: String,
    /// One line about it.
    pub description: String,
    /// Place among the pages of its category.
    pub position: i32,
    /// True when everybody who is signed in may open it.
    pub for_everyone: bool,
    /// What runs it: `namespace` or `namespace/workload`.
    pub runs_in: Option<String>,
    /// True when it is probed.
    pub probed: bool,
    /// What the last probes found.
    pub health: PageHealth,
    /// Since when its health is as it is; null before the first probe.
    pub health_since: Option<DateTime<Utc>>,
    /// When it was probed last.
    pub checked_at: Option<DateTime<Utc>>,
    /// Where it was found, such as `homelab/Ingress lab/grafana`; null when an admin added it.
    pub discovered_from: Option<String>,
    /// Grows with each edit; give it back in `expectedVersion`.
    pub version: i32,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    #[graphql(skip)]
    row_problem: Option<String>,
}

/// Fields that are looked up.
#[ComplexObject]
impl Page {
    /// What the last probe met, such as `HTTP 502`; null while all is well, and unless you are an admin.
    async fn problem(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.admin().ok()?;
        self.row_problem.clone()
    }

    /// Open incidents of what runs it, the newest first.
    #[graphql(complexity = "5 + child_complexity")]
    async fn incidents(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Incident>> {
        match &self.runs_in {
            None => Ok(Vec::new()),
            Some(place) => Ok(incidents_at(ctx, place).await?),
        }
    }
}

impl From<page::Model> for Page {
    fn from(row: page::Model) -> Self {
        Self {
            id: NodeId::encode("Page", row.id),
            name: row.name,
            url: row.url,
            icon: row.icon,
            category: row.category,
            description: row.description,
            position: row.position,
            for_everyone: row.for_everyone,
            runs_in: row.runs_in,
            probed: row.probed,
            health: row.health.into(),
            health_since: row.health_since,
            checked_at: row.checked_at,
            discovered_from: row.discovered_from,
            version: row.version,
            created_at: row.created_at,
            row_problem: row.problem,
        }
    }
}

/// What pages are sorted by.
type Key = (String, i32, String, Uuid);

/// Pages: queries.
#[derive(Default)]
pub struct PageQuery;

#[Object]
impl PageQuery {
    /// Internal pages by category, position and name: those you may open, or all of them for admins.
    #[graphql(complexity = "crate::graphql::page::price(first, last, child_complexity)")]
    async fn pages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which pages to list.", default_with = "PageScope::Mine")]
        scope: PageScope,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Page, Total>> {
        let wanted = match scope {
            PageScope::Mine => service::visible_to(ctx.viewer()?),
            PageScope::All => {
                ctx.admin()?;
                page::Entity::find()
            }
        };
        let db = ctx.data_unchecked::<App>().db.clone();
        let slice = Slice::<Key>::parse(PageArgs {
            first,
            after,
            last,
            before,
        })?;
        let mut cursor = wanted.clone().cursor_by((
            page::Column::Category,
            page::Column::Position,
            page::Column::Name,
            page::Column::Id,
        ));
        let rows = slice.query(&mut cursor, &db).await?;
        let total = Total::counted(move || {
            let (wanted, db) = (wanted.clone(), db.clone());
            async move { Ok(wanted.count(&db).await?) }
        });
        let key =
            |row: &page::Model| (row.category.clone(), row.position, row.name.clone(), row.id);
        Ok(slice.connection(rows, total, key, Page::from))
    }
}

/// A page for `node(id)`: one that somebody may open.
///
/// # Errors
/// The database's.
pub async fn node(app: &App, viewer: &Viewer, id: Uuid) -> Result<Option<Page>> {
    let row = service::find_visible(&app.db, viewer, id).await?;
    Ok(row.map(Page::from))
}
