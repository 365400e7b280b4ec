//! How often containers had restarted at the last look. It is kept in the database: what crashed and runs again while
//! nobody looked, or while the cluster could not be seen, is told all the same.

use std::{collections::HashMap, sync::Arc};

use entity::restarts;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

use crate::{
    cluster::model::{Container, Pod},
    error::Result,
};

/// Restarts of the containers of one cluster, without those that never restarted.
#[derive(Debug, Default)]
pub struct Restarts {
    /// `None` before the first look ever: what crashed before that is nobody's news.
    known: Option<HashMap<String, i32>>,
}

impl Restarts {
    /// What was known at the last look, by whoever looked.
    ///
    /// # Errors
    /// The database's.
    pub async fn load(db: &impl ConnectionTrait, cluster: &str) -> Result<Self> {
        let row = restarts::Entity::find_by_id(cluster).one(db).await?;
        let known = row.and_then(|row| serde_json::from_value(row.counts).ok());
        Ok(Self { known })
    }

    /// How often a container restarted since the last look.
    pub fn since_last_look(&self, pod: &Pod, container: &Container) -> i32 {
        self.known.as_ref().map_or(0, |known| {
            let before = known.get(&key(pod, container)).copied();
            container.restarts - before.unwrap_or_default()
        })
    }

    /// Remembers how it is now; writes only when that is another state.
    ///
    /// # Errors
    /// The database's: then it stays as it was, and the next look sees the same.
    pub async fn remember(
        &mut self,
        db: &impl ConnectionTrait,
        cluster: &str,
        pods: &[Arc<Pod>],
    ) -> Result<()> {
        let containers = pods
            .iter()
            .flat_map(|pod| pod.containers.iter().map(move |one| (pod, one)));
        let now: HashMap<String, i32> = containers
            .filter(|(_, container)| container.restarts > 0)
            .map(|(pod, container)| (key(pod, container), container.restarts))
            .collect();
        if self.known.as_ref() == Some(&now) {
            return Ok(());
        }
        let row = restarts::ActiveModel {
            cluster: Set(cluster.to_owned()),
            counts: Set(serde_json::to_value(&now).map_err(anyhow::Error::from)?),
        };
        let newer = OnConflict::column(restarts::Column::Cluster)
            .update_column(restarts::Column::Counts)
            .to_owned();
        restarts::Entity::insert(row)
            .on_conflict(newer)
            .exec_without_returning(db)
            .await?;
        self.known = Some(now);
        Ok(())
    }
}

fn key(pod: &Pod, container: &Container) -> String {
    format!("{}/{}", pod.uid, container.name)
}
