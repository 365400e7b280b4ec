//! What a pod belongs to, and how that fares.

use std::sync::Arc;

use super::model::{Phase, Pod, Workload};
use crate::alerts::finding::{Owner, OwnerState};

/// The root of a pod's owner chain: ReplicaSet → Deployment, Job → CronJob; a static pod's node; else the pod itself.
pub fn root(pod: &Pod, find: impl Fn(&str, &Owner) -> Option<Arc<Workload>>) -> Owner {
    let Some(controller) = &pod.controller else {
        return Owner {
            kind: "Pod".into(),
            name: pod.name.to_string(),
        };
    };
    let above = find(&pod.namespace, controller).and_then(|workload| workload.controller.clone());
    if let Some(above) = above {
        return above;
    }
    // A ReplicaSet that is not known (any more) still says its Deployment's name in its own.
    match controller.name.rsplit_once('-') {
        Some((name, hash)) if controller.kind == "ReplicaSet" && is_template_hash(hash) => Owner {
            kind: "Deployment".into(),
            name: name.to_owned(),
        },
        _ => controller.clone(),
    }
}

/// Hashes of pod templates use letters that cannot form words.
fn is_template_hash(text: &str) -> bool {
    (8..=10).contains(&text.len())
        && text
            .bytes()
            .all(|b| b"bcdfghjklmnpqrstvwxz2456789".contains(&b))
}

/// How a workload fares, by positive evidence: its controller has seen the newest spec, and every pod of it is available.
pub fn state(workload: &Workload) -> OwnerState {
    if let Some(succeeded) = workload.finished {
        return if succeeded {
            OwnerState::Healthy
        } else {
            OwnerState::Unsettled
        };
    }
    match workload.desired {
        None => OwnerState::Healthy,
        Some(0) if workload.current == 0 => OwnerState::Idle,
        Some(desired) => {
            let is_seen = workload.observed_generation >= workload.generation;
            let all = [
                workload.updated,
                workload.ready,
                workload.available,
                workload.current,
            ];
            if is_seen && all.iter().all(|count| *count == desired) {
                OwnerState::Healthy
            } else {
                OwnerState::Unsettled
            }
        }
    }
}

/// How a pod without a workload fares.
pub fn state_of_pod(pod: &Pod) -> OwnerState {
    match (pod.phase, pod.ready_condition) {
        (Phase::Succeeded, _) => OwnerState::Idle,
        (Phase::Running, Some((true, _))) if pod.deletion_at.is_none() => OwnerState::Healthy,
        _ => OwnerState::Unsettled,
    }
}

/// The state of an owner whose pods differ: one that is not well decides, one that ended does not.
pub fn worse(one: OwnerState, other: OwnerState) -> OwnerState {
    use OwnerState::{Healthy, Idle, Unsettled};
    match (one, other) {
        (Unsettled, _) | (_, Unsettled) => Unsettled,
        (Healthy, _) | (_, Healthy) => Healthy,
        (Idle, Idle) => Idle,
    }
}
