//! Rollouts that do not move, and Jobs that failed.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};

use super::Memory;
use crate::{
    alerts::finding::{Evidence, Facts, Finding, Key, Owner, OwnerState, ProblemClass, Severity},
    cluster::{
        index::Keyed,
        model::{Ended, Pod, Workload},
        owners,
        problems::Holds,
    },
};

/// All workloads of a cluster, and how each fares.
pub struct Workloads {
    all: HashMap<Arc<str>, Arc<Workload>>,
    states: HashMap<Arc<str>, OwnerState>,
    /// The Job of each CronJob that ended last, and each Job of its own that ended.
    ended: Vec<(Owner, Arc<Workload>)>,
}

impl Workloads {
    /// Gathers them.
    pub fn new(workloads: impl Iterator<Item = Arc<Workload>>) -> Self {
        let all: HashMap<Arc<str>, Arc<Workload>> = workloads.map(|w| (w.key(), w)).collect();
        let mut newest: HashMap<(Arc<str>, Owner), Arc<Workload>> = HashMap::new();
        for job in all.values().filter(|w| w.ended.is_some()) {
            let owner = job.controller.as_ref().unwrap_or(&job.owner);
            newest
                .entry((Arc::clone(&job.namespace), owner.clone()))
                .and_modify(|known| {
                    if ended_at(job) > ended_at(known) {
                        *known = Arc::clone(job);
                    }
                })
                .or_insert_with(|| Arc::clone(job));
        }
        let state = |workload: &Arc<Workload>| match &workload.schedule {
            None => owners::state(workload),
            Some(_) => {
                let key = (Arc::clone(&workload.namespace), workload.owner.clone());
                cron_state(workload, newest.get(&key))
            }
        };
        let states = all.iter().map(|(k, w)| (Arc::clone(k), state(w))).collect();
        let mut ended: Vec<_> = newest
            .into_iter()
            .map(|((_, owner), job)| (owner, job))
            .collect();
        ended.sort_by_key(|(_, job)| job.key());
        Self { all, states, ended }
    }

    /// One by owner reference.
    pub fn find(&self, namespace: &str, owner: &Owner) -> Option<&Arc<Workload>> {
        self.all
            .get(&*Workload::key_of(namespace, &owner.kind, &owner.name))
    }

    /// How one fares.
    pub fn state(&self, workload: &Workload) -> OwnerState {
        let known = self.states.get(&workload.key()).copied();
        known.unwrap_or(OwnerState::Unsettled)
    }

    /// Those that nothing else owns.
    pub fn roots(&self) -> impl Iterator<Item = &Arc<Workload>> {
        self.all.values().filter(|w| w.controller.is_none())
    }

    /// Jobs that failed, with no success after it: by CronJob, or by themselves.
    pub fn failed_jobs(&self, cluster: &str, pods: &[Arc<Pod>]) -> Vec<Finding> {
        let failed = self.ended.iter().filter_map(|(owner, job)| {
            let ended = job.ended.as_ref().filter(|ended| !ended.succeeded)?;
            let cron = self.find(&job.namespace, owner);
            if job.tuning.silent || cron.is_some_and(|cron| cron.tuning.silent) {
                return None;
            }
            let is_over = cron.is_some_and(|cron| self.state(cron) == OwnerState::Healthy);
            (!is_over).then(|| job_failed(cluster, owner, job, ended, pods))
        });
        failed.collect()
    }

    /// Rollouts that do not move.
    pub fn stuck_rollouts(
        &self,
        cluster: &str,
        memory: &mut Memory,
        now: DateTime<Utc>,
        holds: &Holds,
    ) -> Vec<Finding> {
        let mut found = Vec::new();
        for workload in self.roots() {
            if workload.paused || workload.tuning.silent {
                continue;
            }
            if let Some((said, since)) = &workload.stuck {
                found.push(rollout_stuck(cluster, workload, said, *since));
            } else if workload.rolling && workload.owner.kind != "Deployment" {
                // Their controllers know no deadline.
                let counts = (
                    workload.generation,
                    workload.updated,
                    workload.ready,
                    workload.current,
                );
                let since = memory.since(&workload.uid, counts, now);
                if now >= since + holds.stalled {
                    let minutes = holds.stalled.num_minutes().max(1);
                    let said = format!(
                        "{} of {} pods are of the new revision, and nothing moved for {minutes} minutes.",
                        workload.updated,
                        workload.desired.unwrap_or_default()
                    );
                    found.push(rollout_stuck(cluster, workload, &said, since));
                }
            }
        }
        found
    }
}

