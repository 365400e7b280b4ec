//! What Porthole keeps of a cluster's objects: little enough for tens of thousands of them, and free of kube's types.

mod application;
mod certificate;
mod event;
mod host;
mod network;
mod node;
mod pod;
mod tuning;
mod workload;

use std::sync::Arc;

use async_graphql::Enum;

pub use self::{
    application::{Application, Condition, Operation},
    certificate::{Certificate, Issuing},
    event::Event,
    host::{Host, Leaf},
    network::{Port, Route, Service},
    node::{Node, Resources, Said},
    pod::{Container, ContainerKind, ContainerState, Phase, Pod, Termination},
    tuning::Tuning,
    workload::{Ended, Schedule, Workload},
};
use super::index::Keyed;

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

/// A namespace, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace(pub Arc<str>);

impl Keyed for Namespace {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}
