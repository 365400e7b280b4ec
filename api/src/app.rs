//! What every room may use. It knows no room: a room's own handle enters the schema by `.data()`.

use std::sync::Arc;

use sea_orm::{DatabaseConnection, DbErr};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    clock::Clock,
    config::Config,
    db,
    live::{Live, Tx},
    secrets::Secrets,
};

/// The floor all rooms stand on. Cloning is cheap.
#[derive(Clone)]
pub struct App {
    /// The settings.
    pub config: Arc<Config>,
    /// Connections to the database.
    pub db: DatabaseConnection,
    /// Keys.
    pub secrets: Arc<Secrets>,
    /// What changed.
    pub live: Live,
    /// Time and fresh ids.
    pub clock: Clock,
    /// Cancelled when the server shuts down.
    pub stop: CancellationToken,
    /// Background tasks that the shutdown waits for.
    pub tasks: TaskTracker,
}

impl App {
    /// Starts a transaction that writes and tells what it changed on commit.
    pub async fn begin(&self) -> Result<Tx, DbErr> {
        Ok(Tx::new(db::begin(&self.db).await?, self.live.clone()))
    }

    /// Runs a task in the background until it ends or the server shuts down.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = task => {}
            }
        });
    }
}