fn ended_at(job: &Workload) -> Option<DateTime<Utc>> {
    job.ended.as_ref().map(|ended| ended.at)
}

/// A CronJob is well when its last run succeeded. Runs that were cleaned away are known by its own times.
fn cron_state(cron: &Workload, last: Option<&Arc<Workload>>) -> OwnerState {
    let schedule = cron.schedule.as_deref().cloned().unwrap_or_default();
    let succeeded = schedule.last_succeeded_at;
    let is_well = match last.and_then(|job| job.ended.as_ref()) {
        Some(Ended {
            succeeded: true, ..
        }) => true,
        Some(ended) => succeeded.is_some_and(|at| at > ended.at),
        // Its last run succeeded if a success came after it began.
        None => succeeded.is_some() && succeeded >= schedule.last_started_at,
    };
    if is_well {
        OwnerState::Healthy
    } else {
        OwnerState::Unsettled
    }
}

fn job_failed(
    cluster: &str,
    owner: &Owner,
    job: &Workload,
    ended: &Ended,
    pods: &[Arc<Pod>],
) -> Finding {
    let of_job = |pod: &&Arc<Pod>| {
        pod.namespace == job.namespace && pod.controller.as_ref() == Some(&job.owner)
    };
    let mut tries: Vec<_> = pods.iter().filter(of_job).collect();
    tries.sort_by_key(|pod| (pod.created_at, pod.uid.clone()));
    let runs = tries.iter().rev().flat_map(|pod| &pod.containers);
    let mut bad = runs.filter_map(|c| match &c.state {
        crate::cluster::model::ContainerState::Terminated(end) if end.exit_code != 0 => {
            Some((c, end))
        }
        _ => None,
    });
    let last = bad.next();
    let said = last
        .and_then(|(_, end)| end.message.as_deref())
        .map(str::trim);
    let said = said.filter(|text| !text.is_empty());
    let mut evidence = vec![Evidence {
        at: Some(ended.at),
        source: format!("job {}", job.owner.name),
        text: format!("{}: {}", ended.reason, ended.message),
    }];
    if let (Some(text), Some(pod)) = (said, tries.last()) {
        evidence.push(Evidence {
            at: last.and_then(|(_, end)| end.finished_at),
            source: format!("pod {}", pod.name),
            text: text.to_owned(),
        });
    }
    Finding {
        key: Key {
            cluster: cluster.to_owned(),
            namespace: Some(job.namespace.to_string()),
            owner: owner.clone(),
            class: ProblemClass::JobFailed,
            container: None,
        },
        severity: Severity::Warning,
        since: ended.at,
        affected: vec![job.owner.name.clone()],
        total: None,
        facts: Facts {
            reason: Some(ended.reason.to_string()),
            message: Some(said.unwrap_or(&ended.message).to_owned()).filter(|m| !m.is_empty()),
            image: last.map(|(container, _)| container.image.to_string()),
            exit_code: last.map(|(_, end)| end.exit_code),
            ..Facts::default()
        },
        evidence,
    }
}

fn rollout_stuck(cluster: &str, workload: &Workload, said: &str, since: DateTime<Utc>) -> Finding {
    let total = workload.desired.and_then(|n| u32::try_from(n).ok());
    Finding {
        key: Key {
            cluster: cluster.to_owned(),
            namespace: Some(workload.namespace.to_string()),
            owner: workload.owner.clone(),
            class: ProblemClass::RolloutStuck,
            container: None,
        },
        severity: if workload.available == 0 && total != Some(0) {
            Severity::Critical
        } else {
            Severity::Warning
        },
        since,
        affected: Vec::new(),
        total,
        facts: Facts {
            reason: Some("ProgressDeadlineExceeded".into()),
            message: Some(said.to_owned()).filter(|m| !m.is_empty()),
            ..Facts::default()
        },
        evidence: vec![Evidence {
            at: Some(since),
            source: format!(
                "{} {}",
                workload.owner.kind.to_lowercase(),
                workload.owner.name
            ),
            text: said.to_owned(),
        }],
    }
}

/// How long a pod may be unready while its workload is rolled out: until the rollout itself is called stuck, and a bit,
/// because that is told instead.
pub fn deadline(workload: &Workload) -> Option<TimeDelta> {
    /// What a Deployment allows when it says nothing.
    const USUAL: i32 = 600;
    const BIT: TimeDelta = TimeDelta::seconds(30);
    let seconds = workload.progress_deadline.unwrap_or(USUAL);
    workload
        .rolling
        .then(|| TimeDelta::seconds(i64::from(seconds)) + BIT)
}
