//! What owns pods.

use std::sync::Arc;

use k8s_openapi::api::{
    apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet},
    batch::v1::{CronJob, Job},
    core::v1::PodTemplateSpec,
};
use kube::ResourceExt;

use super::{controller, created_at, message, time, word};
use crate::{
    alerts::finding::Owner,
    cluster::model::{Ended, Schedule, Tuning, Workload},
};

/// Number of a Deployment's revision.
const REVISION: &str = "deployment.kubernetes.io/revision";
/// How Argo CD marks what it deploys: `application:group/kind:namespace/name`, or by label.
const TRACKING: &str = "argocd.argoproj.io/tracking-id";
const INSTANCE: &str = "argocd.argoproj.io/instance";

/// The part all kinds of workloads share.
fn workload<K: ResourceExt>(
    kind: &str,
    object: &K,
    template: Option<&PodTemplateSpec>,
) -> Option<Workload> {
    let annotations = object.annotations();
    let of_template = template
        .and_then(|t| t.metadata.as_ref()?.annotations.as_ref())
        .map(Tuning::read)
        .unwrap_or_default();
    let tracked = annotations
        .get(TRACKING)
        .and_then(|id| id.split(':').next())
        .or_else(|| object.labels().get(INSTANCE).map(String::as_str));
    Some(Workload {
        uid: object.uid()?.into(),
        namespace: word(&object.namespace().unwrap_or_default()),
        owner: Owner {
            kind: kind.to_owned(),
            name: object.name_any(),
        },
        controller: controller(object.owner_references()),
        created_at: created_at(object),
        desired: None,
        updated: 0,
        ready: 0,
        available: 0,
        current: 0,
        generation: object.meta().generation.unwrap_or_default(),
        observed_generation: 0,
        revision: annotations.get(REVISION).and_then(|n| n.parse().ok()),
        images: images(template),
        progress_deadline: None,
        stuck: None,
        rolling: false,
        paused: false,
        ended: None,
        schedule: None,
        application: tracked.map(word),
        tuning: Tuning::read(annotations).or(of_template),
    })
}

fn images(template: Option<&PodTemplateSpec>) -> Vec<(Arc<str>, Arc<str>)> {
    let Some(spec) = template.and_then(|t| t.spec.as_ref()) else {
        return Vec::new();
    };
    let init = spec.init_containers.iter().flatten();
    init.chain(&spec.containers)
        .map(|c| (word(&c.name), word(c.image.as_deref().unwrap_or_default())))
        .collect()
}

/// A Deployment.
pub fn deployment(object: &Deployment) -> Option<Workload> {
    let status = object.status.clone().unwrap_or_default();
    let spec = object.spec.as_ref();
    let conditions = status.conditions.unwrap_or_default();
    let progressing = conditions.iter().find(|c| c.type_ == "Progressing");
    let is_so = |is: &str, reason: &str| {
        progressing.is_some_and(|c| c.status == is && c.reason.as_deref() == Some(reason))
    };
    let stuck = progressing.filter(|_| is_so("False", "ProgressDeadlineExceeded"));
    Some(Workload {
        desired: Some(spec.and_then(|s| s.replicas).unwrap_or(1)),
        updated: status.updated_replicas.unwrap_or_default(),
        ready: status.ready_replicas.unwrap_or_default(),
        available: status.available_replicas.unwrap_or_default(),
        current: status.replicas.unwrap_or_default(),
        observed_generation: status.observed_generation.unwrap_or_default(),
        progress_deadline: spec.and_then(|s| s.progress_deadline_seconds),
        stuck: stuck.map(|c| {
            let since = c.last_transition_time.as_ref().and_then(time);
            let said = message(c.message.as_deref().unwrap_or_default());
            (said, since.unwrap_or_default())
        }),
        rolling: progressing.is_some_and(|c| c.status == "True")
            && !is_so("True", "NewReplicaSetAvailable"),
        paused: spec.and_then(|s| s.paused).unwrap_or_default(),
        ..workload("Deployment", object, spec.map(|s| &s.template))?
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
        ..workload(
            "ReplicaSet",
            object,
            object.spec.as_ref().and_then(|s| s.template.as_ref()),
        )?
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
        rolling: !settled,
        ..workload(
            "StatefulSet",
            object,
            object.spec.as_ref().map(|s| &s.template),
        )?
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
        rolling: status.updated_number_scheduled.unwrap_or_default()
            < status.desired_number_scheduled,
        ..workload(
            "DaemonSet",
            object,
            object.spec.as_ref().map(|s| &s.template),
        )?
    })
}

/// A Job.
pub fn job(object: &Job) -> Option<Workload> {
    let status = object.status.clone().unwrap_or_default();
    let conditions = status.conditions.unwrap_or_default();
    let ended = |kind: &str| {
        let found = conditions
            .iter()
            .find(|c| c.type_ == kind && c.status == "True")?;
        Some(Ended {
            succeeded: kind == "Complete",
            at: found
                .last_transition_time
                .as_ref()
                .and_then(time)
                .unwrap_or_else(|| created_at(object)),
            reason: word(found.reason.as_deref().unwrap_or_default()),
            message: message(found.message.as_deref().unwrap_or_default()),
        })
    };
    let ended = ended("Complete").or_else(|| ended("Failed"));
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
        paused: object
            .spec
            .as_ref()
            .and_then(|s| s.suspend)
            .unwrap_or_default(),
        ended,
        ..workload("Job", object, object.spec.as_ref().map(|s| &s.template))?
    })
}

/// A CronJob.
pub fn cron_job(object: &CronJob) -> Option<Workload> {
    let spec = object.spec.clone().unwrap_or_default();
    let status = object.status.clone().unwrap_or_default();
    let template = spec.job_template.spec.as_ref().map(|s| &s.template);
    Some(Workload {
        paused: spec.suspend.unwrap_or_default(),
        schedule: Some(Box::new(Schedule {
            cron: spec.schedule.as_str().into(),
            last_started_at: status.last_schedule_time.as_ref().and_then(time),
            last_succeeded_at: status.last_successful_time.as_ref().and_then(time),
        })),
        ..workload("CronJob", object, template)?
    })
}
