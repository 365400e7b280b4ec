//! The STATUS, READY and RESTARTS columns of `kubectl get pods`, from the slim model.
//!
//! Follows `printPod` of Kubernetes' printers: what a container says overrides the pod's phase, init containers come
//! first, and a deletion overrides nearly everything.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::model::{Container, ContainerKind, ContainerState, Health, Phase, Termination};

/// What the columns are made of.
pub struct Parts<'a> {
    /// The pod's phase, in Kubernetes' spelling.
    pub phase: &'a str,
    /// `status.reason`.
    pub reason: Option<&'a str>,
    /// `PodScheduled` is False with this reason.
    pub unscheduled: Option<&'a str>,
    /// `Initialized` is True.
    pub initialized: bool,
    /// `Ready` is True.
    pub ready: bool,
    /// Somebody deleted it.
    pub deleted: bool,
    /// Its containers, init ones first.
    pub containers: &'a [Container],
    /// How many main containers the spec has: some may not have a status yet.
    pub main_containers: i32,
}

/// The three columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// STATUS.
    pub status: Arc<str>,
    /// READY before the slash.
    pub ready: i32,
    /// READY behind the slash.
    pub total: i32,
    /// RESTARTS.
    pub restarts: i32,
    /// When the last restart was, as in `3 (5m ago)`.
    pub last_restart_at: Option<DateTime<Utc>>,
}

#[derive(Default)]
struct Restarts {
    count: i32,
    last: Option<DateTime<Utc>>,
}

impl Restarts {
    fn add(&mut self, container: &Container) {
        self.count += container.restarts;
        let finished = container.last.as_ref().and_then(|t| t.finished_at);
        self.last = self.last.max(finished);
    }
}

/// Computes the columns.
pub fn columns(parts: &Parts<'_>) -> Columns {
    let sidecars: Vec<&Container> = of(parts.containers, ContainerKind::Sidecar).collect();
    let total = parts.main_containers + i32::try_from(sidecars.len()).unwrap_or(i32::MAX);
    let mut status = match parts.reason {
        Some(reason) if !reason.is_empty() => reason.to_owned(),
        _ => parts.phase.to_owned(),
    };
    if parts.unscheduled == Some("SchedulingGated") {
        status = "SchedulingGated".into();
    }
    let (mut all, mut of_sidecars) = (Restarts::default(), Restarts::default());
    let mut ready = 0;
    let mut initializing = false;
    let init: Vec<&Container> = parts
        .containers
        .iter()
        .filter(|c| c.kind != ContainerKind::Main)
        .collect();
    for (number, container) in init.iter().enumerate() {
        all.add(container);
        if container.kind == ContainerKind::Sidecar {
            of_sidecars.add(container);
        }
        match init_word(container, number, init.len()) {
            None => {
                let ended = matches!(&container.state, ContainerState::Terminated(end) if end.exit_code == 0);
                if container.kind == ContainerKind::Sidecar && container.ready && !ended {
                    ready += 1;
                }
            }
            Some(word) => {
                status = word;
                initializing = true;
                break;
            }
        }
    }
    let mut restarts = all;
    if !initializing || parts.initialized {
        restarts = of_sidecars;
        let mut has_running = false;
        let mut error = None;
        let main: Vec<&Container> = of(parts.containers, ContainerKind::Main).collect();
        for container in main.iter().rev() {
            restarts.add(container);
            match &container.state {
                ContainerState::Waiting(reason, _) if !reason.is_empty() => {
                    status = reason.to_string();
                }
                ContainerState::Terminated(end) => {
                    status = end_word(end);
                    if end.exit_code != 0 {
                        error = Some(status.clone());
                    }
                }
                ContainerState::Running(_) if container.ready => {
                    has_running = true;
                    ready += 1;
                }
                _ => {}
            }
        }
        // "Completed" of one container must not hide what the others do.
        if status == "Completed" {
            status = match (has_running, parts.ready, error) {
                (true, true, _) => "Running".into(),
                (_, _, Some(error)) => error,
                (true, false, None) => "NotReady".into(),
                (false, _, None) => status,
            };
        }
    }
    if parts.deleted && parts.reason == Some("NodeLost") {
        status = "Unknown".into();
    } else if parts.deleted && !matches!(parts.phase, "Failed" | "Succeeded") {
        status = "Terminating".into();
    }
    Columns {
        status: status.into(),
        ready,
        total,
        restarts: restarts.count,
        last_restart_at: restarts.last,
    }
}

