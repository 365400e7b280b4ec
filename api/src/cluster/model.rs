//! What Porthole keeps of a cluster's objects: little enough for tens of thousands of them, and free of kube's types.

use std::sync::Arc;

use async_graphql::Enum;
use chrono::{DateTime, Utc};

use crate::alerts::finding::Owner;
use crate::pages::discovery::Found;

/// How an object fares, worst first.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Health {
    /// Somebody must act.
    Critical,
    /// It can wait.
    Warning,
    /// Nobody knows.
    Unknown,
    /// On its way.
    Progressing,
    /// Well.
    Ok,
    /// Over, as planned.
    Done,
}

/// Phase of a pod, as Kubernetes has it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Accepted, not running yet.
    Pending,
    /// At least one container runs.
    Running,
    /// All containers ended well.
    Succeeded,
    /// A container ended with an error.
    Failed,
    /// The node does not answer.
    #[default]
    Unknown,
}

/// What a container does now.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum ContainerState {
    /// Not started, with the reason (`CrashLoopBackOff`, `ContainerCreating`; empty when not given) and message.
    Waiting(Arc<str>, Option<Box<str>>),
    /// Running since.
    Running(Option<DateTime<Utc>>),
    /// Ended.
    Terminated(Termination),
    /// Nothing is said.
    #[default]
    Unknown,
}

/// How a container ended.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Termination {
    /// Such as `OOMKilled`, `Error`, `Completed`; empty when not given.
    pub reason: Arc<str>,
    /// What the container or the kubelet said.
    pub message: Option<Box<str>>,
    /// Exit code.
    pub exit_code: i32,
    /// Signal, 0 for none.
    pub signal: i32,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// What kind of container.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum ContainerKind {
    /// Runs as long as the pod.
    #[default]
    Main,
    /// Runs to its end before the main ones start.
    Init,
    /// An init container with restartPolicy Always: runs beside the main ones.
    Sidecar,
}

/// A container of a pod.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Container {
    /// Name in the pod.
    pub name: Arc<str>,
    /// Image as the pod asks for it.
    pub image: Arc<str>,
    /// What kind.
    pub kind: ContainerKind,
    /// Ready, as the kubelet says.
    pub ready: bool,
    /// Started (its startup probe passed); `None` when not said.
    pub started: Option<bool>,
    /// Restarts so far.
    pub restarts: i32,
    /// What it does now.
    pub state: ContainerState,
    /// How its run before ended.
    pub last: Option<Termination>,
}

/// A pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pod {
    /// Kubernetes' uid.
    pub uid: Arc<str>,
    /// Namespace.
    pub namespace: Arc<str>,
    /// Name.
    pub name: Box<str>,
    /// Its controller, the next in the owner chain.
    pub controller: Option<Owner>,
    /// Phase.
    pub phase: Phase,
    /// `status.reason`, such as `Evicted` or `NodeLost`.
    pub reason: Option<Box<str>>,
    /// `status.message`.
    pub message: Option<Box<str>>,
    /// The word in `kubectl get pods`' STATUS column.
    pub status: Arc<str>,
    /// How it fares.
    pub health: Health,
    /// Ready containers, `kubectl`'s READY column before the slash.
    pub ready: i32,
    /// Containers, `kubectl`'s READY column behind the slash.
    pub total: i32,
    /// Restarts, `kubectl`'s RESTARTS column.
    pub restarts: i32,
    /// When a container last restarted.
    pub last_restart_at: Option<DateTime<Utc>>,
    /// The node it is bound to.
    pub node: Option<Arc<str>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it must be gone (grace included), once somebody deleted it.
    pub deletion_at: Option<DateTime<Utc>>,
    /// Finalizers, kept only while it is being deleted.
    pub finalizers: Vec<Box<str>>,
    /// `Ready` condition and since when; `None` when not said.
    pub ready_condition: Option<(bool, DateTime<Utc>)>,
    /// Why no node can take it, and since when: `PodScheduled` is False with reason Unschedulable.
    pub unschedulable: Option<(Box<str>, DateTime<Utc>)>,
    /// True when its controller may start it again after an error (`restartPolicy` is not `Never`).
    pub restarts_on_error: bool,
    /// Its containers: init ones first, in the order of the spec.
    pub containers: Vec<Container>,
}

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
    /// `Progressing` is False with `ProgressDeadlineExceeded`: what it says.
    pub stuck: Option<Box<str>>,
    /// True while paused.
    pub paused: bool,
    /// A Job that ended: `true` when it succeeded.
    pub finished: Option<bool>,
}

/// A cert-manager Certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Kubernetes' uid.
    pub uid: Arc<str>,
    /// Namespace.
    pub namespace: Arc<str>,
    /// Name.
    pub name: Box<str>,
    /// Names it is for.
    pub dns_names: Vec<Box<str>>,
    /// The Secret that holds it. Porthole never reads it.
    pub secret_name: Option<Box<str>>,
    /// Issuer, `Kind/name`.
    pub issuer: Option<Box<str>>,
    /// Start of its life.
    pub not_before: Option<DateTime<Utc>>,
    /// End of its life.
    pub not_after: Option<DateTime<Utc>>,
    /// When cert-manager means to renew it.
    pub renewal_at: Option<DateTime<Utc>>,
    /// `Ready` condition, since when, and what it says; `None` when not said.
    pub ready: Option<(bool, DateTime<Utc>, Box<str>)>,
    /// What the failed attempt to issue says: `Issuing` is False with a failure.
    pub failure: Option<Box<str>>,
    /// Failed attempts to issue in a row.
    pub failed_attempts: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Name.
    pub name: Arc<str>,
    /// `Ready` condition; `None` when not said.
    pub ready: Option<bool>,
}

/// What leads into the cluster, and may be a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The object's own id.
    pub uid: Arc<str>,
    /// The page it says it is.
    pub page: Option<Found>,
}
