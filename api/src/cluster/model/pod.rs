//! Pods and their containers.

use std::sync::Arc;

use async_graphql::Enum;
use chrono::{DateTime, Utc};

use super::{Health, Tuning};
use crate::{alerts::finding::Owner, cluster::index::Keyed};

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
    Terminated(Box<Termination>),
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

/// What a container is for.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq, Default)]
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
    /// It has a liveness probe, and no startup probe that would give it time.
    pub hasty_probe: bool,
    /// Restarts so far.
    pub restarts: i32,
    /// What it does now.
    pub state: ContainerState,
    /// How its run before ended.
    pub last: Option<Box<Termination>>,
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
    /// What its annotations ask for.
    pub tuning: Tuning,
    /// Its containers: init ones first, in the order of the spec.
    pub containers: Vec<Container>,
}

impl Keyed for Pod {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.uid)
    }
}
