//! The parts all live streams share. A stream's payload is a union: its own snapshot and upsert, and these.

use async_graphql::{Enum, ID, SimpleObject};
use chrono::{DateTime, Utc};

/// How old what you see is.
#[derive(SimpleObject, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// When the source last proved to be current; null before the first full look.
    pub observed_at: Option<DateTime<Utc>>,
    /// True when the source does not answer now: values are the last known ones.
    pub stale: bool,
}

/// An object is gone.
#[derive(SimpleObject, Clone, Debug)]
pub struct Delete {
    /// Id of the object.
    pub id: ID,
    /// Where in the stream this stands.
    pub cursor: String,
}

/// Deltas were lost; a new snapshot follows at once.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct Resync {
    /// Why.
    pub reason: ResyncReason,
}

/// Why a stream starts again from a snapshot.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum ResyncReason {
    /// This subscriber was too slow.
    Lagged,
    /// The source was listed anew.
    Relisted,
    /// The connection behind the stream was lost and made again.
    Reconnected,
}

/// The stream is alive. Sent every 20 seconds, and at once when freshness changes.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct Heartbeat {
    /// The server's time.
    pub at: DateTime<Utc>,
    /// How old the cluster's data is; null where the stream is not about a cluster.
    pub freshness: Option<Freshness>,
}
