//! Pods in the schema.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};

use entity::user_right::Right;

use super::{
    super::{
        Cluster, Clusters,
        model::{self, ContainerKind, ContainerState, Health},
    },
    OrderDirection, Seen, SortKey, page, worst,
};
use crate::{
    alerts::{
        graphql::{Incident, Owner},
        loader::AlertLoaders,
    },
    app::App,
    error::Result,
    graphql::{NodeId, PageArgs, page::price},
    viewer::ViewerExt,
};

/// A pod as it is now, or was last known.
#[derive(Clone)]
pub struct Pod {
    id: ID,
    cluster: Arc<Cluster>,
    pod: Arc<model::Pod>,
}

impl Pod {
    /// Wraps a pod.
    pub fn new(cluster: Arc<Cluster>, pod: Arc<model::Pod>) -> Self {
        Self {
            id: NodeId::encode("Pod", &pod.uid),
            cluster,
            pod,
        }
    }
}

/// A container of a pod.
#[derive(SimpleObject)]
pub struct Container {
    /// Name in the pod.
    name: String,
    /// Image as the pod asks for it.
    image: String,
    /// Ready, as the kubelet says.
    ready: bool,
    /// Restarts so far.
    restarts: i32,
    /// What it does now: `Running`, or why it does not run.
    state: String,
    /// True for a container that runs before the others.
    init: bool,
}

impl From<&model::Container> for Container {
    fn from(container: &model::Container) -> Self {
        Self {
            name: container.name.to_string(),
            image: container.image.to_string(),
            ready: container.ready,
            restarts: container.restarts,
            state: match &container.state {
                ContainerState::Waiting(reason, _) if reason.is_empty() => "Waiting".into(),
                ContainerState::Waiting(reason, _) => reason.to_string(),
                ContainerState::Running(_) => "Running".into(),
                ContainerState::Terminated(end) if end.reason.is_empty() => {
                    format!("ExitCode:{}", end.exit_code)
                }
                ContainerState::Terminated(end) => end.reason.to_string(),
                ContainerState::Unknown => "Unknown".into(),
            },
            init: container.kind != ContainerKind::Main,
        }
    }
}

/// A pod as it is now, or was last known.
#[Object]
impl Pod {
    /// Opaque id.
    pub async fn id(&self) -> &ID {
        &self.id
    }

    /// Name of the cluster.
    async fn cluster(&self) -> &str {
        &self.cluster.name
    }

    /// Namespace.
    async fn namespace(&self) -> &str {
        &self.pod.namespace
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.pod.name
    }

    /// The word in the STATUS column of `kubectl get pods`.
    async fn status(&self) -> &str {
        &self.pod.status
    }

    /// How it fares.
    async fn health(&self) -> Health {
        self.pod.health
    }

    /// The pod's own reason, such as `Evicted`; null when it gives none.
    async fn reason(&self) -> Option<&str> {
        self.pod.reason.as_deref()
    }

    /// Ready containers.
    async fn ready_containers(&self) -> i32 {
        self.pod.ready
    }

    /// Containers.
    async fn total_containers(&self) -> i32 {
        self.pod.total
    }

    /// Restarts of its containers.
    async fn restarts(&self) -> i32 {
        self.pod.restarts
    }

    /// When a container last restarted.
    async fn last_restart_at(&self) -> Option<DateTime<Utc>> {
        self.pod.last_restart_at
    }

    /// The node it is bound to; null before it is.
    async fn node(&self) -> Option<&str> {
        self.pod.node.as_deref()
    }

    /// What it belongs to, at the root of the owner chain; null for a pod of its own.
    async fn owner(&self) -> Option<Owner> {
        self.pod.controller.as_ref()?;
        Some(self.cluster.root_owner(&self.pod).into())
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.pod.created_at
    }

    /// Its containers, those that run before the others first.
    async fn containers(&self) -> Vec<Container> {
        self.pod.containers.iter().map(Container::from).collect()
    }

