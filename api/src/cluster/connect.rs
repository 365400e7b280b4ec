//! Finding clusters, and starting to watch them.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use kube::{
    Client,
    config::{KubeConfigOptions, Kubeconfig},
};

use super::{Cluster, Clusters, demo, follow, hosts, reconcile};
use crate::{app::App, config::Config, error::cause, locale::Text};

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest silence on a connection; watches end before.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// Finds the clusters the settings name and watches them. A cluster that does not answer is watched all the same.
///
/// # Errors
/// Settings that name a context that does not exist, or a broken kubeconfig.
pub async fn start(app: &App) -> anyhow::Result<Clusters> {
    let mut clusters = Vec::new();
    for found in find(&app.config).await? {
        let demo = matches!(found.way, Way::Demo);
        let (client, broken) = match found.way {
            Way::Demo => (Some(built_in(app)), None),
            Way::Client(client) => (Some(client), None),
            Way::Broken(error) => (None, Some(error)),
        };
        let cluster = Cluster::new(found.name, demo, client, app.clock.now());
        if let Some(error) = broken {
            unusable(app, &cluster, &error);
        }
        clusters.push(Arc::new(cluster));
    }
    let clusters = Clusters::new(clusters);
    let sweep = reconcile::schedule_sweep(app, &clusters).await?;
    for (number, cluster) in clusters.all().iter().enumerate() {
        follow::start(app, cluster);
        // Pages beside the demo are not the demo's.
        let with_pages = number == 0 && !cluster.demo;
        app.spawn(hosts::run(
            app.clone(),
            Arc::clone(cluster),
            with_pages,
            sweep.clone(),
        ));
        app.spawn(reconcile::run(
            app.clone(),
            Arc::clone(cluster),
            sweep.clone(),
        ));
    }
    Ok(clusters)
}

/// A cluster that the settings name.
pub struct Found {
    /// Its name.
    pub name: String,
    /// How to get there.
    pub way: Way,
}

/// How to get to a cluster.
pub enum Way {
    /// It is the built-in one.
    Demo,
    /// By a connection.
    Client(Client),
    /// Not at all: its kubeconfig is broken.
    Broken(anyhow::Error),
}

impl Found {
    fn demo() -> Self {
        Self {
            name: "demo".into(),
            way: Way::Demo,
        }
    }

    fn new(name: String, client: anyhow::Result<Client>) -> Self {
        let way = client.map_or_else(Way::Broken, Way::Client);
        Self { name, way }
    }
}

/// The clusters that the settings name.
///
/// # Errors
/// Settings that name a context that does not exist, or a broken kubeconfig.
pub async fn find(config: &Config) -> anyhow::Result<Vec<Found>> {
    match config.cluster.trim() {
        "off" => Ok(Vec::new()),
        "demo" => Ok(vec![Found::demo()]),
        "auto" => automatic(config).await.map(|found| vec![found]),
        contexts => {
            let kubeconfig = kubeconfig(config).context(
                "PORTHOLE_CLUSTER names contexts, but no kubeconfig can be read: set KUBECONFIG",
            )?;
            let mut found = Vec::new();
            for context in contexts.split(',').map(str::trim).filter(|c| !c.is_empty()) {
                found.push(by_context(&kubeconfig, context).await?);
            }
            Ok(found)
        }
    }
}

/// The kubeconfig's current context, or the cluster this runs in; only without either the demo. A cluster that exists
/// and does not answer is never replaced by a pretty picture.
async fn automatic(config: &Config) -> anyhow::Result<Found> {
    let is_named = config.kubeconfig.is_some() || std::env::var_os("KUBECONFIG").is_some();
    match kubeconfig(config) {
        Ok(kubeconfig) if kubeconfig.current_context.is_some() => {
            let context = kubeconfig.current_context.clone().unwrap_or_default();
            by_context(&kubeconfig, &context).await
        }
        Err(e) if is_named => {
            bail!(
                "the kubeconfig that KUBECONFIG names cannot be used: {}. Correct it, or set PORTHOLE_CLUSTER=demo.",
                cause(&e)
            )
        }
        _ => match kube::Config::incluster() {
            Ok(config) => Ok(Found::new("in-cluster".into(), client(config))),
            Err(_) => {
                tracing::info!(
                    "no kubeconfig and not in a cluster: showing the built-in demo cluster"
                );
                Ok(Found::demo())
            }
        },
    }
}

fn kubeconfig(config: &Config) -> Result<Kubeconfig, kube::config::KubeconfigError> {
    match &config.kubeconfig {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::read(),
    }
}

async fn by_context(kubeconfig: &Kubeconfig, context: &str) -> anyhow::Result<Found> {
    if !kubeconfig
        .contexts
        .iter()
        .any(|known| known.name == context)
    {
        let known: Vec<&str> = kubeconfig
            .contexts
            .iter()
            .map(|c| c.name.as_str())
            .collect();
        bail!(
            "the kubeconfig has no context {context}: it has {}. Correct PORTHOLE_CLUSTER.",
            known.join(", ")
        );
    }
    let options = KubeConfigOptions {
        context: Some(context.to_owned()),
        ..KubeConfigOptions::default()
    };
    let client = match kube::Config::from_custom_kubeconfig(kubeconfig.clone(), &options).await {
        Ok(config) => client(config),
        Err(e) => Err(anyhow::anyhow!(
            "the context {context} is broken: {}",
            cause(&e)
        )),
    };
    Ok(Found::new(context.to_owned(), client))
}

fn built_in(app: &App) -> Client {
    demo::start(app.clock.clone(), 1.0, |script| {
        app.spawn(script);
    })
}

fn client(mut config: kube::Config) -> anyhow::Result<Client> {
    config.connect_timeout = Some(CONNECT_TIMEOUT);
    // Watches come back by themselves, and say meanwhile what is wrong.
    config.default_retry = false;
    config.read_timeout = Some(READ_TIMEOUT);
    config.write_timeout = Some(READ_TIMEOUT);
    Client::try_from(config)
        .map_err(|e| anyhow::anyhow!("no connection can be made: {}", cause(&e)))
}

/// A broken context is shown as such; the others work.
fn unusable(app: &App, cluster: &Cluster, error: &anyhow::Error) {
    let message = format!("{error:#}");
    tracing::warn!(
        cluster = cluster.name,
        error = message,
        "this cluster cannot be watched"
    );
    for source in cluster.sources() {
        source.unusable(Text::as_is(message.clone()), app.clock.now());
    }
}
