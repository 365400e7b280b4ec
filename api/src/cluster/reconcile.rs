//! Handing what is seen to the alerts room: soon after each change, and every few seconds, because holds and quiet
//! periods end without any change.

use std::{collections::HashSet, sync::Arc, time::Duration};

use anyhow::Context;
use chrono::TimeDelta;
use tokio::sync::watch;
use tokio_cron_scheduler::{Job, JobScheduler};

use super::{
    Cluster, Clusters, diagnose,
    observe::{self, Memory, Restarts},
};
use crate::{
    alerts::{finding::Observation, incident},
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
    // Without a look at its clock, a cluster's times cannot be compared with anything.
    let Some(ahead) = cluster
        .client
        .as_ref()
        .map_or(Some(TimeDelta::zero()), |_| cluster.ahead())
    else {
        return Ok(());
    };
    let here = app.clock.now();
    let now = here + ahead;
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
    let told = certificates.iter().flat_map(|seen| seen.findings.clone());
    let hosts = observe::hosts(cluster, &told.collect::<Vec<_>>(), here);
    let applications = observe::applications(cluster, &explained, memory, now, &holds);
    // Nodes first: what they explain is not told of their pods.
    let told_there = [nodes, pods, certificates, applications];
    let mut all: Vec<Observation> = told_there.into_iter().flatten().collect();
    for seen in &mut all {
        seen.told_earlier(ahead);
    }
    all.extend(hosts);
    for seen in all {
        write(app, &seen).await?;
    }
    // Only now: what could not be written is found again.
    match looked_at {
        Some(pods) => restarts.remember(&app.db, &cluster.name, &pods).await,
        None => Ok(()),
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