    /// The open incident that it is hit by; null when it is not.
    async fn incident(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Incident>> {
        let hit = |finding: &crate::alerts::finding::Finding| {
            let key = &finding.key;
            key.cluster == self.cluster.name
                && key.namespace.as_deref() == Some(&*self.pod.namespace)
                && finding.affected.iter().any(|name| **name == *self.pod.name)
        };
        open_incident(ctx, hit)
            .await
            .map_err(Into::into)
            .transpose()
    }
}

/// The newest open incident with a finding like this.
///
/// # Errors
/// The database's.
pub async fn open_incident(
    ctx: &Context<'_>,
    is_it: impl Fn(&crate::alerts::finding::Finding) -> bool,
) -> Result<Option<Incident>> {
    let open = ctx
        .data_unchecked::<AlertLoaders>()
        .open_incidents()
        .await?;
    for row in open.iter() {
        let finding = crate::alerts::incident::stored_finding(&row.finding)?;
        if is_it(&finding) {
            return Ok(Some(Incident::from_row(row)?));
        }
    }
    Ok(None)
}

/// Which pods to list; all conditions hold.
#[derive(InputObject, Clone, Default)]
pub struct PodFilter {
    /// Only of this cluster.
    cluster: Option<String>,
    /// Only of this namespace.
    namespace: Option<String>,
    /// Only on this node.
    node: Option<String>,
    /// Only with this text in their name, in any case.
    text: Option<String>,
    /// Only those that fare like this.
    health: Option<Vec<Health>>,
}

impl PodFilter {
    /// True for a pod that is to be listed.
    pub fn fits(&self, cluster: &Cluster, pod: &model::Pod) -> bool {
        let same = |wanted: &Option<String>, is: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| Some(wanted) == is)
        };
        same(&self.cluster, Some(&cluster.name))
            && same(&self.namespace, Some(&pod.namespace))
            && same(&self.node, pod.node.as_deref())
            && self
                .health
                .as_ref()
                .is_none_or(|all| all.contains(&pod.health))
            && self
                .text
                .as_ref()
                .is_none_or(|text| pod.name.to_lowercase().contains(&text.to_lowercase()))
    }
}

/// What to sort pods by.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum PodOrderField {
    /// How they fare, worst first.
    Health,
    /// Namespace.
    Namespace,
    /// Name.
    Name,
    /// STATUS word.
    Status,
    /// Restarts.
    Restarts,
    /// When they were made.
    CreatedAt,
}

/// How to sort pods; those that are equal come by namespace and name.
#[derive(InputObject)]
pub struct PodOrder {
    /// What to sort by.
    field: PodOrderField,
    /// Direction.
    direction: OrderDirection,
}

fn key(field: PodOrderField, pod: &model::Pod) -> SortKey {
    let first = match field {
        PodOrderField::Health => format!("{}", pod.health as u8),
        PodOrderField::Namespace | PodOrderField::Name => String::new(),
        PodOrderField::Status => pod.status.to_string(),
        PodOrderField::Restarts => format!("{:010}", pod.restarts),
        PodOrderField::CreatedAt => pod.created_at.to_rfc3339(),
    };
    let (namespace, name) = (pod.namespace.to_string(), pod.name.to_string());
    let uid = pod.uid.to_string();
    match field {
        PodOrderField::Name => (first, name, namespace, uid),
        _ => (first, namespace, name, uid),
    }
}

/// Pods: queries.
#[derive(Default)]
pub struct PodQuery;

#[Object]
impl PodQuery {
    /// Pods of all watched clusters, worst first unless told otherwise.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "a connection's arguments")]
    async fn pods(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which pods to list.")] filter: Option<PodFilter>,
        #[graphql(desc = "How to sort them.")] order_by: Option<PodOrder>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Pod, Seen>> {
        ctx.with(Right::ClusterView)?;
        let now = ctx.data_unchecked::<App>().clock.now();
        let clusters = ctx.data_unchecked::<Clusters>();
        let filter = filter.unwrap_or_default();
        let order = order_by.unwrap_or(PodOrder {
            field: PodOrderField::Health,
            direction: OrderDirection::Asc,
        });
        let mut rows: Vec<(Arc<Cluster>, Arc<model::Pod>)> = Vec::new();
        for cluster in clusters.all() {
            let index = cluster.pods.read();
            let fitting = index.objects().filter(|pod| filter.fits(cluster, pod));
            rows.extend(fitting.map(|pod| (Arc::clone(cluster), Arc::clone(pod))));
        }
        let seen = Seen {
            total: rows.len(),
            freshness: worst(clusters.all().iter().map(|c| c.pods.freshness(now))),
        };
        let args = PageArgs {
            first,
            after,
            last,
            before,
        };
        let key = |row: &(Arc<Cluster>, Arc<model::Pod>)| key(order.field, &row.1);
        let node = |(cluster, pod)| Pod::new(cluster, pod);
        Ok(page(rows, args, order.direction, seen, key, node)?)
    }
}
