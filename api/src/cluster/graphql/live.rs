//! Pods and certificates as they change.

use std::sync::Arc;

use async_graphql::{Context, SimpleObject, Subscription, Union};
use futures::Stream;

use entity::user_right::Right;

use super::{
    super::{Cluster, Clusters, model},
    certificate::{Certificate, CertificateFilter},
    feed::{Feed, Step},
    pod::{Pod, PodFilter},
};
use crate::{
    app::App,
    graphql::{
        NodeId,
        live::{Delete, Freshness, Heartbeat, Resync},
    },
    viewer::ViewerExt,
};

/// One step of `podChanges`.
#[derive(Union)]
pub enum PodChange {
    /// Where the stream starts.
    Snapshot(PodSnapshot),
    /// A pod is new or other than before.
    Upsert(PodUpsert),
    /// A pod is gone, or does not fit the filter any more.
    Delete(Delete),
    /// Deltas were lost.
    Resync(Resync),
    /// The stream is alive.
    Heartbeat(Heartbeat),
}

/// All pods that fit.
#[derive(SimpleObject)]
pub struct PodSnapshot {
    /// The pods, in no order.
    items: Vec<Pod>,
    /// Where in the stream this stands.
    cursor: String,
    /// How old they are.
    freshness: Freshness,
}

/// A pod as it is now.
#[derive(SimpleObject)]
pub struct PodUpsert {
    /// The pod.
    object: Pod,
    /// Where in the stream this stands.
    cursor: String,
}

/// One step of `certificateChanges`.
#[derive(Union)]
pub enum CertificateChange {
    /// Where the stream starts.
    Snapshot(CertificateSnapshot),
    /// A certificate is new or other than before.
    Upsert(CertificateUpsert),
    /// A certificate is gone, or does not fit the filter any more.
    Delete(Delete),
    /// Deltas were lost.
    Resync(Resync),
    /// The stream is alive.
    Heartbeat(Heartbeat),
}

/// All certificates that fit.
#[derive(SimpleObject)]
pub struct CertificateSnapshot {
    /// The certificates, in no order.
    items: Vec<Certificate>,
    /// Where in the stream this stands.
    cursor: String,
    /// How old they are.
    freshness: Freshness,
}

/// A certificate as it is now.
#[derive(SimpleObject)]
pub struct CertificateUpsert {
    /// The certificate.
    object: Certificate,
    /// Where in the stream this stands.
    cursor: String,
}

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
    ) -> async_graphql::Result<impl Stream<Item = PodChange> + use<>> {
        ctx.with(Right::ClusterView)?;
        let clusters = ctx.data_unchecked::<Clusters>().all().iter().cloned();
        let filter = filter.unwrap_or_default();
        let sources = clusters.map(|cluster| {
            let source = Arc::clone(&cluster.pods);
            (cluster, source)
        });
        let fits = move |cluster: &Cluster, pod: &model::Pod, _| filter.fits(cluster, pod);
        let feed = Feed::new(
            sources.collect(),
            ctx.data_unchecked::<App>().clock.clone(),
            after,
            fits,
        );
        Ok(feed.stream(|step| match step {
            Step::Snapshot {
                items,
                cursor,
                freshness,
            } => PodChange::Snapshot(PodSnapshot {
                items: items
                    .into_iter()
                    .map(|(cluster, pod)| Pod::new(cluster, pod))
                    .collect(),
                cursor,
                freshness,
            }),
            Step::Upsert {
                cluster,
                object,
                cursor,
            } => PodChange::Upsert(PodUpsert {
                object: Pod::new(cluster, object),
                cursor,
            }),
            Step::Delete { key, cursor } => PodChange::Delete(Delete {
                id: NodeId::encode("Pod", key),
                cursor,
            }),
            Step::Resync(reason) => PodChange::Resync(Resync { reason }),
            Step::Heartbeat(heartbeat) => PodChange::Heartbeat(heartbeat),
        }))
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
    ) -> async_graphql::Result<impl Stream<Item = CertificateChange> + use<>> {
        ctx.with(Right::ClusterView)?;
        let clusters = ctx.data_unchecked::<Clusters>().all().iter().cloned();
        let filter = filter.unwrap_or_default();
        let sources = clusters.map(|cluster| {
            let source = Arc::clone(&cluster.certificates);
            (cluster, source)
        });
        let fits = move |cluster: &Cluster, certificate: &model::Certificate, now| {
            filter.fits(cluster, certificate, now)
        };
        let feed = Feed::new(
            sources.collect(),
            ctx.data_unchecked::<App>().clock.clone(),
            after,
            fits,
        );
        Ok(feed.stream(|step| match step {
            Step::Snapshot {
                items,
                cursor,
                freshness,
            } => CertificateChange::Snapshot(CertificateSnapshot {
                items: items
                    .into_iter()
                    .map(|(cluster, one)| Certificate::new(cluster, one))
                    .collect(),
                cursor,
                freshness,
            }),
            Step::Upsert {
                cluster,
                object,
                cursor,
            } => CertificateChange::Upsert(CertificateUpsert {
                object: Certificate::new(cluster, object),
                cursor,
            }),
            Step::Delete { key, cursor } => CertificateChange::Delete(Delete {
                id: NodeId::encode("Certificate", key),
                cursor,
            }),
            Step::Resync(reason) => CertificateChange::Resync(Resync { reason }),
            Step::Heartbeat(heartbeat) => CertificateChange::Heartbeat(heartbeat),
        }))
    }
}
