//! What changed, told to whoever listens, on every replica.
//!
//! A topic is announced inside the transaction that makes it true: with PostgreSQL as a NOTIFY, which fires on commit
//! on all replicas; with SQLite, where there is one process, after the commit. A listener that fell behind, or whose
//! database connection was lost, gets `Gap`: it must read everything again.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, Statement};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How many topics a slow listener may be behind before it gets `Gap`.
const BACKLOG: usize = 1024;
/// PostgreSQL channel of all topics.
const CHANNEL: &str = "porthole";

/// Something that changed. Carries ids only: listeners read the rest with their own rights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Topic {
    /// A comment was written or edited: its post, and itself.
    Comment(Uuid, Uuid),
    /// A comment is gone: its post, and itself.
    CommentDeleted(Uuid, Uuid),
    /// A page was added, edited or removed, or its health changed.
    Page(Uuid),
    /// A person's rights, password or sessions changed: their sockets look again.
    User(Uuid),
    /// An incident opened, changed or closed.
    Incident(Uuid),
    /// A delivery was made, sent or refused.
    Delivery(Uuid),
    /// New rows wait for the delivery worker.
    Outbox,
    /// Topics may have been missed.
    Gap,
}

/// The hub of one process.
#[derive(Clone, Debug)]
pub struct Live {
    sender: broadcast::Sender<Topic>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(BACKLOG),
        }
    }
}

impl Live {
    /// Everything from now on. A `Lagged` error means the same as `Topic::Gap`.
    pub fn subscribe(&self) -> broadcast::Receiver<Topic> {
        self.sender.subscribe()
    }

    /// Tells this process. Nobody listening is fine.
    pub fn tell(&self, topic: Topic) {
        let _ = self.sender.send(topic);
    }

    /// Forwards PostgreSQL's notifications until `stop`.
    pub async fn listen(self, db: DatabaseConnection, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => return,
                Err(e) = self.forward(&db) => tracing::warn!(error = %e, "lost the database's notifications, connecting again"),
            }
            self.tell(Topic::Gap);
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn forward(&self, db: &DatabaseConnection) -> Result<(), sqlx::Error> {
        let pool = db.get_postgres_connection_pool();
        let mut listener = sqlx::postgres::PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        loop {
            // `None` says that the connection was lost and made again.
            let topic = match listener.try_recv().await? {
                None => Topic::Gap,
                Some(note) => serde_json::from_str(note.payload()).unwrap_or(Topic::Gap),
            };
            self.tell(topic);
        }
    }
}

/// A write transaction that tells what it changed when, and only if, it commits.
pub struct Tx {
    txn: DatabaseTransaction,
    live: Live,
    topics: Vec<Topic>,
}

impl Tx {
    /// Wraps a transaction.
    pub fn new(txn: DatabaseTransaction, live: Live) -> Self {
        Self {
            txn,
            live,
            topics: Vec::new(),
        }
    }

    /// Remembers a topic for the commit.
    pub fn announce(&mut self, topic: Topic) {
        if !self.topics.contains(&topic) {
            self.topics.push(topic);
        }
    }

    /// Commits and tells.
    ///
    /// # Errors
    /// The database's; nothing was told then.
    pub async fn commit(self) -> Result<(), DbErr> {
        if self.txn.get_database_backend() == sea_orm::DbBackend::Postgres {
            for topic in &self.topics {
                let payload = serde_json::to_string(topic).expect("a topic is plain data");
                let notify = Statement::from_sql_and_values(
                    sea_orm::DbBackend::Postgres,
                    "SELECT pg_notify($1, $2)",
                    [CHANNEL.into(), payload.into()],
                );
                self.txn.query_one_raw(notify).await?;
            }
            return self.txn.commit().await;
        }
        self.txn.commit().await?;
        for topic in self.topics {
            self.live.tell(topic);
        }
        Ok(())
    }
}

impl std::ops::Deref for Tx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.txn
    }
}
