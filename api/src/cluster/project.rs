//! From Kubernetes' objects to the slim model. Every field of a status may be missing.

use std::{
    collections::HashSet,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use k8s_openapi::{
    api::{
        apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet},
        batch::v1::{CronJob, Job},
        core::v1,
    },
    apimachinery::pkg::apis::meta::v1::{OwnerReference, Time},
};
use kube::{ResourceExt, api::DynamicObject};
use serde_json::Value;

use super::{
    model::{
        Certificate, Container, ContainerKind, ContainerState, Node, Phase, Pod, Termination,
        Workload,
    },
    status::{self, Parts},
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

/// A pod.
pub fn pod(pod: &v1::Pod) -> Option<Pod> {
    let spec = pod.spec.clone().unwrap_or_default();
    let status = pod.status.clone().unwrap_or_default();
    let conditions = status.conditions.unwrap_or_default();
    let condition = |name: &str| conditions.iter().find(|c| c.type_ == name);
    let is_true = |name: &str| condition(name).is_some_and(|c| c.status == "True");
    let created_at = pod
        .creation_timestamp()
        .as_ref()
        .and_then(time)
        .unwrap_or_default();
    let since = |c: &v1::PodCondition| {
        c.last_transition_time
            .as_ref()
            .and_then(time)
            .unwrap_or(created_at)
    };

    let init_statuses = status.init_container_statuses.unwrap_or_default();
    let main_statuses = status.container_statuses.unwrap_or_default();
    let mut containers: Vec<Container> = spec
        .init_containers
        .unwrap_or_default()
        .iter()
        .map(|c| {
            let kind = match c.restart_policy.as_deref() {
                Some("Always") => ContainerKind::Sidecar,
                _ => ContainerKind::Init,
            };
            container(c, kind, &init_statuses)
        })
        .collect();
    containers.extend(
        spec.containers
            .iter()
            .map(|c| container(c, ContainerKind::Main, &main_statuses)),
    );
    let phase_word = status.phase.as_deref().unwrap_or("Unknown");
    let phase = match phase_word {
        "Pending" => Phase::Pending,
        "Running" => Phase::Running,
        "Succeeded" => Phase::Succeeded,
        "Failed" => Phase::Failed,
        _ => Phase::Unknown,
    };
    let unscheduled = condition("PodScheduled").filter(|c| c.status == "False");
    let deleted = pod.metadata.deletion_timestamp.as_ref();
    let columns = status::columns(&Parts {
        phase: status.phase.as_deref().unwrap_or_default(),
        reason: status.reason.as_deref(),
        unscheduled: unscheduled.and_then(|c| c.reason.as_deref()),
        initialized: is_true("Initialized"),
        ready: is_true("Ready"),
        deleted: deleted.is_some(),
        containers: &containers,
        main_containers: i32::try_from(spec.containers.len()).unwrap_or(i32::MAX),
    });
    let starting = containers
        .iter()
        .any(|c| c.kind == ContainerKind::Main && c.started == Some(false));
    Some(Pod {
        uid: pod.uid()?.into(),
        namespace: word(&pod.namespace().unwrap_or_default()),
        name: pod.name_any().into(),
        controller: controller(pod.owner_references()),
        health: status::health(phase, &columns, deleted.is_some(), starting),
        phase,
        reason: status.reason.as_deref().map(Into::into),
        message: status.message.as_deref().map(message),
        status: word(&columns.status),
        ready: columns.ready,
        total: columns.total,
        restarts: columns.restarts,
        last_restart_at: columns.last_restart_at,
        node: spec.node_name.as_deref().map(word),
        created_at,
        deletion_at: deleted.and_then(time),
        finalizers: match deleted {
            Some(_) => pod.finalizers().iter().map(|f| f.as_str().into()).collect(),
            None => Vec::new(),
        },
        ready_condition: condition("Ready").map(|c| (c.status == "True", since(c))),
        unschedulable: unscheduled
            .filter(|c| c.reason.as_deref() == Some("Unschedulable"))
            .map(|c| (message(c.message.as_deref().unwrap_or_default()), since(c))),
        restarts_on_error: spec.restart_policy.as_deref() != Some("Never"),
        containers,
    })
}

fn container(
    spec: &v1::Container,
    kind: ContainerKind,
    statuses: &[v1::ContainerStatus],
) -> Container {
    let status = statuses.iter().find(|s| s.name == spec.name);
    let state = status.and_then(|s| s.state.as_ref());
    let last = status
        .and_then(|s| s.last_state.as_ref())
        .and_then(|s| s.terminated.as_ref());
    Container {
        name: word(&spec.name),
        image: word(spec.image.as_deref().unwrap_or_default()),
        kind,
        ready: status.is_some_and(|s| s.ready),
        started: status.and_then(|s| s.started),
        restarts: status.map_or(0, |s| s.restart_count),
        state: state.map_or(ContainerState::Unknown, container_state),
        last: last.map(termination),
    }
}

fn container_state(state: &v1::ContainerState) -> ContainerState {
    if let Some(waiting) = &state.waiting {
        let reason = word(waiting.reason.as_deref().unwrap_or_default());
        return ContainerState::Waiting(reason, waiting.message.as_deref().map(message));
    }
    if let Some(ended) = &state.terminated {
        return ContainerState::Terminated(termination(ended));
    }
    match &state.running {
        Some(running) => ContainerState::Running(running.started_at.as_ref().and_then(time)),
        None => ContainerState::Unknown,
    }
}

fn termination(ended: &v1::ContainerStateTerminated) -> Termination {
    Termination {
        reason: word(ended.reason.as_deref().unwrap_or_default()),
        message: ended.message.as_deref().map(message),
        exit_code: ended.exit_code,
        signal: ended.signal.unwrap_or_default(),
        finished_at: ended.finished_at.as_ref().and_then(time),
    }
}

/// A node.
pub fn node(node: &v1::Node) -> Option<Node> {
    let conditions = node.status.as_ref().and_then(|s| s.conditions.as_ref());
    let ready = conditions.and_then(|all| all.iter().find(|c| c.type_ == "Ready"));
    Some(Node {
        name: word(&node.name_any()),
        ready: ready.map(|c| c.status == "True"),
    })
}

/// The part all kinds of workloads share.
fn workload<K: ResourceExt>(kind: &str, object: &K) -> Option<Workload> {
    Some(Workload {
        uid: object.uid()?.into(),
        namespace: word(&object.namespace().unwrap_or_default()),
        owner: Owner {
            kind: kind.to_owned(),
            name: object.name_any(),
        },
        controller: controller(object.owner_references()),
        desired: None,
        updated: 0,
        ready: 0,
        available: 0,
        current: 0,
        generation: object.meta().generation.unwrap_or_default(),
        observed_generation: 0,
        stuck: None,
        paused: false,
        finished: None,
    })
}

/// A Deployment.
pub fn deployment(object: &Deployment) -> Option<Workload> {
    let status = object.status.clone().unwrap_or_default();
    let spec = object.spec.as_ref();
    let stuck = status.conditions.unwrap_or_default().into_iter().find(|c| {
        c.type_ == "Progressing"
            && c.status == "False"
            && c.reason.as_deref() == Some("ProgressDeadlineExceeded")
    });
    Some(Workload {
        desired: Some(spec.and_then(|s| s.replicas).unwrap_or(1)),
        updated: status.updated_replicas.unwrap_or_default(),
        ready: status.ready_replicas.unwrap_or_default(),
        available: status.available_replicas.unwrap_or_default(),
        current: status.replicas.unwrap_or_default(),
        observed_generation: status.observed_generation.unwrap_or_default(),
        stuck: stuck.map(|c| message(c.message.as_deref().unwrap_or_default())),
        paused: spec.and_then(|s| s.paused).unwrap_or_default(),
        ..workload("Deployment", object)?
    })
}

/// A ReplicaSet.
pub fn replica_set(object: &ReplicaSet) -> Option<Workload> {
    let status = object.status.clone().unwrap_or_default();
    Some(Workload {
        desired: Some(object.spec.as_ref().and_then(|s| s.replicas).unwrap_or(1)),
        updated: status.replicas,
        ready: status.ready_replicas.unwrap_or_default(),
        available: status.available_replicas.unwrap_or_default(),
        current: status.replicas,
        observed_generation: status.observed_generation.unwrap_or_default(),
        ..workload("ReplicaSet", object)?
    })
}

/// A StatefulSet.
pub fn stateful_set(object: &StatefulSet) -> Option<Workload> {
    let status = object.status.clone().unwrap_or_default();
    // Without an update under way, every pod is of the newest revision.
    let settled = status.update_revision == status.current_revision;
    let updated = status.updated_replicas.unwrap_or_default();
    Some(Workload {
        desired: Some(object.spec.as_ref().and_then(|s| s.replicas).unwrap_or(1)),
        updated: if settled {
            updated.max(status.replicas)
        } else {
            updated
        },
        ready: status.ready_replicas.unwrap_or_default(),
        available: status.available_replicas.unwrap_or_default(),
        current: status.replicas,
        observed_generation: status.observed_generation.unwrap_or_default(),
        ..workload("StatefulSet", object)?
    })
}

/// A DaemonSet.
pub fn daemon_set(object: &DaemonSet) -> Option<Workload> {
    let status = object.status.clone().unwrap_or_default();
    Some(Workload {
        desired: Some(status.desired_number_scheduled),
        updated: status.updated_number_scheduled.unwrap_or_default(),
        ready: status.number_ready,
        available: status.number_available.unwrap_or_default(),
        current: status.current_number_scheduled,
        observed_generation: status.observed_generation.unwrap_or_default(),
        ..workload("DaemonSet", object)?
    })
}

/// A Job.
pub fn job(object: &Job) -> Option<Workload> {
    let status = object.status.clone().unwrap_or_default();
    let conditions = status.conditions.unwrap_or_default();
    let ended = |name: &str| {
        conditions
            .iter()
            .any(|c| c.type_ == name && c.status == "True")
    };
    let finished = match (ended("Complete"), ended("Failed")) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    };
    Some(Workload {
        desired: Some(
            object
                .spec
                .as_ref()
                .and_then(|s| s.parallelism)
                .unwrap_or(1),
        ),
        ready: status.ready.unwrap_or_default(),
        current: status.active.unwrap_or_default(),
        finished,
        ..workload("Job", object)?
    })
}

