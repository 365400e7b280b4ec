//! What all kinds of a cluster's objects share in the schema: ids, lists and live streams.

use std::sync::Arc;

use async_graphql::{Context, ID, OutputType, SimpleObject, Union, connection::Connection};
use chrono::{DateTime, Utc};
use entity::user_right::Right;
use futures::Stream;

use super::{
    super::{Cluster, Clusters, index::Keyed, source::Source},
    OrderDirection, Seen, SortKey,
    application::Application,
    certificate::Certificate,
    event::Event,
    feed::{Feed, Start, Step},
    host::Host,
    node::ClusterNode,
    page,
    pod::Pod,
    service::Service,
    workload::Workload,
    worst,
};
use crate::{
    alerts::{finding::Finding, graphql::Incident, incident::stored_finding, loader::AlertLoaders},
    app::App,
    error::Result,
    graphql::{
        NodeId, PageArgs,
        live::{Delete, Freshness, Heartbeat, Resync},
        stream::{Marks, Restart},
    },
    viewer::ViewerExt,
};

/// A kind of object, as the schema shows it.
pub trait Shown: OutputType + Clone + Send + Sync + 'static {
    /// What the index holds.
    type Model: Keyed + Send + Sync + 'static;
    /// Name of the type, for ids.
    const TYPE: &'static str;

    /// Where objects of this kind are kept.
    fn sources(cluster: &Cluster) -> &[Arc<Source<Self::Model>>];

    /// Shows an object.
    fn new(cluster: Arc<Cluster>, object: Arc<Self::Model>) -> Self;
}

/// The id of an object: its key, and its cluster, because keys may be names.
pub fn id<S: Shown>(cluster: &Cluster, key: &str) -> ID {
    NodeId::encode(S::TYPE, format_args!("{key}@{}", cluster.name))
}

/// The object with the key of an id.
pub fn find<S: Shown>(clusters: &Clusters, key: &str) -> Option<S> {
    let (key, cluster) = key.split_once('@')?;
    let cluster = clusters.find(Some(cluster))?;
    let object = S::sources(cluster)
        .iter()
        .find_map(|source| source.read().get(key).cloned())?;
    Some(S::new(Arc::clone(cluster), object))
}

/// All objects that fit, page by page.
///
/// # Errors
/// Who may not see the cluster, or a bad page.
pub(super) fn list<S: Shown>(
    ctx: &Context<'_>,
    args: PageArgs,
    direction: OrderDirection,
    fits: impl Fn(&Cluster, &S::Model, DateTime<Utc>) -> bool,
    key: impl Fn(&S::Model) -> SortKey,
) -> async_graphql::Result<Connection<String, S, Seen>> {
    ctx.with(Right::ClusterView)?;
    let now = ctx.data_unchecked::<App>().clock.now();
    let mut rows: Vec<(Arc<Cluster>, Arc<S::Model>)> = Vec::new();
    let mut freshness = Vec::new();
    for cluster in ctx.data_unchecked::<Clusters>().all() {
        for source in S::sources(cluster) {
            freshness.push(source.freshness(now));
            let index = source.read();
            let fitting = index.objects().filter(|o| fits(cluster, o, now));
            rows.extend(fitting.map(|o| (Arc::clone(cluster), Arc::clone(o))));
        }
    }
    let seen = Seen {
        total: rows.len(),
        freshness: worst(freshness),
    };
    let key = |row: &(Arc<Cluster>, Arc<S::Model>)| key(&row.1);
    let node = |(cluster, object)| S::new(cluster, object);
    Ok(page(rows, args, direction, seen, key, node)?)
}

/// First all objects that fit, then each as it changes.
///
/// # Errors
/// Who may not see the cluster.
pub(super) fn changes<S: Shown, F>(
    ctx: &Context<'_>,
    after: Option<String>,
    fits: F,
) -> async_graphql::Result<impl Stream<Item = ObjectChange<S>> + use<S, F>>
where
    F: Fn(&Cluster, &S::Model, DateTime<Utc>) -> bool + Send + 'static,
{
    ctx.with(Right::ClusterView)?;
    let clusters = ctx.data_unchecked::<Clusters>().all().iter();
    let sources = clusters.flat_map(|cluster| {
        let of = |source: &Arc<Source<S::Model>>| (Arc::clone(cluster), Arc::clone(source));
        S::sources(cluster).iter().map(of).collect::<Vec<_>>()
    });
    let clock = ctx.data_unchecked::<App>().clock.clone();
    let start = match (ctx.data_opt::<Restart>(), after) {
        (Some(Restart(reason)), _) => Start::Again(*reason),
        (None, Some(cursor)) => Start::After(cursor),
        (None, None) => Start::Anew,
    };
    let feed = Feed::new(sources.collect(), clock, start, fits);
    let marks = ctx.data_opt::<Marks>().cloned();
    Ok(feed.stream(marks, ObjectChange::from))
}

