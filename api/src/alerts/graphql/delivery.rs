//! Deliveries: who was told, and what the provider said.

use async_graphql::{ComplexObject, Context, Enum, ID, SimpleObject};
use chrono::{DateTime, Utc};
use entity::delivery;

use super::{
    channel::Channel,
    incident::{Incident, Transition},
};
use crate::{alerts::loader::AlertLoaders, graphql::NodeId};

/// How a delivery stands.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(remote = "delivery::State")]
pub enum DeliveryState {
    /// Waits for its turn.
    Pending,
    /// On its way.
    Sending,
    /// The provider took it.
    Delivered,
    /// The provider did not take it yet; it is tried again.
    Retrying,
    /// Given up: this message reached nobody.
    Dead,
}

/// One message about one step of an incident to one target.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct Delivery {
    /// Opaque id.
    pub id: ID,
    /// The target, recognisable.
    target_hint: String,
    /// How it stands.
    state: DeliveryState,
    /// Tries so far.
    attempts: i32,
    /// When the step was taken.
    created_at: DateTime<Utc>,
    /// When the provider took it.
    delivered_at: Option<DateTime<Utc>>,
    /// The provider's answer to the last try, verbatim.
    error: Option<String>,
    #[graphql(skip)]
    row: delivery::Model,
}

impl From<delivery::Model> for Delivery {
    fn from(row: delivery::Model) -> Self {
        Self {
            id: NodeId::encode("Delivery", row.id),
            target_hint: row.target_hint.clone(),
            state: row.state.into(),
            attempts: row.attempts,
            created_at: row.created_at,
            delivered_at: row.delivered_at,
            error: row.error.clone(),
            row,
        }
    }
}

/// Fields that are looked up.
#[ComplexObject]
impl Delivery {
    /// When it is tried next; null when it is over.
    async fn next_attempt_at(&self) -> Option<DateTime<Utc>> {
        let waits = matches!(
            self.row.state,
            delivery::State::Pending | delivery::State::Retrying
        );
        waits.then_some(self.row.next_attempt_at)
    }

    /// Its incident.
    async fn incident(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Incident>> {
        let found = ctx
            .data_unchecked::<AlertLoaders>()
            .incident(self.row.incident_id)
            .await;
        let incident = found.and_then(|row| row.map(|row| Incident::from_row(&row)).transpose());
        incident.map_err(Into::into).transpose()
    }

    /// The step it tells.
    async fn transition(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Transition>> {
        let loaders = ctx.data_unchecked::<AlertLoaders>();
        let steps = loaders.transitions(self.row.incident_id).await;
        let step = steps.map(|steps| steps.into_iter().find(|t| t.id == self.row.transition_id));
        step.map(|row| row.map(Transition))
            .map_err(Into::into)
            .transpose()
    }

    /// Its channel; null once that was deleted.
    async fn channel(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Channel>> {
        let found = ctx
            .data_unchecked::<AlertLoaders>()
            .channel(self.row.channel_id?)
            .await;
        let channel = found.map(|row| row.map(|row| Channel::from((*row).clone())));
        channel.map_err(Into::into).transpose()
    }
}
