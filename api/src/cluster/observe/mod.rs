//! One full look at a cluster: every problem there is now, and how every owner fares.

mod chain;
mod change;
mod memory;
mod pods;
mod restarts;
mod workloads;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

pub use self::{memory::Memory, pods::pods, restarts::Restarts};
use super::{Cluster, applications, certificates, diagnose, hosts, nodes, problems::Holds};
use crate::{
    alerts::finding::{Finding, Observation, Owner, OwnerState, SourceKind},
    config::Config,
};

/// An owner with its namespace, as incidents know it.
type OwnerKey = (Option<String>, Owner);

/// Holds from the settings.
pub fn holds(config: &Config) -> Holds {
    let hold = TimeDelta::seconds(config.hold_seconds.into());
    let or = |seconds: Option<u32>, usual| seconds.map_or(usual, |s| TimeDelta::seconds(s.into()));
    Holds {
        hold,
        not_ready: or(config.not_ready_seconds, hold * 5),
        calm: TimeDelta::seconds(config.quiet_seconds.into()),
        stalled: or(config.rollout_stalled_seconds, hold * 15),
    }
}

/// Looks at nodes; `None` while they, or the pods on them, are not known.
pub fn nodes(cluster: &Cluster, now: DateTime<Utc>, holds: &Holds) -> Option<Observation> {
    if !cluster.nodes.is_current() || !cluster.pods.is_settled() {
        return None;
    }
    let all: Vec<_> = cluster.pods.read().objects().cloned().collect();
    let pods = nodes::pods_by_node(all.iter().map(|pod| &**pod));
    let mut seen = nothing(cluster, SourceKind::Nodes);
    for node in cluster.nodes.read().objects() {
        let here = pods.get(&*node.name).map(Vec::as_slice).unwrap_or_default();
        let found = nodes::findings(&cluster.name, node, here, now, holds);
        seen.findings.extend(found);
        let key = (None, nodes::owner(&node.name));
        seen.owners.insert(key, nodes::state(node));
    }
    Some(seen)
}

/// Looks at certificates; `None` while they are not known.
pub fn certificates(cluster: &Cluster, now: DateTime<Utc>) -> Option<Observation> {
    if !cluster.certificates.is_current() {
        return None;
    }
    let chain = chain::Chain::new(cluster);
    let mut seen = nothing(cluster, SourceKind::Certificates);
    for certificate in cluster.certificates.read().objects() {
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
        seen.owners.insert(key, state);
        let told = found.filter(|_| !certificate.tuning.silent);
        seen.findings.extend(told.map(|mut finding| {
            if let Some(step) =
                chain.deepest(&certificate.namespace, &certificates::owner(certificate))
            {
                certificates::explain(&step, &mut finding);
                diagnose::certificate(&step, &mut finding);
            }
            finding
        }));
    }
    Some(seen)
}

/// Looks at what hosts serve; `None` before they were all looked at. What is told of a certificate of the cluster is not
/// told again of the host that serves it.
pub fn hosts(
    cluster: &Cluster,
    certificates: &[Finding],
    now: DateTime<Utc>,
) -> Option<Observation> {
    if !cluster.hosts.is_current() {
        return None;
    }
    let told: HashSet<&str> = certificates
        .iter()
        .flat_map(|finding| finding.facts.dns_names.iter().map(String::as_str))
        .collect();
    let mut seen = nothing(cluster, SourceKind::Hosts);
    for host in cluster.hosts.read().objects() {
        let state = hosts::problem::state(host, now);
        seen.owners
            .insert((None, hosts::problem::owner(host)), state);
        let found = hosts::problem::finding(&cluster.name, host, now);
        seen.findings
            .extend(found.filter(|_| !told.contains(&*host.name)));
    }
    Some(seen)
}

/// Looks at Argo CD's applications; `None` while they are not known. What is told about pods of an application in
/// `explained` is not told again of the application.
pub fn applications(
    cluster: &Cluster,
    explained: &HashSet<String>,
    memory: &mut Memory,
    now: DateTime<Utc>,
    holds: &Holds,
) -> Option<Observation> {
    if !cluster.applications.is_current() {
        return None;
    }
    let mut seen = nothing(cluster, SourceKind::Applications);
    for one in cluster.applications.read().objects() {
        let key = (Some(one.namespace.to_string()), applications::owner(one));
        seen.owners.insert(key, applications::state(one));
        let since = memory.since(&one.uid, applications::health(one), now);
        let explained = explained.contains(&*one.name);
        for mut found in applications::findings(&cluster.name, one, since, explained, now, holds) {
            diagnose::application(one, &mut found);
            seen.findings.push(found);
        }
    }
    Some(seen)
}

fn nothing(cluster: &Cluster, source: SourceKind) -> Observation {
    Observation {
        cluster: cluster.name.clone(),
        source,
        findings: Vec::new(),
        owners: HashMap::new(),
    }
}
