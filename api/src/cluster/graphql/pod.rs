//! Pods in the schema.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};

use super::{
    super::{
        Cluster,
        model::{self, ContainerKind, ContainerState, Health, Termination},
        source::Source,
    },
    OrderDirection, Seen, SortKey,
    object::{Shown, id, incident, list, mentions, wants},
};
use crate::{
    alerts::{
        finding::{self, Finding},
        graphql::{Incident, Owner},
    },
    graphql::{PageArgs, page::price},
};

/// A pod as it is now, or was last known.
#[derive(Clone)]
pub struct Pod {
    id: ID,
    cluster: Arc<Cluster>,
    pod: Arc<model::Pod>,
}

impl Shown for Pod {
    type Model = model::Pod;
    const TYPE: &'static str = "Pod";

    fn sources(cluster: &Cluster) -> &[Arc<Source<model::Pod>>] {
        std::slice::from_ref(&cluster.pods)
    }

    fn new(cluster: Arc<Cluster>, pod: Arc<model::Pod>) -> Self {
        Self {
            id: id::<Self>(&cluster, &pod.uid),
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
    /// What Kubernetes says about that state; null when it says nothing.
    message: Option<String>,
    /// What it is for.
    kind: ContainerKind,
    /// How its run before ended; null when this is its first.
    last_run: Option<Run>,
}

/// A run of a container that ended.
#[derive(SimpleObject)]
pub struct Run {
    /// Why it ended, such as `OOMKilled`, `Error` or `Completed`.
    reason: String,
    /// Its exit code.
    exit_code: i32,
    /// The signal that ended it; null when none did.
    signal: Option<i32>,
    /// When it ended.
    ended_at: Option<DateTime<Utc>>,
    /// What it said last, where Kubernetes kept that.
    message: Option<String>,
}

impl From<&Termination> for Run {
    fn from(end: &Termination) -> Self {
        Self {
            reason: end.reason.to_string(),
            exit_code: end.exit_code,
            signal: Some(end.signal).filter(|signal| *signal != 0),
            ended_at: end.finished_at,
            message: end.message.as_deref().map(str::to_owned),
        }
    }
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
            message: match &container.state {
                ContainerState::Waiting(_, message) => message.as_deref().map(str::to_owned),
                ContainerState::Terminated(end) => end.message.as_deref().map(str::to_owned),
                ContainerState::Running(_) | ContainerState::Unknown => None,
            },
            kind: container.kind,
            last_run: container.last.as_deref().map(Run::from),
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
        let hit = |finding: &Finding| {
            let key = &finding.key;
            key.cluster == self.cluster.name
                && key.namespace.as_deref() == Some(&*self.pod.namespace)
                && finding.affected.iter().any(|name| **name == *self.pod.name)
        };
        incident(ctx, hit).await
    }
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
    /// Only those that belong to this, at the root of the owner chain.
    owner: Option<OwnerInput>,
}

/// A workload or another owner of pods.
#[derive(InputObject, Clone)]
pub struct OwnerInput {
    /// Kubernetes kind, such as `Deployment`.
    kind: String,
    /// Name of the object.
    name: String,
}

impl OwnerInput {
    /// True for this object.
    pub fn is(&self, owner: &finding::Owner) -> bool {
        self.kind == owner.kind && self.name == owner.name
    }
}

impl PodFilter {
    /// True for a pod that is to be listed.
    pub fn fits(&self, cluster: &Cluster, pod: &model::Pod) -> bool {
        wants(self.cluster.as_ref(), &cluster.name)
            && wants(self.namespace.as_ref(), &pod.namespace)
            && wants(self.node.as_ref(), pod.node.as_deref().unwrap_or_default())
            && mentions(self.text.as_ref(), &pod.name)
            && self
                .health
                .as_ref()
                .is_none_or(|all| all.contains(&pod.health))
            && self
                .owner
                .as_ref()
                .is_none_or(|owner| owner.is(&cluster.root_owner(pod)))
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
        let filter = filter.unwrap_or_default();
        let order = order_by.unwrap_or(PodOrder {
            field: PodOrderField::Health,
            direction: OrderDirection::Asc,
        });
        let args = PageArgs {
            first,
            after,
            last,
            before,
        };
        let fits = |cluster: &Cluster, pod: &model::Pod, _| filter.fits(cluster, pod);
        list(ctx, args, order.direction, fits, |pod| {
            key(order.field, pod)
        })
    }
}
