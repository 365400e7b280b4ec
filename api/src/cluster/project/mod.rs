//! From Kubernetes' objects to the slim model. Every field of a status may be missing.

mod application;
mod certificate;
mod event;
mod network;
mod node;
mod pod;
mod workload;

use std::{
    collections::HashSet,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{OwnerReference, Time};
use kube::{Resource, ResourceExt};

pub use self::{
    application::application,
    certificate::{certificate, issuing},
    event::event,
    network::{gateway, http_route, ingress, service},
    node::{namespace, node},
    pod::pod,
    workload::{cron_job, daemon_set, deployment, job, replica_set, stateful_set},
};
use crate::alerts::finding::Owner;

/// Longest message that is kept.
const MAX_MESSAGE: usize = 1_000;
/// Words shared by many objects: names of namespaces, nodes, images, containers, reasons.
static WORDS: LazyLock<Mutex<HashSet<Arc<str>>>> = LazyLock::new(Mutex::default);
/// Above this many, words are not shared any more: something makes names without end.
const MAX_WORDS: usize = 50_000;

/// One copy of a word that many objects say.
fn word(text: &str) -> Arc<str> {
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = words.get(text) {
        return Arc::clone(known);
    }
    let new: Arc<str> = text.into();
    if words.len() < MAX_WORDS {
        words.insert(Arc::clone(&new));
    }
    new
}

fn message(text: &str) -> Box<str> {
    crate::notify::message::cut(text, MAX_MESSAGE).into()
}

fn time(time: &Time) -> Option<DateTime<Utc>> {
    let nanoseconds = u32::try_from(time.0.subsec_nanosecond()).unwrap_or_default();
    DateTime::from_timestamp(time.0.as_second(), nanoseconds)
}

fn controller(references: &[OwnerReference]) -> Option<Owner> {
    let reference = references.iter().find(|r| r.controller == Some(true))?;
    Some(Owner {
        kind: reference.kind.clone(),
        name: reference.name.clone(),
    })
}

/// When an object was made.
fn created_at<K: Resource>(object: &K) -> DateTime<Utc> {
    let at = object.creation_timestamp();
    at.as_ref().and_then(time).unwrap_or_default()
}

/// A time in an object whose API is not ours to type.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|t| t.to_utc())
}
