//! Starting to watch every kind of object of a cluster.

use std::{fmt::Debug, sync::Arc, time::Duration};

use k8s_openapi::{
    NamespaceResourceScope,
    api::{
        apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet},
        batch::v1::{CronJob, Job},
        core::v1,
        networking::v1::Ingress,
    },
};
use kube::{
    Api, Client, Resource,
    api::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde::de::DeserializeOwned;

use super::{
    Cluster,
    index::Keyed,
    pages, project, server,
    source::Source,
    watch::{LOOK_AGAIN, Watch},
};
use crate::app::App;

/// How often a server is asked about itself: until it answers, and after that.
const ASK: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(60));

const GATEWAY: (&str, &str) = ("gateway.networking.k8s.io", "v1");
const CERT_MANAGER: (&str, &str) = ("cert-manager.io", "v1");
const ACME: (&str, &str) = ("acme.cert-manager.io", "v1");
const ARGO: (&str, &str) = ("argoproj.io", "v1alpha1");

/// Watches everything there is to watch. A cluster without a way to it is left as it is.
pub fn start(app: &App, cluster: &Arc<Cluster>) {
    let Some(client) = cluster.client.clone() else {
        return;
    };
    app.spawn(ask(Arc::clone(cluster), client.clone()));
    let start = Start { app, client };
    start.cluster_wide::<v1::Node, _>(&cluster.nodes, project::node);
    start.cluster_wide::<v1::Namespace, _>(&cluster.namespaces, project::namespace);
    start.typed::<v1::Pod, _>(&cluster.pods, project::pod);
    start.typed::<v1::Event, _>(&cluster.events, project::event);
    start.typed::<v1::Service, _>(&cluster.services, project::service);
    let [
        deployments,
        replica_sets,
        stateful_sets,
        daemon_sets,
        jobs,
        cron_jobs,
    ] = &cluster.workloads;
    start.typed::<Deployment, _>(deployments, project::deployment);
    start.typed::<ReplicaSet, _>(replica_sets, project::replica_set);
    start.typed::<StatefulSet, _>(stateful_sets, project::stateful_set);
    start.typed::<DaemonSet, _>(daemon_sets, project::daemon_set);
    start.typed::<Job, _>(jobs, project::job);
    start.typed::<CronJob, _>(cron_jobs, project::cron_job);
    start.typed::<Ingress, _>(&cluster.ingresses, project::ingress);
    start.custom(
        GATEWAY,
        "HTTPRoute",
        &cluster.http_routes,
        project::http_route,
    );
    start.custom(GATEWAY, "Gateway", &cluster.gateways, project::gateway);
    for (source, kind) in [
        (&cluster.ingresses, "Ingress"),
        (&cluster.http_routes, "HTTPRoute"),
    ] {
        app.spawn(pages::follow(
            app.clone(),
            Arc::clone(cluster),
            Arc::clone(source),
            kind,
        ));
    }
    start.custom(
        CERT_MANAGER,
        "Certificate",
        &cluster.certificates,
        project::certificate,
    );
    let [requests, orders, challenges] = &cluster.issuing;
    start.custom(CERT_MANAGER, "CertificateRequest", requests, |o| {
        project::issuing("CertificateRequest", o)
    });
    start.custom(ACME, "Order", orders, |o| project::issuing("Order", o));
    start.custom(ACME, "Challenge", challenges, |o| {
        project::issuing("Challenge", o)
    });
    start.custom(
        ARGO,
        "Application",
        &cluster.applications,
        project::application,
    );
}

struct Start<'a> {
    app: &'a App,
    client: Client,
}

impl Start<'_> {
    /// The namespaces to look into; none for all.
    fn namespaces(&self) -> &[String] {
        &self.app.config.namespaces
    }

    fn cluster_wide<K, T>(&self, source: &Arc<Source<T>>, project: fn(&K) -> Option<T>)
    where
        K: Resource<DynamicType = ()> + Clone + DeserializeOwned + Debug + Send + Sync + 'static,
        T: Keyed + Send + Sync + 'static,
    {
        self.watch(vec![Api::all(self.client.clone())], source, project);
    }

    fn typed<K, T>(&self, source: &Arc<Source<T>>, project: fn(&K) -> Option<T>)
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
            + Clone
            + DeserializeOwned
            + Debug
            + Send
            + Sync
            + 'static,
        T: Keyed + Send + Sync + 'static,
    {
        let client = &self.client;
        let apis = match self.namespaces() {
            [] => vec![Api::all(client.clone())],
            some => some
                .iter()
                .map(|namespace| Api::namespaced(client.clone(), namespace))
                .collect(),
        };
        self.watch(apis, source, project);
    }

    /// A kind that may not be installed.
    fn custom<T>(
        &self,
        (group, version): (&str, &str),
        kind: &str,
        source: &Arc<Source<T>>,
        project: fn(&DynamicObject) -> Option<T>,
    ) where
        T: Keyed + Send + Sync + 'static,
    {
        let resource = ApiResource::from_gvk_with_plural(
            &GroupVersionKind::gvk(group, version, kind),
            source.kind,
        );
        let client = &self.client;
        let apis = match self.namespaces() {
            [] => vec![Api::all_with(client.clone(), &resource)],
            some => some
                .iter()
                .map(|namespace| Api::namespaced_with(client.clone(), namespace, &resource))
                .collect(),
        };
        self.watch(apis, source, project);
    }

    fn watch<K, T>(&self, apis: Vec<Api<K>>, source: &Arc<Source<T>>, project: fn(&K) -> Option<T>)
    where
        K: Resource + Clone + DeserializeOwned + Debug + Send + Sync + 'static,
        T: Keyed + Send + Sync + 'static,
    {
        self.app.spawn(
            Watch {
                apis,
                source: Arc::clone(source),
                project,
                clock: self.app.clock.clone(),
                look_again: LOOK_AGAIN,
            }
            .run(),
        );
    }
}

async fn ask(cluster: Arc<Cluster>, client: Client) {
    loop {
        if let Ok(about) = server::ask(&client).await {
            if cluster.ahead().unwrap_or_default() != about.ahead {
                let seconds = about.ahead.num_seconds();
                tracing::warn!(
                    cluster = cluster.name,
                    seconds,
                    "the cluster's clock is so far ahead of this machine's now (behind, when negative): its times are compared by its own clock"
                );
            }
            cluster.about.store(Some(Arc::new(about)));
        }
        let known = cluster.about.load().is_some();
        tokio::time::sleep(if known { ASK.1 } else { ASK.0 }).await;
    }
}