fn of(containers: &[Container], kind: ContainerKind) -> impl Iterator<Item = &Container> {
    containers.iter().filter(move |c| c.kind == kind)
}

/// What an unfinished init container makes of the status; `None` when it is done or, as a sidecar, started.
fn init_word(container: &Container, number: usize, count: usize) -> Option<String> {
    match &container.state {
        ContainerState::Terminated(end) if end.exit_code == 0 => None,
        _ if container.kind == ContainerKind::Sidecar && container.started == Some(true) => None,
        ContainerState::Terminated(end) if end.reason.is_empty() && end.signal != 0 => {
            Some(format!("Init:Signal:{}", end.signal))
        }
        ContainerState::Terminated(end) if end.reason.is_empty() => {
            Some(format!("Init:ExitCode:{}", end.exit_code))
        }
        ContainerState::Terminated(end) => Some(format!("Init:{}", end.reason)),
        ContainerState::Waiting(reason, _)
            if !reason.is_empty() && &**reason != "PodInitializing" =>
        {
            Some(format!("Init:{reason}"))
        }
        _ => Some(format!("Init:{number}/{count}")),
    }
}

fn end_word(end: &Termination) -> String {
    match (&*end.reason, end.signal) {
        ("", 0) => format!("ExitCode:{}", end.exit_code),
        ("", signal) => format!("Signal:{signal}"),
        (reason, _) => reason.to_owned(),
    }
}

