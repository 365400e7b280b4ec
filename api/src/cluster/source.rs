//! One kind of object of one cluster: its index, and whether that can be believed.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use async_graphql::Enum;
use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::index::{Index, Keyed};
use crate::{graphql::live::Freshness, locale::Text};

/// How a source stands.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum SourceState {
    /// Current.
    Live,
    /// Not seen yet.
    Connecting,
    /// The cluster does not answer: values are the last known ones.
    Stale,
    /// The cluster does not have this kind, such as without cert-manager. Looked for again every minute.
    NotInstalled,
    /// A right is missing: the message names verb and resource. Looked for again every minute.
    Forbidden,
}

/// A state, since when, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The state.
    pub state: SourceState,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it was last known to be current.
    pub observed_at: Option<DateTime<Utc>>,
    /// What is wrong and what to do.
    pub message: Option<Text>,
}

/// An index that one task writes and many read.
#[derive(Debug)]
pub struct Source<T> {
    /// Resource as Kubernetes names it, such as `pods`.
    pub kind: &'static str,
    index: RwLock<Index<T>>,
    status: RwLock<Status>,
    ticks: watch::Sender<u64>,
}

impl<T: Keyed> Source<T> {
    /// A source nobody has looked at yet.
    pub fn new(kind: &'static str, now: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self {
            kind,
            index: RwLock::default(),
            status: RwLock::new(Status {
                state: SourceState::Connecting,
                since: now,
                observed_at: None,
                message: None,
            }),
            ticks: watch::Sender::new(0),
        })
    }

    /// Changes the index; whoever watches is woken when `change` says that it made a difference.
    pub fn write(&self, change: impl FnOnce(&mut Index<T>) -> bool) {
        let changed = change(&mut self.index.write().unwrap_or_else(PoisonError::into_inner));
        if changed {
            self.ticks.send_modify(|n| *n += 1);
        }
    }

    /// Changes the state; whoever watches is woken when it is another one.
    pub fn set_state(&self, state: SourceState, message: Option<Text>, now: DateTime<Utc>) {
        let mut status = self.status.write().unwrap_or_else(PoisonError::into_inner);
        if status.state == SourceState::Live {
            status.observed_at = Some(now);
        }
        if status.state == state && status.message == message {
            return;
        }
        if status.state != state {
            status.since = now;
        }
        if state == SourceState::Live {
            status.observed_at = Some(now);
        }
        status.state = state;
        status.message = message;
        drop(status);
        self.ticks.send_modify(|n| *n += 1);
    }
}

/// A source of any kind of object.
pub trait Watched: Send + Sync {
    /// Resource as Kubernetes names it.
    fn kind(&self) -> &'static str;
    /// How it stands.
    fn status(&self) -> Status;
    /// Wakes whenever an object or the state changed.
    fn changes(&self) -> watch::Receiver<u64>;
    /// Says that it cannot be looked at, and why.
    fn unusable(&self, message: Text, now: DateTime<Utc>);
}

impl<T: Keyed + Send + Sync> Watched for Source<T> {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn status(&self) -> Status {
        self.status()
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.subscribe()
    }

    fn unusable(&self, message: Text, now: DateTime<Utc>) {
        self.set_state(SourceState::Connecting, Some(message), now);
    }
}

impl<T> Source<T> {
    /// Reads the index; keep the guard short.
    pub fn read(&self) -> RwLockReadGuard<'_, Index<T>> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state.
    pub fn status(&self) -> Status {
        self.status
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// How old the objects are. A live source is current at any moment one looks.
    pub fn freshness(&self, now: DateTime<Utc>) -> Freshness {
        let status = self.status();
        match status.state {
            SourceState::Live => Freshness {
                observed_at: Some(now),
                stale: false,
            },
            // What a cluster does not have cannot be out of date.
            SourceState::NotInstalled => Freshness {
                observed_at: Some(status.since),
                stale: false,
            },
            SourceState::Connecting | SourceState::Stale | SourceState::Forbidden => Freshness {
                observed_at: status.observed_at,
                stale: true,
            },
        }
    }

    /// Wakes whenever the index or the state changed.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.ticks.subscribe()
    }

    /// True when the objects are all there and current.
    pub fn is_current(&self) -> bool {
        self.read().is_synced() && self.status().state == SourceState::Live
    }

    /// True when there is nothing to wait for: current, or known not to come.
    pub fn is_settled(&self) -> bool {
        let absent = matches!(
            self.status().state,
            SourceState::NotInstalled | SourceState::Forbidden
        );
        absent || self.is_current()
    }
}
