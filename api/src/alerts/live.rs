//! Incidents and deliveries as they change.

use async_graphql::{Context, SimpleObject, Subscription, Union};
use entity::{delivery, incident, user_right::Right};
use futures::{Stream, StreamExt};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    graphql::{Delivery, Incident},
    visible,
};
use crate::{
    app::App,
    error::Result,
    graphql::{
        live::{Delete, Heartbeat, Resync},
        page::encode_cursor,
        stream::{Next, changes, ticks},
    },
    live::Topic,
    viewer::{Viewer, ViewerExt},
};

/// Most items of a snapshot.
const SNAPSHOT: u64 = 100;

/// One step of `incidentChanges`.
#[derive(Union)]
pub enum IncidentChange {
    /// Where the stream starts.
    Snapshot(IncidentSnapshot),
    /// An incident opened, changed or closed.
    Upsert(Box<IncidentUpsert>),
    /// An incident is gone.
    Delete(Delete),
    /// Deltas were lost.
    Resync(Resync),
    /// The stream is alive.
    Heartbeat(Heartbeat),
}

/// The open incidents.
#[derive(SimpleObject)]
pub struct IncidentSnapshot {
    /// The open incidents, newest first, at most 100.
    items: Vec<Incident>,
    /// Where in the stream this stands.
    cursor: String,
}

/// An incident as it is now.
#[derive(SimpleObject)]
pub struct IncidentUpsert {
    /// The incident.
    object: Incident,
    /// Where in the stream this stands.
    cursor: String,
}

/// One step of `deliveryChanges`.
#[derive(Union)]
pub enum DeliveryChange {
    /// Where the stream starts.
    Snapshot(DeliverySnapshot),
    /// A delivery was made, sent or refused.
    Upsert(Box<DeliveryUpsert>),
    /// A delivery is gone.
    Delete(Delete),
    /// Deltas were lost.
    Resync(Resync),
    /// The stream is alive.
    Heartbeat(Heartbeat),
}

/// The newest deliveries.
#[derive(SimpleObject)]
pub struct DeliverySnapshot {
    /// The newest 100 deliveries, newest first.
    items: Vec<Delivery>,
    /// Where in the stream this stands.
    cursor: String,
}

/// A delivery as it is now.
#[derive(SimpleObject)]
pub struct DeliveryUpsert {
    /// The delivery.
    object: Delivery,
    /// Where in the stream this stands.
    cursor: String,
}

/// Alerts: subscriptions.
#[derive(Default)]
pub struct AlertSubscription;

#[Subscription]
impl AlertSubscription {
    /// Incidents: first the open ones, then each as it opens, changes or closes.
    async fn incident_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Cursor of the last step you saw; the stream starts with a snapshot when it is no longer known."
        )]
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<IncidentChange>> + use<>>
    {
        // Open incidents are few: a snapshot is always cheaper than a history.
        let _ = after;
        let viewer = ctx.viewer()?.clone();
        let app = ctx.data_unchecked::<App>().clone();
        let topics = app.live.subscribe();
        let steps = ticks(ctx, topics).then(move |next| {
            let (app, viewer) = (app.clone(), viewer.clone());
            async move { incident_step(&app, &viewer, next).await }
        });
        Ok(changes(ctx, steps))
    }

    /// Deliveries: first the newest, then each as it is made, sent or refused. For those who manage channels.
    async fn delivery_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Cursor of the last step you saw; the stream starts with a snapshot when it is no longer known."
        )]
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<DeliveryChange>> + use<>>
    {
        let _ = after;
        ctx.with(Right::ChannelsManage)?;
        let app = ctx.data_unchecked::<App>().clone();
        let topics = app.live.subscribe();
        let steps = ticks(ctx, topics).then(move |next| {
            let app = app.clone();
            async move { delivery_step(&app, next).await }
        });
        Ok(changes(ctx, steps))
    }
}

async fn incident_step(app: &App, viewer: &Viewer, next: Next) -> Result<Vec<IncidentChange>> {
    Ok(match next {
        Next::Start => vec![incident_snapshot(app, viewer).await?],
        Next::Gap(reason) => vec![
            IncidentChange::Resync(Resync { reason }),
            incident_snapshot(app, viewer).await?,
        ],
        Next::Beat(at) => vec![IncidentChange::Heartbeat(Heartbeat {
            at,
            freshness: None,
        })],
        Next::Topic(Topic::Incident(id)) => {
            let row = visible::find(app, viewer, id).await?;
            let object = row.as_ref().map(Incident::from_row).transpose()?;
            let upsert = |object| {
                IncidentChange::Upsert(Box::new(IncidentUpsert {
                    object,
                    cursor: cursor(id),
                }))
            };
            object.map(upsert).into_iter().collect()
        }
        Next::Topic(_) => Vec::new(),
    })
}

async fn incident_snapshot(app: &App, viewer: &Viewer) -> Result<IncidentChange> {
    let rows = incident::Entity::find()
        .filter(visible::to(app, viewer).await?)
        .filter(incident::Column::State.eq(incident::State::Open))
        .order_by_desc(incident::Column::Number)
        .limit(SNAPSHOT)
        .all(&app.db)
        .await?;
    let items: Result<Vec<Incident>> = rows.iter().map(Incident::from_row).collect();
    Ok(IncidentChange::Snapshot(IncidentSnapshot {
        items: items?,
        cursor: cursor(rows.first().map(|row| row.id).unwrap_or_default()),
    }))
}

async fn delivery_step(app: &App, next: Next) -> Result<Vec<DeliveryChange>> {
    Ok(match next {
        Next::Start => vec![delivery_snapshot(app).await?],
        Next::Gap(reason) => vec![
            DeliveryChange::Resync(Resync { reason }),
            delivery_snapshot(app).await?,
        ],
        Next::Beat(at) => vec![DeliveryChange::Heartbeat(Heartbeat {
            at,
            freshness: None,
        })],
        Next::Topic(Topic::Delivery(id)) => {
            let row = delivery::Entity::find_by_id(id).one(&app.db).await?;
            let upsert = |row: delivery::Model| {
                DeliveryChange::Upsert(Box::new(DeliveryUpsert {
                    object: row.into(),
                    cursor: cursor(id),
                }))
            };
            row.map(upsert).into_iter().collect()
        }
        Next::Topic(_) => Vec::new(),
    })
}

async fn delivery_snapshot(app: &App) -> Result<DeliveryChange> {
    let rows = delivery::Entity::find()
        .order_by_desc(delivery::Column::Id)
        .limit(SNAPSHOT)
        .all(&app.db)
        .await?;
    let newest = rows.first().map(|row| row.id).unwrap_or_default();
    Ok(DeliveryChange::Snapshot(DeliverySnapshot {
        items: rows.into_iter().map(Delivery::from).collect(),
        cursor: cursor(newest),
    }))
}

fn cursor(id: Uuid) -> String {
    encode_cursor(&id)
}
