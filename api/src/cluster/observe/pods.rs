//! Looking at pods and what owns them.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};

use super::{
    Memory, OwnerKey, Restarts, change, nothing,
    workloads::{Workloads, deadline},
};
use crate::{
    alerts::finding::{Finding, Observation, OwnerState, ProblemClass, SourceKind},
    cluster::{
        Cluster, diagnose,
        model::{Phase, Pod},
        nodes, owners,
        problems::{self, CERTAIN_RESTARTS, Holds, Subject},
    },
};

/// What was seen of pods, and which Argo CD applications have a problem that is told already.
pub struct PodsSeen {
    /// The look.
    pub observation: Observation,
    /// Names of applications whose pods have a problem.
    pub explained: HashSet<String>,
    /// What was looked at.
    pub pods: Vec<Arc<Pod>>,
}

/// Looks at pods and what owns them; `None` while anything that matters is not known.
pub fn pods(
    cluster: &Cluster,
    memory: &mut Memory,
    restarts: &Restarts,
    now: DateTime<Utc>,
    holds: &Holds,
) -> Option<PodsSeen> {
    let settled = cluster.workloads.iter().all(|source| source.is_settled());
    if !cluster.pods.is_current() || !settled {
        return None;
    }
    let pods: Vec<Arc<Pod>> = cluster.pods.read().objects().cloned().collect();
    let all = cluster.workloads.iter().flat_map(|source| {
        let index = source.read();
        index.objects().cloned().collect::<Vec<_>>()
    });
    let workloads = Workloads::new(all);
    let lost = lost_nodes(cluster);
    let subjects: Vec<Subject> = pods
        .iter()
        .filter_map(|pod| subject(pod, &workloads, &lost, restarts))
        .collect();
    let found = problems::findings(&cluster.name, &subjects, now, holds);
    let mut findings = found.findings;
    let rollouts = workloads.stuck_rollouts(&cluster.name, memory, now, holds);
    add_rollouts(&mut findings, rollouts, &found.crashed);
    findings.extend(workloads.failed_jobs(&cluster.name, &pods));
    let mut explained = HashSet::new();
    for finding in &mut findings {
        let namespace = finding.key.namespace.as_deref().unwrap_or_default();
        let workload = workloads.find(namespace, &finding.key.owner);
        if let Some(workload) = workload {
            let own = subjects
                .iter()
                .filter(|s| s.owner == workload.owner && s.pod.namespace == workload.namespace);
            let own: Vec<&Pod> = own.map(|subject| subject.pod).collect();
            finding.facts.change = change::last(cluster, workload, &own);
            if finding.key.class == ProblemClass::RolloutStuck {
                finding.affected = unready(&own);
            }
            explained.extend(workload.application.as_ref().map(ToString::to_string));
        }
        diagnose::pods(cluster, finding);
    }
    let mut observation = nothing(cluster, SourceKind::Pods);
    observation.owners = owners_of(&subjects, &workloads);
    for key in found.unsettled {
        observation.owners.insert(key, OwnerState::Unsettled);
    }
    observation.findings = findings;
    Some(PodsSeen {
        observation,
        explained,
        pods,
    })
}

/// Names of the nodes that do not answer; none while nodes are not known.
fn lost_nodes(cluster: &Cluster) -> HashSet<Arc<str>> {
    if !cluster.nodes.is_current() {
        return HashSet::new();
    }
    let index = cluster.nodes.read();
    let lost = index.objects().filter(|node| nodes::is_lost(node));
    lost.map(|node| Arc::clone(&node.name)).collect()
}

fn subject<'a>(
    pod: &'a Pod,
    workloads: &Workloads,
    lost: &HashSet<Arc<str>>,
    restarts: &Restarts,
) -> Option<Subject<'a>> {
    let owner = owners::root(pod, |namespace, owner| {
        workloads.find(namespace, owner).cloned()
    });
    let workload = workloads.find(&pod.namespace, &owner);
    // Failed pods stay behind as history, such as evicted ones, when their owner is well again.
    let is_well = workload.is_some_and(|w| workloads.state(w) == OwnerState::Healthy);
    if pod.phase == Phase::Failed && is_well {
        return None;
    }
    let tuning = workload.map_or(pod.tuning, |w| pod.tuning.or(w.tuning));
    Some(Subject {
        total: workload.and_then(|w| u32::try_from(w.desired?).ok()),
        on_lost_node: pod.node.as_ref().is_some_and(|node| lost.contains(node)),
        rollout_deadline: workload.and_then(|w| deadline(w)),
        tuning,
        owner,
        unseen: crashed_unseen(pod, restarts),
        pod,
    })
}

/// Containers that crashed again and again since the last look.
fn crashed_unseen<'a>(pod: &'a Pod, restarts: &Restarts) -> Vec<&'a str> {
    let containers = pod.containers.iter();
    // Most never restarted: nothing need be looked up for them.
    let crashed = containers.filter(|c| {
        c.restarts >= CERTAIN_RESTARTS && restarts.since_last_look(pod, c) >= CERTAIN_RESTARTS
    });
    crashed.map(|container| &*container.name).collect()
}

/// A stuck rollout whose pods crash is told by the crash, which says why; pods that are merely not ready are told by
/// the rollout.
fn add_rollouts(findings: &mut Vec<Finding>, rollouts: Vec<Finding>, crashed: &HashSet<OwnerKey>) {
    for rollout in rollouts {
        let is_same = |other: &Finding| {
            other.key.owner == rollout.key.owner && other.key.namespace == rollout.key.namespace
        };
        let is_unready =
            |other: &Finding| is_same(other) && other.key.class == ProblemClass::NotReady;
        findings.retain(|other| !is_unready(other));
        let key = (rollout.key.namespace.clone(), rollout.key.owner.clone());
        if !findings.iter().any(is_same) && !crashed.contains(&key) {
            findings.push(rollout);
        }
    }
}

fn unready(pods: &[&Pod]) -> Vec<String> {
    let is_unready = |pod: &&&Pod| !matches!(pod.ready_condition, Some((true, _)));
    let mut names: Vec<String> = pods
        .iter()
        .filter(is_unready)
        .map(|pod| pod.name.to_string())
        .collect();
    names.sort();
    names
}

fn owners_of(subjects: &[Subject], workloads: &Workloads) -> HashMap<OwnerKey, OwnerState> {
    let mut owners = HashMap::new();
    for subject in subjects {
        let key = (
            Some(subject.pod.namespace.to_string()),
            subject.owner.clone(),
        );
        let state = owners::state_of_pod(subject.pod);
        owners
            .entry(key)
            .and_modify(|worst: &mut OwnerState| *worst = owners::worse(*worst, state))
            .or_insert(state);
    }
    // What a workload's controller says is worth more than what its pods look like; old pods may linger.
    for workload in workloads.roots() {
        let key = (Some(workload.namespace.to_string()), workload.owner.clone());
        owners.insert(key, workloads.state(workload));
    }
    owners
}
