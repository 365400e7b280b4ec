//! Asking for incidents and channels.

use async_graphql::{Context, Object, connection::Connection};
use entity::{channel, incident, user_right::Right};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    channel::Channel,
    incident::{Incident, IncidentState},
};
use crate::{
    alerts::visible,
    app::App,
    error::{Error, Result},
    graphql::{Page, PageArgs, Total, page::price},
    viewer::ViewerExt,
};

/// Which incidents to list.
#[derive(async_graphql::InputObject, Default)]
pub struct IncidentFilter {
    /// Only in this state.
    state: Option<IncidentState>,
    /// Only in this namespace.
    namespace: Option<String>,
}

/// Most incidents shown with a page.
const MAX_AT: u64 = 20;

/// Alerts: queries.
#[derive(Default)]
pub struct AlertQuery;

#[Object]
impl AlertQuery {
    /// Incidents, newest first: all for those who see the cluster, those of your pages for everybody.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    async fn incidents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which incidents to list.")] filter: Option<IncidentFilter>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Incident, Total>> {
        let concerned = visible::to(ctx.data_unchecked(), ctx.viewer()?).await?;
        let page = Page::<i32>::parse(PageArgs {
            first,
            after,
            last,
            before,
        })?;
        let db = ctx.data_unchecked::<App>().db.clone();
        let filter = filter.unwrap_or_default();
        let mut wanted = incident::Entity::find().filter(concerned);
        if let Some(state) = filter.state {
            wanted = wanted.filter(incident::Column::State.eq(incident::State::from(state)));
        }
        if let Some(namespace) = filter.namespace {
            wanted = wanted.filter(incident::Column::Namespace.eq(namespace));
        }
        let mut cursor = wanted.clone().cursor_by(incident::Column::Number);
        let rows = page.query(cursor.desc(), &db).await?;
        let incidents: Result<Vec<Incident>> = rows.iter().map(Incident::from_row).collect();
        let total = Total::counted(move || {
            let (wanted, db) = (wanted.clone(), db.clone());
            async move { Ok(wanted.count(&db).await?) }
        });
        Ok(page.connection(incidents?, total, |row| row.number, |row| row))
    }

    /// An incident by the number people use; null when there is none.
    async fn incident(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] number: i32,
    ) -> async_graphql::Result<Option<Incident>> {
        let app = ctx.data_unchecked::<App>();
        let by_number = incident::Entity::find()
            .filter(visible::to(app, ctx.viewer()?).await?)
            .filter(incident::Column::Number.eq(number));
        let row = by_number.one(&app.db).await.map_err(Error::from)?;
        Ok(row.as_ref().map(Incident::from_row).transpose()?)
    }

    /// Alert channels, by name. For those who manage them.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    async fn channels(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Channel, Total>> {
        ctx.with(Right::ChannelsManage)?;
        let page = Page::<String>::parse(PageArgs {
            first,
            after,
            last,
            before,
        })?;
        let db = ctx.data_unchecked::<App>().db.clone();
        let mut cursor = channel::Entity::find().cursor_by(channel::Column::Name);
        let rows = page.query(&mut cursor, &db).await?;
        let total = Total::counted(move || {
            let db = db.clone();
            async move { Ok(channel::Entity::find().count(&db).await?) }
        });
        Ok(page.connection(rows, total, |row| row.name.clone(), Channel::from))
    }
}

/// Open incidents of a place, `namespace` or `namespace/workload`, the newest first.
///
/// # Errors
/// The database's.
pub async fn incidents_at(ctx: &Context<'_>, place: &str) -> Result<Vec<Incident>> {
    let rows = incident::Entity::find()
        .filter(visible::at(place))
        .filter(incident::Column::State.eq(incident::State::Open))
        .order_by_desc(incident::Column::Number)
        .limit(MAX_AT)
        .all(&ctx.data_unchecked::<App>().db)
        .await?;
    rows.iter().map(Incident::from_row).collect()
}
