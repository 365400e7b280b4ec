//! Workloads in the schema.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};

use super::{
    super::{
        Cluster,
        index::Keyed,
        model::{self, Health},
        owners,
        source::Source,
    },
    OrderDirection, Seen, SortKey,
    object::{Shown, id, incident, list, mentions, wants},
};
use crate::{
    alerts::{
        finding::Finding,
        graphql::{Incident, Owner},
    },
    graphql::{PageArgs, page::price},
};

/// Something that owns pods: a Deployment, a StatefulSet, a DaemonSet, a Job, a CronJob, or a ReplicaSet.
#[derive(Clone)]
pub struct Workload {
    id: ID,
    cluster: Arc<Cluster>,
    workload: Arc<model::Workload>,
}

impl Shown for Workload {
    type Model = model::Workload;
    const TYPE: &'static str = "Workload";

    fn sources(cluster: &Cluster) -> &[Arc<Source<model::Workload>>] {
        &cluster.workloads
    }

    fn new(cluster: Arc<Cluster>, workload: Arc<model::Workload>) -> Self {
        Self {
            id: id::<Self>(&cluster, &workload.key()),
            cluster,
            workload,
        }
    }
}

/// A container of a workload's pods.
#[derive(SimpleObject)]
pub struct WorkloadContainer {
    /// Name in the pod.
    name: String,
    /// Image it asks for.
    image: String,
}

/// Something that owns pods, as it is now or was last known.
#[Object]
impl Workload {
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
        &self.workload.namespace
    }

    /// Kubernetes kind, such as `Deployment`.
    async fn kind(&self) -> &str {
        &self.workload.owner.kind
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.workload.owner.name
    }

    /// How it fares.
    async fn health(&self) -> Health {
        owners::health(&self.workload)
    }

    /// What its controller says is wrong; null when nothing is.
    async fn message(&self) -> Option<&str> {
        let workload = &self.workload;
        let stuck = workload.stuck.as_ref().map(|(said, _)| &**said);
        let failed = workload.ended.as_ref().filter(|ended| !ended.succeeded);
        stuck.or(failed.map(|ended| &*ended.message))
    }

    /// Pods wanted; null for a CronJob.
    async fn desired_pods(&self) -> Option<i32> {
        self.workload.desired
    }

    /// Ready pods.
    async fn ready_pods(&self) -> i32 {
        self.workload.ready
    }

    /// Pods of the newest revision.
    async fn updated_pods(&self) -> i32 {
        self.workload.updated
    }

    /// Pods available to users.
    async fn available_pods(&self) -> i32 {
        self.workload.available
    }

    /// Number of its revision; null where its controller does not count them.
    async fn revision(&self) -> Option<i32> {
        self.workload.revision.and_then(|n| i32::try_from(n).ok())
    }

    /// Its pods' containers, those that run before the others first.
    async fn containers(&self) -> Vec<WorkloadContainer> {
        let images = self.workload.images.iter();
        images
            .map(|(name, image)| WorkloadContainer {
                name: name.to_string(),
                image: image.to_string(),
            })
            .collect()
    }

    /// True while paused or suspended.
    async fn paused(&self) -> bool {
        self.workload.paused
    }

    /// What made it, such as a Job's CronJob; null for one that people made.
    async fn owner(&self) -> Option<Owner> {
        self.workload.controller.clone().map(Owner::from)
    }

    /// The Argo CD application it belongs to; null when Argo CD did not make it.
    async fn application(&self) -> Option<&str> {
        self.workload.application.as_deref()
    }

    /// A CronJob's cron fields; null for other kinds.
    async fn schedule(&self) -> Option<&str> {
        self.workload.schedule.as_ref().map(|s| &*s.cron)
    }

    /// When a CronJob last started a Job.
    async fn last_started_at(&self) -> Option<DateTime<Utc>> {
        self.workload.schedule.as_ref()?.last_started_at
    }

    /// When a Job of a CronJob last succeeded.
    async fn last_succeeded_at(&self) -> Option<DateTime<Utc>> {
        self.workload.schedule.as_ref()?.last_succeeded_at
    }

    /// When a Job ended.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.workload.ended.as_ref().map(|ended| ended.at)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.workload.created_at
    }

    /// Its open incident; null when there is none.
    async fn incident(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Incident>> {
        let hit = |finding: &Finding| {
            let key = &finding.key;
            key.cluster == self.cluster.name
                && key.namespace.as_deref() == Some(&*self.workload.namespace)
                && key.owner == self.workload.owner
        };
        incident(ctx, hit).await
    }
}