/// How a pod with these columns fares.
pub fn health(phase: Phase, columns: &Columns, deleted: bool, starting: bool) -> Health {
    let status = columns.status.trim_start_matches("Init:");
    if deleted {
        return match &*columns.status {
            "Unknown" => Health::Unknown,
            _ => Health::Progressing,
        };
    }
    match status {
        "CrashLoopBackOff"
        | "ImagePullBackOff"
        | "ErrImagePull"
        | "InvalidImageName"
        | "ErrImageNeverPull"
        | "ImageInspectError"
        | "RegistryUnavailable"
        | "CreateContainerConfigError"
        | "CreateContainerError"
        | "RunContainerError"
        | "OOMKilled"
        | "Error"
        | "ContainerCannotRun"
        | "DeadlineExceeded"
        | "StartError"
        | "NodeLost" => return Health::Critical,
        "Evicted" | "NotReady" | "NodeAffinity" | "OutOfcpu" | "OutOfmemory" => {
            return Health::Warning;
        }
        "Completed" | "Succeeded" => return Health::Done,
        "ContainerCreating" | "PodInitializing" | "SchedulingGated" => return Health::Progressing,
        other if other.starts_with("ExitCode:") || other.starts_with("Signal:") => {
            return Health::Critical;
        }
        _ => {}
    }
    match phase {
        Phase::Pending => Health::Progressing,
        Phase::Succeeded => Health::Done,
        Phase::Failed => Health::Critical,
        Phase::Unknown => Health::Unknown,
        Phase::Running if columns.ready >= columns.total => Health::Ok,
        Phase::Running if starting => Health::Progressing,
        Phase::Running => Health::Warning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(kind: ContainerKind, state: ContainerState, ready: bool) -> Container {
        Container {
            name: "c".into(),
            kind,
            state,
            ready,
            started: Some(ready),
            restarts: 2,
            ..Container::default()
        }
    }

    fn waiting(reason: &str) -> ContainerState {
        ContainerState::Waiting(reason.into(), None)
    }

    fn ended(reason: &str, exit_code: i32, signal: i32) -> ContainerState {
        ContainerState::Terminated(Box::new(Termination {
            reason: reason.into(),
            exit_code,
            signal,
            ..Termination::default()
        }))
    }

    fn word(
        phase: &str,
        containers: &[Container],
        change: impl Fn(&mut Parts<'_>),
    ) -> (String, String, i32) {
        let main = containers
            .iter()
            .filter(|c| c.kind == ContainerKind::Main)
            .count();
        let mut parts = Parts {
            phase,
            reason: None,
            unscheduled: None,
            initialized: false,
            ready: false,
            deleted: false,
            containers,
            main_containers: i32::try_from(main).expect("few"),
        };
        change(&mut parts);
        let columns = columns(&parts);
        (
            columns.status.to_string(),
            format!("{}/{}", columns.ready, columns.total),
            columns.restarts,
        )
    }

    #[test]
    fn the_words_of_kubectl() {
        use ContainerKind::{Init, Main, Sidecar};
        let running = ContainerState::Running(None);
        let same = |_: &mut Parts<'_>| {};
        let cases = [
            (
                word("Running", &[container(Main, running.clone(), true)], same),
                ("Running", "1/1", 2),
            ),
            (
                word(
                    "Running",
                    &[container(Main, waiting("CrashLoopBackOff"), false)],
                    same,
                ),
                ("CrashLoopBackOff", "0/1", 2),
            ),
            (
                word(
                    "Pending",
                    &[container(Main, waiting("ContainerCreating"), false)],
                    same,
                ),
                ("ContainerCreating", "0/1", 2),
            ),
            (
                word("Failed", &[container(Main, ended("", 3, 0), false)], same),
                ("ExitCode:3", "0/1", 2),
            ),
            (
                word("Failed", &[container(Main, ended("", 0, 9), false)], same),
                ("Signal:9", "0/1", 2),
            ),
            (
                word(
                    "Failed",
                    &[container(Main, ended("OOMKilled", 137, 0), false)],
                    same,
                ),
                ("OOMKilled", "0/1", 2),
            ),
            (
                word("Failed", &[], |p| p.reason = Some("Evicted")),
                ("Evicted", "0/0", 0),
            ),
            (
                word("Pending", &[], |p| p.unscheduled = Some("SchedulingGated")),
                ("SchedulingGated", "0/0", 0),
            ),
            (
                word("Running", &[container(Main, running.clone(), true)], |p| {
                    p.deleted = true;
                }),
                ("Terminating", "1/1", 2),
            ),
            (
                word(
                    "Succeeded",
                    &[container(Main, ended("Completed", 0, 0), false)],
                    |p| p.deleted = true,
                ),
                ("Completed", "0/1", 2),
            ),
            (
                word("Running", &[container(Main, running.clone(), true)], |p| {
                    p.deleted = true;
                    p.reason = Some("NodeLost");
                }),
                ("Unknown", "1/1", 2),
            ),
            (
                word(
                    "Running",
                    &[
                        container(Main, ended("Completed", 0, 0), false),
                        container(Main, running.clone(), true),
                    ],
                    same,
                ),
                ("NotReady", "1/2", 4),
            ),
            (
                word(
                    "Pending",
                    &[
                        container(Init, running.clone(), false),
                        container(Main, waiting("PodInitializing"), false),
                    ],
                    same,
                ),
                ("Init:0/1", "0/1", 2),
            ),
            (
                word(
                    "Pending",
                    &[
                        container(Init, ended("Completed", 0, 0), true),
                        container(Init, waiting("CrashLoopBackOff"), false),
                    ],
                    same,
                ),
                ("Init:CrashLoopBackOff", "0/0", 4),
            ),
            (
                word("Pending", &[container(Init, ended("", 7, 0), false)], same),
                ("Init:ExitCode:7", "0/0", 2),
            ),
            (
                word(
                    "Running",
                    &[
                        container(Sidecar, running.clone(), true),
                        container(Main, running, true),
                    ],
                    same,
                ),
                ("Running", "2/2", 4),
            ),
        ];
        for (number, (got, (status, ready, restarts))) in cases.into_iter().enumerate() {
            assert_eq!(
                got,
                (status.to_owned(), ready.to_owned(), restarts),
                "case {number}"
            );
        }
    }
}
