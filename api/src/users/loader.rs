//! Users by id, in batches.

use std::{collections::HashMap, sync::Arc};

use dataloader::{BatchFn, cached::Loader};
use entity::user;
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{error::Result, graphql::loader};

/// Users by id.
#[derive(Clone)]
pub struct UserLoader(Loader<Uuid, loader::Loaded<user::Model>, Batch>);

impl UserLoader {
    /// An empty loader for one execution.
    pub fn new(db: DatabaseConnection) -> Self {
        Self(loader::cached(Batch(db)))
    }

    /// One user; `None` when the account was deleted.
    ///
    /// # Errors
    /// The database's.
    pub async fn load(&self, id: Uuid) -> Result<Option<Arc<user::Model>>> {
        loader::load(&self.0, id).await
    }
}

struct Batch(DatabaseConnection);

impl BatchFn<Uuid, loader::Loaded<user::Model>> for Batch {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, loader::Loaded<user::Model>> {
        let rows: Result<_, DbErr> = user::Entity::find()
            .filter(user::Column::Id.is_in(keys.iter().copied()))
            .all(&self.0)
            .await;
        loader::by_key("users", keys, rows, |user| user.id)
    }
}
