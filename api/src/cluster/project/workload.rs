//! What owns pods.

use k8s_openapi::api::{
    apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet},
    batch::v1::{CronJob, Job},
};
use kube::ResourceExt;

use super::{controller, message, word};
use crate::{alerts::finding::Owner, cluster::model::Workload};

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
