//! What is wrong with pods *now*: the level, not edges, so that whatever was missed is found at the next look.

mod container;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

pub use self::container::CERTAIN_RESTARTS;
use self::container::container_problem;
use super::model::{Container, ContainerKind, Phase, Pod, Termination, Tuning};
use crate::alerts::finding::{Evidence, Facts, Finding, Key, Owner, ProblemClass, Severity};

/// How long a deleted pod may outlive its grace.
const TERMINATING: TimeDelta = TimeDelta::minutes(2);
/// Most quotes of a finding.
const MAX_EVIDENCE: usize = 5;

/// How long each kind of problem must last before it counts.
#[derive(Clone, Copy, Debug)]
pub struct Holds {
    /// Problems that may pass by themselves.
    pub hold: TimeDelta,
    /// Pods that run but are not ready.
    pub not_ready: TimeDelta,
    /// How long after a crash an owner is not called well.
    pub calm: TimeDelta,
    /// How long a rollout may stand still where its controller knows no deadline.
    pub stalled: TimeDelta,
}

/// A pod, and what it belongs to.
pub struct Subject<'a> {
    /// The pod.
    pub pod: &'a Pod,
    /// Root of its owner chain.
    pub owner: Owner,
    /// How many pods the owner wants.
    pub total: Option<u32>,
    /// Its node does not answer: what is known of the pod is old, and the node is told instead.
    pub on_lost_node: bool,
    /// How long it may be unready because its owner is being rolled out.
    pub rollout_deadline: Option<TimeDelta>,
    /// What its annotations and its owner's ask for.
    pub tuning: Tuning,
    /// Containers that crashed again and again while nobody looked.
    pub unseen: Vec<&'a str>,
}

/// Problems past their hold, and owners that are not well although nothing is told about them.
#[derive(Debug, Default)]
pub struct Found {
    /// Problems to tell, by key.
    pub findings: Vec<Finding>,
    /// Owners with a problem within its hold, or a crash a moment ago.
    pub unsettled: HashSet<(Option<String>, Owner)>,
    /// Owners with a crash a moment ago.
    pub crashed: HashSet<(Option<String>, Owner)>,
}

struct Problem<'a> {
    class: ProblemClass,
    container: Option<&'a Container>,
    severity: Severity,
    since: DateTime<Utc>,
    hold: TimeDelta,
    reason: String,
    message: Option<String>,
    ended: Option<&'a Termination>,
}

