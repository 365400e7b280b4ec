//! Pods and certificates as they change.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, LazyLock},
};

use async_graphql::{Context, SimpleObject, Subscription, Union};
use chrono::{DateTime, Utc};
use futures::{Stream, stream};
use tokio::time::Interval;

use super::{
    super::{
        Cluster, Clusters,
        index::{Change, Keyed},
        model,
        source::Source,
    },
    certificate::{Certificate, CertificateFilter},
    pod::{Pod, PodFilter},
    worst,
};
use crate::{
    app::App,
    clock::Clock,
    graphql::{
        NodeId,
        live::{Delete, Freshness, Heartbeat, Resync, ResyncReason},
        page::encode_cursor,
        stream::heartbeat,
    },
    viewer::ViewerExt,
};

/// Versions of an index mean nothing to another process: cursors carry this.
static EPOCH: LazyLock<String> = LazyLock::new(crate::secrets::random_token::<6>);

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
        ctx.viewer()?;
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
        ctx.viewer()?;
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

/// What happens next in a stream of objects.
enum Step<T> {
    Snapshot {
        items: Vec<(Arc<Cluster>, Arc<T>)>,
        cursor: String,
        freshness: Freshness,
    },
    Upsert {
        cluster: Arc<Cluster>,
        object: Arc<T>,
        cursor: String,
    },
    Delete {
        key: Arc<str>,
        cursor: String,
    },
    Resync(ResyncReason),
    Heartbeat(Heartbeat),
}

/// Cursor: the process it was made by, and the version of each cluster's index.
type Cursor = (String, BTreeMap<String, u64>);

type Ticks = tokio::sync::watch::Receiver<u64>;

/// Follows one kind of object over all clusters for one subscriber. It keeps versions, not messages: whoever is slow
/// gets the newest state of each object, never a growing queue.
struct Feed<T, F> {
    sources: Vec<(Arc<Cluster>, Arc<Source<T>>)>,
    ticks: Vec<Ticks>,
    versions: BTreeMap<String, u64>,
    clock: Clock,
    fits: F,
    beat: Interval,
    stale: bool,
    queue: VecDeque<Step<T>>,
}

impl<T, F> Feed<T, F>
where
    T: Keyed + Send + Sync + 'static,
    F: Fn(&Cluster, &T, DateTime<Utc>) -> bool + Send + 'static,
{
    fn new(
        sources: Vec<(Arc<Cluster>, Arc<Source<T>>)>,
        clock: Clock,
        after: Option<String>,
        fits: F,
    ) -> Self {
        // The receivers come before the first look, so that nothing falls between.
        let ticks = sources
            .iter()
            .map(|(_, source)| source.subscribe())
            .collect();
        let mut feed = Self {
            sources,
            ticks,
            versions: BTreeMap::new(),
            clock,
            fits,
            beat: heartbeat(),
            stale: false,
            queue: VecDeque::new(),
        };
        let resumed = after
            .and_then(|cursor| crate::graphql::page::decode_cursor::<Cursor>(&cursor).ok())
            .is_some_and(|cursor| feed.resume(cursor));
        if !resumed {
            feed.snapshot();
        }
        feed
    }

    fn stream<C>(
        self,
        as_change: impl Fn(Step<T>) -> C + Send + 'static,
    ) -> impl Stream<Item = C> + Send {
        stream::unfold((self, as_change), |(mut feed, as_change)| async move {
            let step = feed.next().await;
            let change = as_change(step);
            Some((change, (feed, as_change)))
        })
    }

    async fn next(&mut self) -> Step<T> {
        loop {
            if let Some(step) = self.queue.pop_front() {
                return step;
            }
            let beat = beats_first(&mut self.ticks, &mut self.beat).await;
            if beat {
                return self.heartbeat();
            }
            self.catch_up();
        }
    }

    /// Queues what changed since the last look.
    fn catch_up(&mut self) {
        let now = self.clock.now();
        for number in 0..self.sources.len() {
            let (cluster, source) = self.sources[number].clone();
            let seen = self
                .versions
                .get(&cluster.name)
                .copied()
                .unwrap_or_default();
            let (version, changes) = {
                let index = source.read();
                (index.version(), index.since(seen))
            };
            let Some(changes) = changes else {
                self.queue.push_back(Step::Resync(ResyncReason::Lagged));
                self.snapshot();
                return;
            };
            self.versions.insert(cluster.name.clone(), version);
            for change in changes {
                self.queue_change(&cluster, change, now);
            }
        }
        if self.freshness().stale != self.stale {
            let heartbeat = self.heartbeat();
            self.queue.push_back(heartbeat);
        }
    }

    /// An object that does not fit any more is gone for this subscriber.
    fn queue_change(&mut self, cluster: &Arc<Cluster>, change: Change<T>, now: DateTime<Utc>) {
        let cursor = self.cursor();
        let step = match change {
            Change::Upsert(object) if (self.fits)(cluster, &object, now) => Step::Upsert {
                cluster: Arc::clone(cluster),
                object,
                cursor,
            },
            Change::Upsert(object) | Change::Delete(object) => Step::Delete {
                key: object.key(),
                cursor,
            },
        };
        self.queue.push_back(step);
    }

    fn snapshot(&mut self) {
        let now = self.clock.now();
        let mut items = Vec::new();
        for (cluster, source) in &self.sources {
            let index = source.read();
            self.versions.insert(cluster.name.clone(), index.version());
            let fitting = index
                .objects()
                .filter(|object| (self.fits)(cluster, object, now));
            items.extend(fitting.map(|object| (Arc::clone(cluster), Arc::clone(object))));
        }
        let freshness = self.freshness();
        self.stale = freshness.stale;
        let cursor = self.cursor();
        self.queue.push_back(Step::Snapshot {
            items,
            cursor,
            freshness,
        });
    }

    /// Goes on behind a cursor; false when it is of another life or too old.
    fn resume(&mut self, (epoch, versions): Cursor) -> bool {
        let known = self.sources.iter().all(|(cluster, source)| {
            versions
                .get(&cluster.name)
                .is_some_and(|version| source.read().since(*version).is_some())
        });
        if epoch != *EPOCH || !known {
            return false;
        }
        self.versions = versions;
        self.catch_up();
        let heartbeat = self.heartbeat();
        self.queue.push_back(heartbeat);
        true
    }

    fn heartbeat(&mut self) -> Step<T> {
        let freshness = self.freshness();
        self.stale = freshness.stale;
        Step::Heartbeat(Heartbeat {
            at: self.clock.now(),
            freshness: Some(freshness),
        })
    }

    fn freshness(&self) -> Freshness {
        let now = self.clock.now();
        worst(self.sources.iter().map(|(_, source)| source.freshness(now)))
    }

    fn cursor(&self) -> String {
        encode_cursor(&(&*EPOCH, &self.versions))
    }
}

/// Waits for a change or the heartbeat; true when it was the heartbeat.
async fn beats_first(ticks: &mut [Ticks], beat: &mut Interval) -> bool {
    if ticks.is_empty() {
        beat.tick().await;
        return true;
    }
    let changes = ticks.iter_mut().map(|ticks| Box::pin(ticks.changed()));
    tokio::select! {
        _ = futures::future::select_all(changes) => false,
        _ = beat.tick() => true,
    }
}
