//! What is wrong with one container.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Holds, Problem, Subject};
use crate::{
    alerts::finding::{ProblemClass, Severity},
    cluster::model::{Container, ContainerState, Pod, Termination},
};

/// Reasons of a pull that fails.
pub(super) const PULL: [&str; 6] = [
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
pub const CERTAIN_RESTARTS: i32 = 2;
/// Restarts that make a crash loop even while the container happens to run.
const MANY_RESTARTS: i32 = 3;
/// How long an ended run counts as recent.
const RECENT: TimeDelta = TimeDelta::minutes(10);

/// The one problem that says most about a container.
pub(super) fn container_problem<'a>(
    subject: &Subject<'_>,
    container: &'a Container,
    of_job: bool,
    now: DateTime<Utc>,
    holds: &Holds,
) -> Option<Problem<'a>> {
    let pod = subject.pod;
    let last = container.last.as_deref();
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
        // Running again after crashes that nobody saw.
        ContainerState::Running(_)
            if subject.unseen.contains(&&*container.name) && is_recent(last, now) =>
        {
            let end = last.filter(|end| end.exit_code != 0 || end.signal != 0)?;
            Some(problem(
                ProblemClass::CrashLoop,
                end.finished_at.unwrap_or(now),
                none,
                &end.reason,
                end.message.as_deref(),
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
