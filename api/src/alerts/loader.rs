//! Incidents, their steps and deliveries, channels and their targets, in batches.

use std::{collections::HashMap, sync::Arc};

use dataloader::{BatchFn, cached::Loader};
use entity::{channel, channel_target, delivery, incident, transition};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    error::Result,
    graphql::loader::{self, Loaded},
};

/// What the alerts room loads in batches.
#[derive(Clone)]
pub struct AlertLoaders {
    incidents: Loader<Uuid, Loaded<incident::Model>, Incidents>,
    transitions: Loader<Uuid, Loaded<Vec<transition::Model>>, Transitions>,
    deliveries: Loader<Uuid, Loaded<Vec<delivery::Model>>, Deliveries>,
    channels: Loader<Uuid, Loaded<channel::Model>, Channels>,
    targets: Loader<Uuid, Loaded<Vec<channel_target::Model>>, Targets>,
    newest: Loader<Uuid, Loaded<delivery::Model>, Newest>,
    open: Loader<(), Loaded<Vec<incident::Model>>, Open>,
}

impl AlertLoaders {
    /// Empty loaders for one execution.
    pub fn new(db: &DatabaseConnection) -> Self {
        Self {
            incidents: loader::cached(Incidents(db.clone())),
            transitions: loader::cached(Transitions(db.clone())),
            deliveries: loader::cached(Deliveries(db.clone())),
            channels: loader::cached(Channels(db.clone())),
            targets: loader::cached(Targets(db.clone())),
            newest: loader::cached(Newest(db.clone())),
            open: loader::cached(Open(db.clone())),
        }
    }

    /// An incident by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn incident(&self, id: Uuid) -> Result<Option<Arc<incident::Model>>> {
        loader::load(&self.incidents, id).await
    }

    /// All open incidents, newest first: few, so that one statement serves a page of pods.
    ///
    /// # Errors
    /// The database's.
    pub async fn open_incidents(&self) -> Result<Arc<Vec<incident::Model>>> {
        Ok(loader::load(&self.open, ()).await?.unwrap_or_default())
    }

    /// The steps of an incident, in order.
    ///
    /// # Errors
    /// The database's.
    pub async fn transitions(&self, incident: Uuid) -> Result<Vec<transition::Model>> {
        many(loader::load(&self.transitions, incident).await?)
    }

    /// The deliveries of an incident, in order.
    ///
    /// # Errors
    /// The database's.
    pub async fn deliveries(&self, incident: Uuid) -> Result<Vec<delivery::Model>> {
        many(loader::load(&self.deliveries, incident).await?)
    }

    /// A channel by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn channel(&self, id: Uuid) -> Result<Option<Arc<channel::Model>>> {
        loader::load(&self.channels, id).await
    }

    /// The targets of a channel, in order.
    ///
    /// # Errors
    /// The database's.
    pub async fn targets(&self, channel: Uuid) -> Result<Vec<channel_target::Model>> {
        many(loader::load(&self.targets, channel).await?)
    }

    /// The newest delivery of a channel.
    ///
    /// # Errors
    /// The database's.
    pub async fn newest_delivery(&self, channel: Uuid) -> Result<Option<Arc<delivery::Model>>> {
        loader::load(&self.newest, channel).await
    }
}

fn many<T: Clone>(rows: Option<Arc<Vec<T>>>) -> Result<Vec<T>> {
    Ok(rows.map(|rows| (*rows).clone()).unwrap_or_default())
}

struct Incidents(DatabaseConnection);

impl BatchFn<Uuid, Loaded<incident::Model>> for Incidents {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<incident::Model>> {
        let rows = incident::Entity::find()
            .filter(incident::Column::Id.is_in(keys.iter().copied()))
            .all(&self.0)
            .await;
        loader::by_key("incidents", keys, rows, |row| row.id)
    }
}

struct Open(DatabaseConnection);

impl BatchFn<(), Loaded<Vec<incident::Model>>> for Open {
    async fn load(&mut self, keys: &[()]) -> HashMap<(), Loaded<Vec<incident::Model>>> {
        let rows = incident::Entity::find()
            .filter(incident::Column::State.eq(incident::State::Open))
            .order_by_desc(incident::Column::Number)
            .all(&self.0)
            .await;
        loader::lists_by_key("open_incidents", keys, rows, |_| Some(()))
    }
}

struct Channels(DatabaseConnection);

impl BatchFn<Uuid, Loaded<channel::Model>> for Channels {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<channel::Model>> {
        let rows = channel::Entity::find()
            .filter(channel::Column::Id.is_in(keys.iter().copied()))
            .all(&self.0)
            .await;
        loader::by_key("channels", keys, rows, |row| row.id)
    }
}

struct Transitions(DatabaseConnection);

impl BatchFn<Uuid, Loaded<Vec<transition::Model>>> for Transitions {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<Vec<transition::Model>>> {
        let rows = transition::Entity::find()
            .filter(transition::Column::IncidentId.is_in(keys.iter().copied()))
            .order_by_asc(transition::Column::Seq)
            .all(&self.0)
            .await;
        loader::lists_by_key("transitions", keys, rows, |row| Some(row.incident_id))
    }
}

struct Deliveries(DatabaseConnection);

impl BatchFn<Uuid, Loaded<Vec<delivery::Model>>> for Deliveries {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<Vec<delivery::Model>>> {
        let rows = delivery::Entity::find()
            .filter(delivery::Column::IncidentId.is_in(keys.iter().copied()))
            .order_by_asc(delivery::Column::Seq)
            .order_by_asc(delivery::Column::Id)
            .all(&self.0)
            .await;
        loader::lists_by_key("deliveries", keys, rows, |row| Some(row.incident_id))
    }
}

struct Targets(DatabaseConnection);

impl BatchFn<Uuid, Loaded<Vec<channel_target::Model>>> for Targets {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<Vec<channel_target::Model>>> {
        let rows = channel_target::Entity::find()
            .filter(channel_target::Column::ChannelId.is_in(keys.iter().copied()))
            .order_by_asc(channel_target::Column::Position)
            .all(&self.0)
            .await;
        loader::lists_by_key("targets", keys, rows, |row| Some(row.channel_id))
    }
}

struct Newest(DatabaseConnection);

impl Newest {
    /// Ids are UUIDv7: the greatest of a channel is its newest. PostgreSQL has no `max(uuid)`, but it can sort them.
    async fn find(&self, keys: &[Uuid]) -> Result<Vec<delivery::Model>, DbErr> {
        let mut rows = Vec::with_capacity(keys.len());
        for key in keys {
            let newest = delivery::Entity::find()
                .filter(delivery::Column::ChannelId.eq(*key))
                .order_by_desc(delivery::Column::Id)
                .limit(1)
                .one(&self.0)
                .await?;
            rows.extend(newest);
        }
        Ok(rows)
    }
}

impl BatchFn<Uuid, Loaded<delivery::Model>> for Newest {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<delivery::Model>> {
        let rows = self.find(keys).await;
        loader::by_key("newest_deliveries", keys, rows, |row| {
            row.channel_id.unwrap_or_default()
        })
    }
}
