//! Events: what components say about objects. Kept by Kubernetes for an hour, and sometimes lost: evidence, never state.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{alerts::finding::Owner, cluster::index::Keyed};

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Kubernetes' uid.
    pub uid: Arc<str>,
    /// Namespace of the object; empty for one without.
    pub namespace: Arc<str>,
    /// The object it is about.
    pub object: Owner,
    /// True for what may need somebody's attention.
    pub warning: bool,
    /// Why, in one word, such as `FailedScheduling`.
    pub reason: Arc<str>,
    /// Why, in a sentence.
    pub message: Box<str>,
    /// Who says so, such as `kubelet`.
    pub reporter: Arc<str>,
    /// How many times.
    pub count: i32,
    /// First time.
    pub first_at: DateTime<Utc>,
    /// Last time.
    pub last_at: DateTime<Utc>,
}

impl Keyed for Event {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.uid)
    }
}