/// The newest open incident about an object that is its own owner, or of one of its parts.
///
/// # Errors
/// The database's.
pub(super) async fn incident(
    ctx: &Context<'_>,
    is_it: impl Fn(&Finding) -> bool,
) -> Option<async_graphql::Result<Incident>> {
    find_incident(ctx, is_it)
        .await
        .map_err(Into::into)
        .transpose()
}

async fn find_incident(
    ctx: &Context<'_>,
    is_it: impl Fn(&Finding) -> bool,
) -> Result<Option<Incident>> {
    let loaders = ctx.data_unchecked::<AlertLoaders>();
    for row in loaders.open_incidents().await?.iter() {
        if is_it(&stored_finding(&row.finding)?) {
            return Ok(Some(Incident::from_row(row)?));
        }
    }
    Ok(None)
}

/// True for a value that is wanted, and for every value when none is.
pub(super) fn wants(wanted: Option<&String>, is: &str) -> bool {
    wanted.is_none_or(|wanted| wanted == is)
}

/// True when a text is in a name, in any case, or when no text is wanted.
pub(super) fn mentions(text: Option<&String>, name: &str) -> bool {
    text.is_none_or(|text| name.to_lowercase().contains(&text.to_lowercase()))
}

/// One step of a live stream of a cluster's objects.
#[derive(Union)]
#[graphql(
    concrete(name = "PodChange", params(Pod)),
    concrete(name = "NodeChange", params(ClusterNode)),
    concrete(name = "WorkloadChange", params(Workload)),
    concrete(name = "EventChange", params(Event)),
    concrete(name = "ServiceChange", params(Service)),
    concrete(name = "CertificateChange", params(Certificate)),
    concrete(name = "ApplicationChange", params(Application)),
    concrete(name = "HostChange", params(Host))
)]
pub enum ObjectChange<S: Shown> {
    /// Where the stream starts.
    Snapshot(ObjectSnapshot<S>),
    /// An object is new or other than before.
    Upsert(ObjectUpsert<S>),
    /// An object is gone, or does not fit the filter any more.
    Delete(Delete),
    /// Deltas were lost.
    Resync(Resync),
    /// The stream is alive.
    Heartbeat(Heartbeat),
}

/// All objects that fit.
#[derive(SimpleObject)]
#[graphql(
    concrete(name = "PodSnapshot", params(Pod)),
    concrete(name = "NodeSnapshot", params(ClusterNode)),
    concrete(name = "WorkloadSnapshot", params(Workload)),
    concrete(name = "EventSnapshot", params(Event)),
    concrete(name = "ServiceSnapshot", params(Service)),
    concrete(name = "CertificateSnapshot", params(Certificate)),
    concrete(name = "ApplicationSnapshot", params(Application)),
    concrete(name = "HostSnapshot", params(Host))
)]
pub struct ObjectSnapshot<S: Shown> {
    /// The objects, in no order.
    items: Vec<S>,
    /// Where in the stream this stands.
    cursor: String,
    /// How old they are.
    freshness: Freshness,
}

/// An object as it is now.
#[derive(SimpleObject)]
#[graphql(
    concrete(name = "PodUpsert", params(Pod)),
    concrete(name = "NodeUpsert", params(ClusterNode)),
    concrete(name = "WorkloadUpsert", params(Workload)),
    concrete(name = "EventUpsert", params(Event)),
    concrete(name = "ServiceUpsert", params(Service)),
    concrete(name = "CertificateUpsert", params(Certificate)),
    concrete(name = "ApplicationUpsert", params(Application)),
    concrete(name = "HostUpsert", params(Host))
)]
pub struct ObjectUpsert<S: Shown> {
    /// The object.
    object: S,
    /// Where in the stream this stands.
    cursor: String,
}

impl<S: Shown> From<Step<S::Model>> for ObjectChange<S> {
    fn from(step: Step<S::Model>) -> Self {
        match step {
            Step::Snapshot {
                items,
                cursor,
                freshness,
            } => Self::Snapshot(ObjectSnapshot {
                items: items
                    .into_iter()
                    .map(|(cluster, object)| S::new(cluster, object))
                    .collect(),
                cursor,
                freshness,
            }),
            Step::Upsert {
                cluster,
                object,
                cursor,
            } => Self::Upsert(ObjectUpsert {
                object: S::new(cluster, object),
                cursor,
            }),
            Step::Delete {
                cluster,
                key,
                cursor,
            } => Self::Delete(Delete {
                id: id::<S>(&cluster, &key),
                cursor,
            }),
            Step::Resync(reason) => Self::Resync(Resync { reason }),
            Step::Heartbeat(heartbeat) => Self::Heartbeat(heartbeat),
        }
    }
}
