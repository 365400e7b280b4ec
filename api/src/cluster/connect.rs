//! Finding clusters, and starting to watch them.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use k8s_openapi::api::{
    apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet},
    batch::v1::{CronJob, Job},
    core::v1,
};
use kube::{
    Api, Client, Config, ResourceExt,
    api::{ApiResource, DynamicObject, GroupVersionKind},
    config::{KubeConfigOptions, Kubeconfig},
};

use super::{
    Cluster, Clusters, demo, pages, project, reconcile,
    source::{Source, SourceState},
    watch::{LOOK_AGAIN, Watch, cause},
};
use crate::{
    app::App,
    cluster::model::{Route, Workload},
};

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest silence on a connection; watches end before.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// How often the version is asked again until it is known.
const ASK_AGAIN: Duration = Duration::from_secs(10);

/// Finds the clusters the settings name and watches them. A cluster that does not answer is watched all the same.
///
/// # Errors
/// Settings that name a context that does not exist, or a broken kubeconfig.
pub async fn start(app: &App) -> anyhow::Result<Clusters> {
    let mut clusters = Vec::new();
    let mut clients = Vec::new();
    for found in find(app).await? {
        let cluster = Arc::new(Cluster::new(found.name, found.demo, app.clock.now()));
        clusters.push(Arc::clone(&cluster));
        clients.push((cluster, found.client));
    }
    let clusters = Clusters::new(clusters);
    let sweep = reconcile::schedule_sweep(app, &clusters).await?;
    for (cluster, client) in clients {
        match client {
            Ok(client) => watch(app, &cluster, &client),
            Err(error) => unusable(app, &cluster, &error),
        }
        app.spawn(reconcile::run(app.clone(), cluster, sweep.clone()));
    }
    Ok(clusters)
}

struct Found {
    name: String,
    demo: bool,
    client: anyhow::Result<Client>,
}

