//! A cluster's objects as they change.

use async_graphql::{Context, Subscription};
use futures::Stream;

use super::{
    super::{Cluster, model},
    application::{Application, ApplicationFilter},
    certificate::{Certificate, CertificateFilter},
    event::{Event, EventFilter},
    host::{Host, HostFilter},
    node::{ClusterNode, NodeFilter},
    object::{ObjectChange, changes},
    pod::{Pod, PodFilter},
    service::{Service, ServiceFilter},
    workload::{Workload, WorkloadFilter},
};

/// Clusters: subscriptions.
#[derive(Default)]
pub struct ClusterSubscription;

#[Subscription]
impl ClusterSubscription {
    /// Pods: first all that fit, then each as it changes.
    async fn pod_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which pods to watch.")] filter: Option<PodFilter>,
        #[graphql(
            desc = "Cursor of the last step you saw; the stream starts with a snapshot when it is no longer known."
        )]
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = ObjectChange<Pod>> + use<>> {
        let filter = filter.unwrap_or_default();
        let fits = move |cluster: &Cluster, pod: &model::Pod, _| filter.fits(cluster, pod);
        changes(ctx, after, fits)
    }

    /// Nodes: first all that fit, then each as it changes.
    async fn node_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which nodes to watch.")] filter: Option<NodeFilter>,
        #[graphql(
            desc = "Cursor of the last step you saw; the stream starts with a snapshot when it is no longer known."
        )]
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = ObjectChange<ClusterNode>> + use<>> {
        let filter = filter.unwrap_or_default();
        let fits = move |cluster: &Cluster, node: &model::Node, _| filter.fits(cluster, node);
        changes(ctx, after, fits)
    }

    /// Workloads: first all that fit, then each as it changes.
    async fn workload_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which workloads to watch.")] filter: Option<WorkloadFilter>,
        #[graphql(
            desc = "Cursor of the last step you saw; the stream starts with a snapshot when it is no longer known."
        )]
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = ObjectChange<Workload>> + use<>> {
        let filter = filter.unwrap_or_default();
        let fits =
            move |cluster: &Cluster, workload: &model::Workload, _| filter.fits(cluster, workload);
        changes(ctx, after, fits)
    }

    /// Events: first all that fit, then each as it changes.
    async fn event_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which events to watch.")] filter: Option<EventFilter>,
        #[graphql(
            desc = "Cursor of the last step you saw; the stream starts with a snapshot when it is no longer known."
        )]
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = ObjectChange<Event>> + use<>> {
        let filter = filter.unwrap_or_default();
        let fits = move |cluster: &Cluster, event: &model::Event, _| filter.fits(cluster, event);
        changes(ctx, after, fits)
    }

    /// Services: first all that fit, then each as it changes.
    async fn service_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which services to watch.")] filter: Option<ServiceFilter>,
        #[graphql(
            desc = "Cursor of the last step you saw; the stream starts with a snapshot when it is no longer known."
        )]
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = ObjectChange<Service>> + use<>> {
        let filter = filter.unwrap_or_default();
        let fits =
            move |cluster: &Cluster, service: &model::Service, _| filter.fits(cluster, service);
        changes(ctx, after, fits)
    }

    /// Certificates: first all that fit, then each as it changes.
    async fn certificate_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which certificates to watch.")] filter: Option<CertificateFilter>,
        #[graphql(
            desc = "Cursor of the last step you saw; the stream starts with a snapshot when it is no longer known."
        )]
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = ObjectChange<Certificate>> + use<>> {
        let filter = filter.unwrap_or_default();
        let fits =
            move |cluster: &Cluster, one: &model::Certificate, now| filter.fits(cluster, one, now);
        changes(ctx, after, fits)
    }

    /// Applications: first all that fit, then each as it changes.
    async fn application_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which applications to watch.")] filter: Option<ApplicationFilter>,
        #[graphql(
            desc = "Cursor of the last step you saw; the stream starts with a snapshot when it is no longer known."
        )]
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = ObjectChange<Application>> + use<>> {
        let filter = filter.unwrap_or_default();
        let fits = move |cluster: &Cluster, one: &model::Application, _| filter.fits(cluster, one);
        changes(ctx, after, fits)
    }

    /// Hosts: first all that fit, then each as it changes.
    async fn host_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which hosts to watch.")] filter: Option<HostFilter>,
        #[graphql(
            desc = "Cursor of the last step you saw; the stream starts with a snapshot when it is no longer known."
        )]
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = ObjectChange<Host>> + use<>> {
        let filter = filter.unwrap_or_default();
        let fits =
            move |cluster: &Cluster, host: &model::Host, now| filter.fits(cluster, host, now);
        changes(ctx, after, fits)
    }
}