/// A CronJob.
pub fn cron_job(object: &CronJob) -> Option<Workload> {
    Some(Workload {
        paused: object
            .spec
            .as_ref()
            .and_then(|s| s.suspend)
            .unwrap_or_default(),
        ..workload("CronJob", object)?
    })
}

/// A cert-manager Certificate. Its API is not ours to type: what is missing or other than expected is left out.
pub fn certificate(object: &DynamicObject) -> Option<Certificate> {
    let data = &object.data;
    let at = |pointer: &str| data.pointer(pointer).and_then(Value::as_str);
    let moment = |pointer: &str| at(pointer).and_then(moment);
    let conditions = data.pointer("/status/conditions").and_then(Value::as_array);
    let condition = |name: &str| conditions.and_then(|all| all.iter().find(|c| c["type"] == name));
    let created_at = object
        .creation_timestamp()
        .as_ref()
        .and_then(time)
        .unwrap_or_default();
    let said = |c: &Value| message(c["message"].as_str().unwrap_or_default());
    let names = |pointer: &str| {
        let all = data.pointer(pointer).and_then(Value::as_array).cloned();
        all.unwrap_or_default()
            .iter()
            .filter_map(|name| Some(name.as_str()?.into()))
            .collect::<Vec<Box<str>>>()
    };
    let mut dns_names = names("/spec/dnsNames");
    if let Some(common) = at("/spec/commonName").filter(|_| dns_names.is_empty()) {
        dns_names.push(common.into());
    }
    Some(Certificate {
        uid: object.uid()?.into(),
        namespace: word(&object.namespace().unwrap_or_default()),
        name: object.name_any().into(),
        dns_names,
        secret_name: at("/spec/secretName").map(Into::into),
        issuer: at("/spec/issuerRef/name").map(|name| {
            let kind = at("/spec/issuerRef/kind").unwrap_or("Issuer");
            format!("{kind}/{name}").into()
        }),
        not_before: moment("/status/notBefore"),
        not_after: moment("/status/notAfter"),
        renewal_at: moment("/status/renewalTime"),
        ready: condition("Ready").map(|c| {
            let since = c["lastTransitionTime"].as_str().and_then(self::moment);
            (c["status"] == "True", since.unwrap_or(created_at), said(c))
        }),
        failure: condition("Issuing")
            .filter(|c| c["status"] == "False" && c["reason"] == "Failed")
            .map(said),
        failed_attempts: data
            .pointer("/status/failedIssuanceAttempts")
            .and_then(Value::as_i64)
            .and_then(|n| i32::try_from(n).ok())
            .unwrap_or_default(),
        created_at,
    })
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|t| t.to_utc())
}