/// Everything that is wrong, gathered by root owner: fifty crashing pods of a Deployment are one finding.
pub fn findings(
    cluster: &str,
    subjects: &[Subject<'_>],
    now: DateTime<Utc>,
    holds: &Holds,
) -> Found {
    let mut found = Found::default();
    let mut by_key: BTreeMap<Key, Finding> = BTreeMap::new();
    for subject in subjects {
        let namespace = Some(subject.pod.namespace.to_string());
        if crashed_lately(subject.pod, now, holds.calm) {
            let owner = (namespace.clone(), subject.owner.clone());
            found.unsettled.insert(owner.clone());
            found.crashed.insert(owner);
        }
        if subject.tuning.silent {
            continue;
        }
        for problem in problems(subject, now, holds) {
            if now < problem.since + problem.hold {
                found
                    .unsettled
                    .insert((namespace.clone(), subject.owner.clone()));
                continue;
            }
            let key = Key {
                cluster: cluster.to_owned(),
                namespace: namespace.clone(),
                owner: subject.owner.clone(),
                class: problem.class,
                container: problem.container.map(|c| c.name.to_string()),
            };
            add(&mut by_key, key, subject, &problem);
        }
    }
    found.findings = by_key.into_values().collect();
    found
}

fn add(
    by_key: &mut BTreeMap<Key, Finding>,
    key: Key,
    subject: &Subject<'_>,
    problem: &Problem<'_>,
) {
    let pod = subject.pod;
    let text = problem
        .message
        .clone()
        .unwrap_or_else(|| problem.reason.clone());
    let evidence = Evidence {
        at: problem.ended.and_then(|end| end.finished_at),
        source: format!("pod {}", pod.name),
        text,
    };
    let restarts = problem.container.map(|c| c.restarts);
    let finding = by_key.entry(key.clone()).or_insert_with(|| Finding {
        key,
        severity: problem.severity,
        since: problem.since,
        affected: Vec::new(),
        total: subject.total,
        facts: Facts {
            reason: Some(match problem.ended {
                Some(end) if &*end.reason == "OOMKilled" => end.reason.to_string(),
                _ => problem.reason.clone(),
            }),
            message: problem.message.clone(),
            image: problem.container.map(|c| c.image.to_string()),
            exit_code: problem.ended.map(|end| end.exit_code),
            signal: problem.ended.map(|end| end.signal).filter(|s| *s > 0),
            restarts: restarts.filter(|n| *n > 0),
            node: pod.node.as_ref().map(ToString::to_string),
            ..Facts::default()
        },
        evidence: Vec::new(),
    });
    finding.severity = std::cmp::max(finding.severity, problem.severity);
    finding.since = std::cmp::min(finding.since, problem.since);
    if let Err(at) = finding
        .affected
        .binary_search_by(|name| name.as_str().cmp(&pod.name))
    {
        finding.affected.insert(at, pod.name.to_string());
    }
    if finding.evidence.len() < MAX_EVIDENCE {
        finding.evidence.push(evidence);
        finding.evidence.sort_by(|a, b| a.source.cmp(&b.source));
    }
}

fn problems<'a>(subject: &Subject<'a>, now: DateTime<Utc>, holds: &Holds) -> Vec<Problem<'a>> {
    let pod = subject.pod;
    if subject.on_lost_node {
        return Vec::new();
    }
    if let Some(end) = pod.deletion_at {
        return terminating(pod, end, now).into_iter().collect();
    }
    let of_job = matches!(subject.owner.kind.as_str(), "Job" | "CronJob");
    let mut problems: Vec<Problem<'a>> = pod
        .containers
        .iter()
        .filter_map(|container| container_problem(subject, container, of_job, now, holds))
        .collect();
    if pod.phase == Phase::Failed && pod.reason.as_deref() == Some("Evicted") {
        problems.clear();
        problems.push(pod_problem(
            ProblemClass::Evicted,
            pod.created_at,
            TimeDelta::zero(),
            "Evicted",
            pod.message.as_deref(),
        ));
    }
    if let Some((message, since)) = &pod.unschedulable {
        problems.push(pod_problem(
            ProblemClass::Unschedulable,
            *since,
            holds.hold,
            "Unschedulable",
            Some(message),
        ));
    }
    // A pod whose container has a problem of its own is not ready for that reason; one of a Job need not be ready.
    if problems.is_empty()
        && !of_job
        && let Some(problem) = not_ready(subject, holds)
    {
        problems.push(problem);
    }
    problems
}

fn terminating<'a>(pod: &Pod, end: DateTime<Utc>, now: DateTime<Utc>) -> Option<Problem<'a>> {
    let late_from = end + TERMINATING;
    if now < late_from {
        return None;
    }
    let finalizers = pod.finalizers.join(", ");
    let message = (!finalizers.is_empty()).then(|| format!("finalizers: {finalizers}"));
    Some(pod_problem(
        ProblemClass::StuckTerminating,
        late_from,
        TimeDelta::zero(),
        "Terminating",
        message.as_deref(),
    ))
}

fn not_ready<'a>(subject: &Subject<'_>, holds: &Holds) -> Option<Problem<'a>> {
    let pod = subject.pod;
    let (ready, since) = pod.ready_condition?;
    let starting = pod
        .containers
        .iter()
        .any(|c| c.kind != ContainerKind::Init && c.started == Some(false));
    if ready || starting || pod.phase != Phase::Running {
        return None;
    }
    let usual = subject.rollout_deadline.max(Some(holds.not_ready));
    Some(pod_problem(
        ProblemClass::NotReady,
        since,
        subject.tuning.not_ready(usual.unwrap_or(holds.not_ready)),
        "NotReady",
        None,
    ))
}

fn pod_problem<'a>(
    class: ProblemClass,
    since: DateTime<Utc>,
    hold: TimeDelta,
    reason: &str,
    message: Option<&str>,
) -> Problem<'a> {
    Problem {
        class,
        container: None,
        severity: Severity::Warning,
        since,
        hold,
        reason: reason.to_owned(),
        message: message.filter(|m| !m.is_empty()).map(str::to_owned),
        ended: None,
    }
}

/// Between two crashes a container looks well for a while.
fn crashed_lately(pod: &Pod, now: DateTime<Utc>, calm: TimeDelta) -> bool {
    pod.containers.iter().any(|container| {
        let failed = container
            .last
            .as_ref()
            .filter(|end| end.exit_code != 0 || end.signal != 0);
        failed
            .and_then(|end| end.finished_at)
            .is_some_and(|at| now - at < calm)
    })
}
