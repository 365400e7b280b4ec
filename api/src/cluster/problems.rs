//! What is wrong with pods *now*: the level, not edges, so that whatever was missed is found at the next look.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::model::{Container, ContainerKind, ContainerState, Phase, Pod, Termination};
use crate::alerts::finding::{Evidence, Facts, Finding, Key, Owner, ProblemClass, Severity};

/// Reasons of a pull that fails.
const PULL: [&str; 6] = [
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "ErrImageNeverPull",
    "ImageInspectError",
    "RegistryUnavailable",
];
/// Reasons of a container that cannot be made.
const CONFIG: [&str; 3] = [
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
];
/// Restarts from which a crash loop is told at once.
const CERTAIN_RESTARTS: i32 = 2;
/// Restarts that make a crash loop even while the container happens to run.
const MANY_RESTARTS: i32 = 3;
/// How long an ended run counts as recent.
const RECENT: TimeDelta = TimeDelta::minutes(10);
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
}

/// A pod, and what it belongs to.
pub struct Subject<'a> {
    /// The pod.
    pub pod: &'a Pod,
    /// Root of its owner chain.
    pub owner: Owner,
    /// How many pods the owner wants.
    pub total: Option<u32>,
}

/// Problems past their hold, and owners that are not well although nothing is told about them.
#[derive(Debug, Default)]
pub struct Found {
    /// Problems to tell, by key.
    pub findings: Vec<Finding>,
    /// Owners with a problem within its hold, or a crash a moment ago.
    pub unsettled: HashSet<(Option<String>, Owner)>,
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
            found
                .unsettled
                .insert((namespace.clone(), subject.owner.clone()));
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
    if let Some(end) = pod.deletion_at {
        return terminating(pod, end, now).into_iter().collect();
    }
    let of_job = matches!(subject.owner.kind.as_str(), "Job" | "CronJob");
    let mut problems: Vec<Problem<'a>> = pod
        .containers
        .iter()
        .filter_map(|container| container_problem(pod, container, of_job, now, holds))
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
        && let Some(problem) = not_ready(pod, holds)
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

fn not_ready<'a>(pod: &Pod, holds: &Holds) -> Option<Problem<'a>> {
    let (ready, since) = pod.ready_condition?;
    let starting = pod
        .containers
        .iter()
        .any(|c| c.kind != ContainerKind::Init && c.started == Some(false));
    if ready || starting || pod.phase != Phase::Running {
        return None;
    }
    Some(pod_problem(
        ProblemClass::NotReady,
        since,
        holds.not_ready,
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

/// The one problem that says most about a container.
fn container_problem<'a>(
    pod: &Pod,
    container: &'a Container,
    of_job: bool,
    now: DateTime<Utc>,
    holds: &Holds,
) -> Option<Problem<'a>> {
    let last = container.last.as_ref();
    let problem = |class, since, hold, reason: &str, message: Option<&str>, ended| Problem {
        class,
        container: Some(container),
        severity: Severity::Critical,
        since,
        hold,
        reason: reason.to_owned(),
        message: message.filter(|m| !m.is_empty()).map(str::to_owned),
        ended,
    };
    let none = TimeDelta::zero();
    let ended_at = |end: Option<&Termination>| end.and_then(|e| e.finished_at);
    match &container.state {
        ContainerState::Waiting(reason, message) => {
            let message = message.as_deref();
            let since = waiting_since(pod, container);
            let reason = &**reason;
            if reason == "CrashLoopBackOff" {
                // What the container said when it ended tells more than "back-off restarting".
                let said = last.and_then(|end| end.message.as_deref()).or(message);
                let hold = if container.restarts >= CERTAIN_RESTARTS {
                    none
                } else {
                    holds.hold
                };
                return Some(problem(
                    ProblemClass::CrashLoop,
                    since,
                    hold,
                    reason,
                    said,
                    last,
                ));
            }
            if PULL.contains(&reason) {
                return Some(problem(
                    ProblemClass::ImagePull,
                    since,
                    holds.hold,
                    reason,
                    message,
                    None,
                ));
            }
            if CONFIG.contains(&reason) {
                return Some(problem(
                    ProblemClass::Config,
                    since,
                    holds.hold,
                    reason,
                    message,
                    None,
                ));
            }
            None
        }
        ContainerState::Terminated(end) if end.exit_code != 0 || end.signal != 0 => {
            let since = ended_at(Some(end)).unwrap_or(pod.created_at);
            let class = if &*end.reason == "OOMKilled" {
                ProblemClass::OomKilled
            } else if container.restarts >= MANY_RESTARTS
                && pod.restarts_on_error
                && is_recent(last, now)
            {
                ProblemClass::CrashLoop
            } else if of_job {
                // A Job tries again; its own condition says when it gave up.
                return None;
            } else {
                ProblemClass::ErrorExit
            };
            let hold = if class == ProblemClass::ErrorExit {
                holds.hold
            } else {
                none
            };
            Some(problem(
                class,
                since,
                hold,
                &end.reason,
                end.message.as_deref(),
                Some(end),
            ))
        }
        // Running again after it was ended for its memory: told, or nobody would know why it restarts.
        ContainerState::Running(_)
            if last.is_some_and(|end| &*end.reason == "OOMKilled") && is_recent(last, now) =>
        {
            let since = ended_at(last).unwrap_or(now);
            Some(problem(
                ProblemClass::OomKilled,
                since,
                none,
                "OOMKilled",
                None,
                last,
            ))
        }
        _ => None,
    }
}

/// Kubernetes does not say since when a container waits: the end of its last run, or the pod's beginning.
fn waiting_since(pod: &Pod, container: &Container) -> DateTime<Utc> {
    container
        .last
        .as_ref()
        .and_then(|end| end.finished_at)
        .unwrap_or(pod.created_at)
}

fn is_recent(end: Option<&Termination>, now: DateTime<Utc>) -> bool {
    end.and_then(|e| e.finished_at)
        .is_some_and(|at| now - at < RECENT)
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

#[cfg(test)]
mod tests {
    use super::{super::model::Health, *};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
    }

    const HOLDS: Holds = Holds {
        hold: TimeDelta::seconds(60),
        not_ready: TimeDelta::seconds(300),
        calm: TimeDelta::seconds(120),
    };

    fn pod(name: &str, state: ContainerState, restarts: i32, last: Option<Termination>) -> Pod {
        Pod {
            uid: name.into(),
            namespace: "ledger".into(),
            name: name.into(),
            controller: None,
            phase: Phase::Running,
            reason: None,
            message: None,
            status: "x".into(),
            health: Health::Ok,
            ready: 0,
            total: 1,
            restarts,
            last_restart_at: None,
            node: None,
            created_at: at(0),
            deletion_at: None,
            finalizers: Vec::new(),
            ready_condition: Some((false, at(0))),
            unschedulable: None,
            restarts_on_error: true,
            containers: vec![Container {
                name: "app".into(),
                image: "app:1".into(),
                restarts,
                started: Some(true),
                state,
                last,
                ..Container::default()
            }],
        }
    }

    fn owner(kind: &str) -> Owner {
        Owner {
            kind: kind.into(),
            name: "sync".into(),
        }
    }

    fn look(pods: &[Pod], kind: &str, second: i64) -> (Vec<(ProblemClass, Vec<String>)>, bool) {
        let subjects: Vec<Subject<'_>> = pods
            .iter()
            .map(|pod| Subject {
                pod,
                owner: owner(kind),
                total: Some(3),
            })
            .collect();
        let found = findings("c", &subjects, at(second), &HOLDS);
        let told = found
            .findings
            .into_iter()
            .map(|f| (f.key.class, f.affected));
        (told.collect(), !found.unsettled.is_empty())
    }

    fn waiting(reason: &str) -> ContainerState {
        ContainerState::Waiting(reason.into(), None)
    }

    fn end(reason: &str, second: i64) -> Termination {
        Termination {
            reason: reason.into(),
            exit_code: 1,
            finished_at: Some(at(second)),
            ..Termination::default()
        }
    }

    #[test]
    fn a_crash_loop_is_told_at_once_and_once_for_all_pods_of_an_owner() {
        let crash = |name| pod(name, waiting("CrashLoopBackOff"), 3, Some(end("Error", 10)));
        let (told, _) = look(&[crash("b"), crash("a")], "Deployment", 11);
        assert_eq!(
            told,
            [(ProblemClass::CrashLoop, vec!["a".into(), "b".into()])]
        );
    }

    #[test]
    fn a_first_crash_and_a_failing_pull_get_a_while_to_pass() {
        let first = pod("a", waiting("CrashLoopBackOff"), 1, Some(end("Error", 10)));
        assert_eq!(
            look(std::slice::from_ref(&first), "Deployment", 20),
            (vec![], true)
        );
        assert_eq!(look(&[first], "Deployment", 71).0.len(), 1);
        for reason in PULL {
            let pull = pod("a", waiting(reason), 0, None);
            assert_eq!(look(std::slice::from_ref(&pull), "Deployment", 59).0, []);
            assert_eq!(
                look(&[pull], "Deployment", 60).0[0].0,
                ProblemClass::ImagePull,
                "{reason}"
            );
        }
    }

    #[test]
    fn running_between_two_crashes_is_not_well_yet() {
        let mut running = pod(
            "a",
            ContainerState::Running(None),
            4,
            Some(end("Error", 100)),
        );
        running.ready_condition = Some((true, at(101)));
        assert_eq!(
            look(std::slice::from_ref(&running), "Deployment", 150),
            (vec![], true)
        );
        assert_eq!(look(&[running], "Deployment", 221), (vec![], false));
    }

    #[test]
    fn what_is_meant_to_end_or_start_is_no_problem() {
        let mut starting = pod("a", ContainerState::Running(None), 0, None);
        starting.containers[0].started = Some(false);
        assert_eq!(look(&[starting], "Deployment", 9_999).0, []);
        let job = pod("a", ContainerState::Terminated(end("Error", 10)), 0, None);
        assert_eq!(look(std::slice::from_ref(&job), "Job", 9_999).0, []);
        assert_eq!(look(&[job], "Pod", 9_999).0[0].0, ProblemClass::ErrorExit);
        let mut deleted = pod("a", waiting("CrashLoopBackOff"), 9, Some(end("Error", 10)));
        deleted.deletion_at = Some(at(100));
        assert_eq!(
            look(std::slice::from_ref(&deleted), "Deployment", 200).0,
            []
        );
        assert_eq!(
            look(&[deleted], "Deployment", 221).0[0].0,
            ProblemClass::StuckTerminating
        );
    }

    #[test]
    fn memory_is_seen_in_the_last_state_too() {
        let mut oom = end("OOMKilled", 100);
        oom.exit_code = 137;
        let mut again = pod("a", ContainerState::Running(None), 1, Some(oom));
        again.ready_condition = Some((true, at(101)));
        assert_eq!(
            look(std::slice::from_ref(&again), "Deployment", 101).0[0].0,
            ProblemClass::OomKilled
        );
        assert_eq!(look(&[again], "Deployment", 900).0, []);
    }

    #[test]
    fn a_pod_that_is_not_ready_gets_five_minutes() {
        let idle = pod("a", ContainerState::Running(None), 0, None);
        assert_eq!(
            look(std::slice::from_ref(&idle), "Deployment", 299),
            (vec![], true)
        );
        assert_eq!(
            look(&[idle], "Deployment", 300).0[0].0,
            ProblemClass::NotReady
        );
    }
}
