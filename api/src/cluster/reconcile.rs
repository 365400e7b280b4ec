//! Handing what is seen to the alerts room: soon after each change, and every few seconds, because holds and quiet
//! periods end without any change.

use std::{collections::HashSet, sync::Arc, time::Duration};

use anyhow::Context;
use chrono::TimeDelta;
use tokio::sync::watch;
use tokio_cron_scheduler::{Job, JobScheduler};

use super::{
    Cluster, Clusters, diagnose,
    model::Pod,
    observe::{self, Memory, Restarts},
};
use crate::{
    alerts::{
        finding::{Finding, Observation, SourceKind},
        incident,
    },
    app::App,
    error::Result,
};

/// Changes come in bursts: so long they are gathered before a look.
const GATHER: Duration = Duration::from_millis(100);
/// Longest time without a look.
const PERIOD: Duration = Duration::from_secs(5);

/// Looks at a cluster until the server stops.
pub async fn run(app: App, cluster: Arc<Cluster>, mut sweep: watch::Receiver<u64>) {
    let mut changes = cluster.changes();
    let mut memory = Memory::default();
    let mut restarts = None;
    loop {
        if let Err(e) = look(&app, &cluster, &mut memory, &mut restarts).await {
            let error = e.into_anyhow();
            tracing::error!(
                cluster = cluster.name,
                error = format!("{error:#}"),
                "cannot write what was seen; the next look finds it again"
            );
        }
        tokio::select! {
            () = any(&mut changes) => tokio::time::sleep(GATHER).await,
            _ = sweep.changed() => {}
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
}

/// Waits until one of these changed.
async fn any(changes: &mut [watch::Receiver<u64>]) {
    let changes = changes.iter_mut().map(|one| Box::pin(one.changed()));
    let _ = futures::future::select_all(changes).await;
}

/// One look at everything.
///
/// # Errors
/// The database's.
pub async fn look(
    app: &App,
    cluster: &Cluster,
    memory: &mut Memory,
    restarts: &mut Option<Restarts>,
) -> Result<()> {
    let restarts = match restarts {
        Some(restarts) => restarts,
        None => restarts.insert(Restarts::load(&app.db, &cluster.name).await?),
    };
    let mut seen = Inside::default();
    // Without a look at its clock, a cluster's times cannot be compared with anything.
    if let Some(ahead) = cluster.ahead() {
        seen = look_inside(app, cluster, memory, restarts, ahead).await;
    }
    let told: Vec<Finding> = seen.certificates().cloned().collect();
    let hosts = observe::hosts(cluster, &told, app.clock.now());
    for seen in seen.observations.iter().chain(&hosts) {
        write(app, seen).await?;
    }
    // Only now: what could not be written is found again.
    match seen.pods {
        Some(pods) => restarts.remember(&app.db, &cluster.name, &pods).await,
        None => Ok(()),
    }
}

/// What a cluster says of itself.
#[derive(Default)]
struct Inside {
    observations: Vec<Observation>,
    /// All pods, where they are known.
    pods: Option<Vec<Arc<Pod>>>,
}

impl Inside {
    /// What is wrong with certificates.
    fn certificates(&self) -> impl Iterator<Item = &Finding> {
        let all = self.observations.iter();
        all.filter(|seen| seen.source == SourceKind::Certificates)
            .flat_map(|seen| &seen.findings)
    }
}

/// Looks at what the cluster says, at its own time; told in ours, which it is ahead of.
async fn look_inside(
    app: &App,
    cluster: &Cluster,
    memory: &mut Memory,
    restarts: &Restarts,
    ahead: TimeDelta,
) -> Inside {
    let now = app.clock.now() + ahead;
    let holds = observe::holds(&app.config);
    let nodes = observe::nodes(cluster, now, &holds);
    let pods = observe::pods(cluster, memory, restarts, now, &holds);
    let (pods, explained, looked_at) = match pods {
        Some(mut seen) => {
            for finding in &mut seen.observation.findings {
                if let Some(host) = diagnose::silent_registry(finding).map(str::to_owned) {
                    finding.facts.diagnosis = memory.registry(&host, now).await;
                }
            }
            (Some(seen.observation), seen.explained, Some(seen.pods))
        }
        None => (None, HashSet::new(), None),
    };
    let certificates = observe::certificates(cluster, now);
    let applications = observe::applications(cluster, &explained, memory, now, &holds);
    // Nodes first: what they explain is not told of their pods.
    let all = [nodes, pods, certificates, applications];
    let mut observations: Vec<Observation> = all.into_iter().flatten().collect();
    for seen in &mut observations {
        seen.told_earlier(ahead);
    }
    Inside {
        observations,
        pods: looked_at,
    }
}

async fn write(app: &App, seen: &Observation) -> Result<()> {
    let quiet = TimeDelta::seconds(app.config.quiet_seconds.into());
    let mut tx = app.begin().await?;
    incident::reconcile(&mut tx, &app.clock, quiet, seen).await?;
    Ok(tx.commit().await?)
}

/// Looks at all certificates at the times the settings name, whatever else happens.
///
/// # Errors
/// A schedule that is not one.
pub async fn schedule_sweep(
    app: &App,
    clusters: &Clusters,
) -> anyhow::Result<watch::Receiver<u64>> {
    let (ticks, sweep) = watch::channel(0_u64);
    let count: usize = clusters.all().len();
    let schedule = app.config.certificate_sweep.as_str();
    let job = Job::new_async(schedule, move |_, _| {
        // Only wakes the loops, so two runs cannot overlap.
        ticks.send_modify(|n| *n += 1);
        Box::pin(async move { tracing::info!(clusters = count, "daily look at all certificates") })
    })
    .with_context(|| {
        format!("PORTHOLE_CERTIFICATE_SWEEP is \u{201c}{schedule}\u{201d}: write six cron fields, seconds first, such as 0 0 6 * * *")
    })?;
    let mut scheduler = JobScheduler::new().await?;
    scheduler.add(job).await?;
    scheduler.start().await?;
    let stop = app.stop.clone();
    app.tasks.spawn(async move {
        stop.cancelled().await;
        let _ = scheduler.shutdown().await;
    });
    Ok(sweep)
}
