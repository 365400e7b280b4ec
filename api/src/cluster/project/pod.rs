//! Pods.

use k8s_openapi::api::core::v1;
use kube::ResourceExt;

use super::{controller, created_at, message, time, word};
use crate::cluster::{
    model::{Container, ContainerKind, ContainerState, Phase, Pod, Termination, Tuning},
    status::{self, Parts},
};

/// A pod.
pub fn pod(pod: &v1::Pod) -> Option<Pod> {
    let spec = pod.spec.clone().unwrap_or_default();
    let status = pod.status.clone().unwrap_or_default();
    let conditions = status.conditions.unwrap_or_default();
    let condition = |name: &str| conditions.iter().find(|c| c.type_ == name);
    let is_true = |name: &str| condition(name).is_some_and(|c| c.status == "True");
    let created_at = created_at(pod);
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
        tuning: Tuning::read(pod.annotations()),
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
        hasty_probe: spec.liveness_probe.is_some() && spec.startup_probe.is_none(),
        restarts: status.map_or(0, |s| s.restart_count),
        state: state.map_or(ContainerState::Unknown, container_state),
        last: last.map(|ended| Box::new(termination(ended))),
    }
}

fn container_state(state: &v1::ContainerState) -> ContainerState {
    if let Some(waiting) = &state.waiting {
        let reason = word(waiting.reason.as_deref().unwrap_or_default());
        return ContainerState::Waiting(reason, waiting.message.as_deref().map(message));
    }
    if let Some(ended) = &state.terminated {
        return ContainerState::Terminated(Box::new(termination(ended)));
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
