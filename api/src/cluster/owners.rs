//! What a pod belongs to, and how that fares.

use std::sync::Arc;

use super::model::{Health, Phase, Pod, Workload};
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
/// A CronJob's state is that of its Jobs, which only `observe` knows.
pub fn state(workload: &Workload) -> OwnerState {
    if let Some(ended) = &workload.ended {
        return if ended.succeeded {
            OwnerState::Healthy
        } else {
            OwnerState::Unsettled
        };
    }
    match workload.desired {
        Some(0) if workload.current == 0 => OwnerState::Idle,
        Some(desired) if is_rolled_out(workload, desired) && workload.stuck.is_none() => {
            OwnerState::Healthy
        }
        _ => OwnerState::Unsettled,
    }
}

fn is_rolled_out(workload: &Workload, desired: i32) -> bool {
    let all = [
        workload.updated,
        workload.ready,
        workload.available,
        workload.current,
    ];
    workload.observed_generation >= workload.generation && all.iter().all(|n| *n == desired)
}

/// How a workload fares, in a word.
pub fn health(workload: &Workload) -> Health {
    if let Some(ended) = &workload.ended {
        return if ended.succeeded {
            Health::Done
        } else {
            Health::Critical
        };
    }
    if workload.stuck.is_some() {
        return Health::Critical;
    }
    match workload.desired {
        None if workload.paused => Health::Done,
        None => Health::Ok,
        Some(0) if workload.current == 0 => Health::Done,
        Some(_) if workload.owner.kind == "Job" => Health::Progressing,
        Some(desired) if is_rolled_out(workload, desired) => Health::Ok,
        Some(_) if workload.rolling => Health::Progressing,
        Some(desired) if workload.current < desired => Health::Progressing,
        // Nothing is on its way, and not all of it is well.
        Some(_) => Health::Warning,
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
