//! Argo CD's applications.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Tuning;
use crate::cluster::index::Keyed;

/// An Argo CD Application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Kubernetes' uid.
    pub uid: Arc<str>,
    /// Namespace it is defined in.
    pub namespace: Arc<str>,
    /// Name.
    pub name: Arc<str>,
    /// Repository its manifests come from.
    pub repository: Option<Box<str>>,
    /// Path in it.
    pub path: Option<Box<str>>,
    /// Branch, tag or chart version it follows.
    pub target: Option<Box<str>>,
    /// Namespace it is deployed to.
    pub destination: Option<Arc<str>>,
    /// `Synced`, `OutOfSync` or `Unknown`.
    pub sync: Arc<str>,
    /// Commit that is deployed.
    pub revision: Option<Box<str>>,
    /// `Healthy`, `Progressing`, `Degraded`, `Suspended`, `Missing` or `Unknown`.
    pub health: Arc<str>,
    /// Since when its health is what it is, where Argo CD says so.
    pub health_since: Option<DateTime<Utc>>,
    /// What Argo CD says about its health.
    pub health_message: Option<Box<str>>,
    /// The last sync.
    pub operation: Option<Operation>,
    /// Errors and warnings, such as `ComparisonError`.
    pub conditions: Vec<Condition>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// What its annotations ask for.
    pub tuning: Tuning,
}

/// A sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `Running`, `Succeeded`, `Failed`, `Error` or `Terminating`.
    pub phase: Arc<str>,
    /// What it says.
    pub message: Box<str>,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Something Argo CD finds wrong with an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Kind, such as `ComparisonError` or `RepeatedResourceWarning`.
    pub kind: Arc<str>,
    /// What it says.
    pub message: Box<str>,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
}

impl Keyed for Application {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.uid)
    }
}
