//! What owns pods.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Tuning;
use crate::{alerts::finding::Owner, cluster::index::Keyed};

/// Something that owns pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// Kubernetes' uid.
    pub uid: Arc<str>,
    /// Namespace.
    pub namespace: Arc<str>,
    /// Kind and name.
    pub owner: Owner,
    /// Its own controller: a ReplicaSet's Deployment, a Job's CronJob.
    pub controller: Option<Owner>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Pods wanted; `None` for a CronJob.
    pub desired: Option<i32>,
    /// Pods of the newest revision.
    pub updated: i32,
    /// Ready pods.
    pub ready: i32,
    /// Pods available to users.
    pub available: i32,
    /// All pods, old revisions included.
    pub current: i32,
    /// `metadata.generation`.
    pub generation: i64,
    /// Generation its controller has seen.
    pub observed_generation: i64,
    /// Number of its revision, where its controller counts them (Deployments and their ReplicaSets).
    pub revision: Option<i64>,
    /// Containers of its pods and their images, init containers first.
    pub images: Vec<(Arc<str>, Arc<str>)>,
    /// Seconds until its controller calls a rollout stuck.
    pub progress_deadline: Option<i32>,
    /// `Progressing` is False with `ProgressDeadlineExceeded`: what it says, and since when.
    pub stuck: Option<(Box<str>, DateTime<Utc>)>,
    /// True while a new revision is being rolled out.
    pub rolling: bool,
    /// True while paused or suspended.
    pub paused: bool,
    /// A Job that ended.
    pub ended: Option<Ended>,
    /// A CronJob's times.
    pub schedule: Option<Box<Schedule>>,
    /// The Argo CD application it belongs to.
    pub application: Option<Arc<str>>,
    /// What its annotations ask for.
    pub tuning: Tuning,
}

/// How a Job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// True when it did what it was to do.
    pub succeeded: bool,
    /// When.
    pub at: DateTime<Utc>,
    /// Why it failed, such as `BackoffLimitExceeded`; empty when it did not.
    pub reason: Arc<str>,
    /// What its controller said.
    pub message: Box<str>,
}

/// When a CronJob runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Cron fields.
    pub cron: Box<str>,
    /// When it last started a Job.
    pub last_started_at: Option<DateTime<Utc>>,
    /// When a Job of it last succeeded.
    pub last_succeeded_at: Option<DateTime<Utc>>,
}

impl Workload {
    /// The key of a workload with this namespace, kind and name.
    pub fn key_of(namespace: &str, kind: &str, name: &str) -> Arc<str> {
        format!("{namespace}/{kind}/{name}").into()
    }
}

impl Keyed for Workload {
    /// By name, because owner references are looked up by it.
    fn key(&self) -> Arc<str> {
        Self::key_of(&self.namespace, &self.owner.kind, &self.owner.name)
    }
}
