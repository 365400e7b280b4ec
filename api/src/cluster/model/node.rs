//! Nodes.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Tuning;
use crate::cluster::index::Keyed;

/// A node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Name.
    pub name: Arc<str>,
    /// When it joined.
    pub created_at: DateTime<Utc>,
    /// `Ready` condition; `None` when not said.
    pub ready: Option<Said>,
    /// Conditions that say that it runs short of something, such as `MemoryPressure`, where they hold.
    pub pressures: Vec<(Arc<str>, Said)>,
    /// True while nothing new is put on it.
    pub cordoned: bool,
    /// Roles, from its labels.
    pub roles: Vec<Arc<str>>,
    /// Version of its kubelet.
    pub version: Arc<str>,
    /// Operating system.
    pub os_image: Arc<str>,
    /// Kind of machine, such as `arm64`.
    pub architecture: Arc<str>,
    /// Address inside the cluster.
    pub address: Option<Box<str>>,
    /// What its pods may use.
    pub allocatable: Resources,
    /// What its annotations ask for.
    pub tuning: Tuning,
}

/// What a condition says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// True when it holds; false when it does not, or when nobody knows.
    pub holds: bool,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why, in one word.
    pub reason: Arc<str>,
    /// Why, in a sentence.
    pub message: Box<str>,
}

/// Amounts of what pods use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resources {
    /// Thousandths of a processor.
    pub cpu_milli: i64,
    /// Bytes of memory.
    pub memory: i64,
    /// Pods.
    pub pods: i64,
}

impl Keyed for Node {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }
}