async fn find(app: &App) -> anyhow::Result<Vec<Found>> {
    match app.config.cluster.trim() {
        "off" => Ok(Vec::new()),
        "demo" => Ok(vec![built_in(app)]),
        "auto" => automatic(app).await.map(|found| vec![found]),
        contexts => {
            let kubeconfig = kubeconfig(app).context(
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
async fn automatic(app: &App) -> anyhow::Result<Found> {
    let is_named = app.config.kubeconfig.is_some() || std::env::var_os("KUBECONFIG").is_some();
    match kubeconfig(app) {
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
        _ => match Config::incluster() {
            Ok(config) => Ok(Found {
                name: "in-cluster".into(),
                demo: false,
                client: client(config),
            }),
            Err(_) => {
                tracing::info!(
                    "no kubeconfig and not in a cluster: showing the built-in demo cluster"
                );
                Ok(built_in(app))
            }
        },
    }
}

fn kubeconfig(app: &App) -> Result<Kubeconfig, kube::config::KubeconfigError> {
    match &app.config.kubeconfig {
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
    let client = match Config::from_custom_kubeconfig(kubeconfig.clone(), &options).await {
        Ok(config) => client(config),
        Err(e) => Err(anyhow::anyhow!(
            "the context {context} is broken: {}",
            cause(&e)
        )),
    };
    Ok(Found {
        name: context.to_owned(),
        demo: false,
        client,
    })
}

fn built_in(app: &App) -> Found {
    Found {
        name: "demo".into(),
        demo: true,
        client: Ok(demo::start(app.clock.clone(), 1.0, |script| {
            app.spawn(script);
        })),
    }
}

fn client(mut config: Config) -> anyhow::Result<Client> {
    config.connect_timeout = Some(CONNECT_TIMEOUT);
    config.read_timeout = Some(READ_TIMEOUT);
    config.write_timeout = Some(READ_TIMEOUT);
    Client::try_from(config)
        .map_err(|e| anyhow::anyhow!("no connection can be made: {}", cause(&e)))
}

/// A broken context is shown as such; the others work.
fn unusable(app: &App, cluster: &Cluster, error: &anyhow::Error) {
    tracing::warn!(
        cluster = cluster.name,
        error = format!("{error:#}"),
        "this cluster cannot be watched"
    );
    let message = Some(format!("{error:#}"));
    let now = app.clock.now();
    cluster
        .pods
        .set_state(SourceState::Connecting, message.clone(), now);
    cluster
        .certificates
        .set_state(SourceState::Connecting, message, now);
}

fn watch(app: &App, cluster: &Arc<Cluster>, client: &Client) {
    app.spawn(ask_version(Arc::clone(cluster), client.clone()));
    app.spawn(
        Watch {
            api: Api::<v1::Pod>::all(client.clone()),
            source: Arc::clone(&cluster.pods),
            project: project::pod,
            key: |pod| pod.uid().unwrap_or_default().into(),
            clock: app.clock.clone(),
            look_again: LOOK_AGAIN,
        }
        .run(),
    );
    app.spawn(
        Watch {
            api: Api::<v1::Node>::all(client.clone()),
            source: Arc::clone(&cluster.nodes),
            project: project::node,
            key: |node| node.name_any().into(),
            clock: app.clock.clone(),
            look_again: LOOK_AGAIN,
        }
        .run(),
    );
    let [
        deployments,
        replica_sets,
        stateful_sets,
        daemon_sets,
        jobs,
        cron_jobs,
    ] = &cluster.workloads[..]
    else {
        return;
    };
    workloads::<Deployment>(app, client, deployments, project::deployment);
    workloads::<ReplicaSet>(app, client, replica_sets, project::replica_set);
    workloads::<StatefulSet>(app, client, stateful_sets, project::stateful_set);
    workloads::<DaemonSet>(app, client, daemon_sets, project::daemon_set);
    workloads::<Job>(app, client, jobs, project::job);
    workloads::<CronJob>(app, client, cron_jobs, project::cron_job);
    routes(
        app,
        cluster,
        Api::all(client.clone()),
        "Ingress",
        project::ingress,
    );
    let route = GroupVersionKind::gvk("gateway.networking.k8s.io", "v1", "HTTPRoute");
    let resource = ApiResource::from_gvk_with_plural(&route, "httproutes");
    let api = Api::all_with(client.clone(), &resource);
    routes(app, cluster, api, "HTTPRoute", project::http_route);
    let certificate = GroupVersionKind::gvk("cert-manager.io", "v1", "Certificate");
    let resource = ApiResource::from_gvk_with_plural(&certificate, "certificates");
    app.spawn(
        Watch {
            api: Api::<DynamicObject>::all_with(client.clone(), &resource),
            source: Arc::clone(&cluster.certificates),
            project: project::certificate,
            key: |object| object.uid().unwrap_or_default().into(),
            clock: app.clock.clone(),
            look_again: LOOK_AGAIN,
        }
        .run(),
    );
}

/// Follows what may be a page, and tells the catalogue.
fn routes<K>(
    app: &App,
    cluster: &Arc<Cluster>,
    api: Api<K>,
    kind: &'static str,
    project: fn(&K) -> Option<Route>,
) where
    K: kube::Resource
        + Clone
        + serde::de::DeserializeOwned
        + std::fmt::Debug
        + Send
        + Sync
        + 'static,
{
    let source = match kind {
        "Ingress" => &cluster.ingresses,
        _ => &cluster.http_routes,
    };
    let watch = Watch {
        api,
        source: Arc::clone(source),
        project,
        key: |object: &K| object.uid().unwrap_or_default().into(),
        clock: app.clock.clone(),
        look_again: LOOK_AGAIN,
    };
    app.spawn(watch.run());
    app.spawn(pages::follow(
        app.clone(),
        Arc::clone(cluster),
        Arc::clone(source),
        kind,
    ));
}

fn workloads<K>(
    app: &App,
    client: &Client,
    source: &Arc<Source<Workload>>,
    project: fn(&K) -> Option<Workload>,
) where
    K: kube::Resource<DynamicType = ()>
        + k8s_openapi::Resource
        + Clone
        + serde::de::DeserializeOwned
        + std::fmt::Debug
        + Send
        + Sync
        + 'static,
{
    app.spawn(
        Watch {
            api: Api::<K>::all(client.clone()),
            source: Arc::clone(source),
            project,
            key: |object| {
                format!(
                    "{}/{}/{}",
                    object.namespace().unwrap_or_default(),
                    K::KIND,
                    object.name_any()
                )
                .into()
            },
            clock: app.clock.clone(),
            look_again: LOOK_AGAIN,
        }
        .run(),
    );
}

async fn ask_version(cluster: Arc<Cluster>, client: Client) {
    loop {
        if let Ok(version) = client.apiserver_version().await {
            cluster.version.store(Some(Arc::new(version.git_version)));
            return;
        }
        tokio::time::sleep(ASK_AGAIN).await;
    }
}
