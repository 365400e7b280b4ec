//! One full look at a cluster: every problem there is now, and how every owner fares.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Cluster, certificates,
    model::{Phase, Pod, Workload},
    owners,
    problems::{self, Holds, Subject},
};
use crate::alerts::finding::{Observation, Owner, OwnerState, SourceKind};

/// Looks at pods and what owns them; `None` while anything that matters is not known.
pub fn pods(cluster: &Cluster, now: DateTime<Utc>, holds: &Holds) -> Option<Observation> {
    let settled = cluster.workloads.iter().all(|source| source.is_settled());
    if !cluster.pods.is_current() || !settled {
        return None;
    }
    let pods: Vec<Arc<Pod>> = cluster.pods.read().objects().cloned().collect();
    let workloads = all_workloads(cluster);
    let find = |namespace: &str, owner: &Owner| {
        workloads
            .get(&*super::workload_key(namespace, owner))
            .cloned()
    };
    let subjects: Vec<Subject> = pods
        .iter()
        .filter_map(|pod| {
            let owner = owners::root(pod, find);
            let workload = find(&pod.namespace, &owner);
            // Failed pods stay behind as history, such as evicted ones, when their owner is well again.
            let is_well = |w: &Arc<Workload>| owners::state(w) == OwnerState::Healthy;
            if pod.phase == Phase::Failed && workload.as_ref().is_some_and(is_well) {
                return None;
            }
            Some(Subject {
                total: workload
                    .as_ref()
                    .and_then(|w| u32::try_from(w.desired?).ok()),
                owner,
                pod,
            })
        })
        .collect();
    let found = problems::findings(&cluster.name, &subjects, now, holds);
    let mut owners = HashMap::new();
    for subject in &subjects {
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
    for workload in workloads.values().filter(|w| w.controller.is_none()) {
        let key = (Some(workload.namespace.to_string()), workload.owner.clone());
        owners.insert(key, owners::state(workload));
    }
    for key in found.unsettled {
        owners.insert(key, OwnerState::Unsettled);
    }
    Some(Observation {
        cluster: cluster.name.clone(),
        source: SourceKind::Pods,
        findings: found.findings,
        owners,
    })
}

/// Looks at certificates; `None` while they are not known.
pub fn certificates(cluster: &Cluster, now: DateTime<Utc>) -> Option<Observation> {
    if !cluster.certificates.is_current() {
        return None;
    }
    let all: Vec<_> = cluster.certificates.read().objects().cloned().collect();
    let mut owners = HashMap::new();
    let mut findings = Vec::new();
    for certificate in &all {
        let key = (
            Some(certificate.namespace.to_string()),
            certificates::owner(certificate),
        );
        let found = certificates::finding(&cluster.name, certificate, now);
        let state = if found.is_some() || !certificates::is_settled(certificate, now) {
            OwnerState::Unsettled
        } else {
            OwnerState::Healthy
        };
        owners.insert(key, state);
        findings.extend(found);
    }
    Some(Observation {
        cluster: cluster.name.clone(),
        source: SourceKind::Certificates,
        findings,
        owners,
    })
}

/// Holds from the settings.
pub fn holds(hold_seconds: u32, quiet_seconds: u32) -> Holds {
    let hold = TimeDelta::seconds(hold_seconds.into());
    Holds {
        hold,
        not_ready: hold * 5,
        calm: TimeDelta::seconds(quiet_seconds.into()),
    }
}

fn all_workloads(cluster: &Cluster) -> HashMap<Arc<str>, Arc<Workload>> {
    use super::index::Keyed;
    let mut all = HashMap::new();
    for source in &cluster.workloads {
        all.extend(source.read().objects().map(|w| (w.key(), Arc::clone(w))));
    }
    all
}