/// Which workloads to list; all conditions hold.
#[derive(InputObject, Clone, Default)]
pub struct WorkloadFilter {
    /// Only of this cluster.
    cluster: Option<String>,
    /// Only of this namespace.
    namespace: Option<String>,
    /// Only of these kinds. Without it, all that people make: ReplicaSets and Jobs that belong to something are left out.
    kinds: Option<Vec<String>>,
    /// Only with this text in their name, in any case.
    text: Option<String>,
    /// Only those that fare like this.
    health: Option<Vec<Health>>,
}

impl WorkloadFilter {
    /// True for a workload that is to be listed.
    pub fn fits(&self, cluster: &Cluster, workload: &model::Workload) -> bool {
        let is_kind = match &self.kinds {
            Some(kinds) => kinds.contains(&workload.owner.kind),
            None => workload.controller.is_none(),
        };
        is_kind
            && wants(self.cluster.as_ref(), &cluster.name)
            && wants(self.namespace.as_ref(), &workload.namespace)
            && mentions(self.text.as_ref(), &workload.owner.name)
            && self
                .health
                .as_ref()
                .is_none_or(|all| all.contains(&owners::health(workload)))
    }
}

/// What to sort workloads by.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum WorkloadOrderField {
    /// How they fare, worst first.
    Health,
    /// Kind.
    Kind,
    /// Namespace.
    Namespace,
    /// Name.
    Name,
    /// When they were made.
    CreatedAt,
}

/// How to sort workloads; those that are equal come by namespace and name.
#[derive(InputObject)]
pub struct WorkloadOrder {
    /// What to sort by.
    field: WorkloadOrderField,
    /// Direction.
    direction: OrderDirection,
}

fn key(field: WorkloadOrderField, workload: &model::Workload) -> SortKey {
    use WorkloadOrderField as By;
    let first = match field {
        By::Health => format!("{}", owners::health(workload) as u8),
        By::Kind => workload.owner.kind.clone(),
        By::Namespace | By::Name => String::new(),
        By::CreatedAt => workload.created_at.to_rfc3339(),
    };
    let (namespace, name) = (workload.namespace.to_string(), workload.owner.name.clone());
    let kind = workload.owner.kind.clone();
    match field {
        By::Name => (first, name, namespace, kind),
        _ => (first, namespace, name, kind),
    }
}

/// Workloads: queries.
#[derive(Default)]
pub struct WorkloadQuery;

#[Object]
impl WorkloadQuery {
    /// Workloads of all watched clusters, worst first unless told otherwise.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "a connection's arguments")]
    async fn workloads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which workloads to list.")] filter: Option<WorkloadFilter>,
        #[graphql(desc = "How to sort them.")] order_by: Option<WorkloadOrder>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Workload, Seen>> {
        let filter = filter.unwrap_or_default();
        let order = order_by.unwrap_or(WorkloadOrder {
            field: WorkloadOrderField::Health,
            direction: OrderDirection::Asc,
        });
        let args = PageArgs {
            first,
            after,
            last,
            before,
        };
        let fits =
            |cluster: &Cluster, workload: &model::Workload, _| filter.fits(cluster, workload);
        list(ctx, args, order.direction, fits, |workload| {
            key(order.field, workload)
        })
    }
}
