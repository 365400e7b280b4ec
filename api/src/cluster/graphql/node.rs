//! Nodes in the schema.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};

use super::{
    super::{
        Cluster,
        index::Keyed,
        model::{self, Health},
        nodes,
        source::Source,
    },
    OrderDirection, Seen, SortKey,
    object::{Shown, id, incident, list, mentions, wants},
};
use crate::{
    alerts::{finding::Finding, graphql::Incident},
    graphql::{PageArgs, page::price},
};

/// A node of a cluster, as it is now or was last known.
#[derive(Clone)]
pub struct ClusterNode {
    id: ID,
    cluster: Arc<Cluster>,
    node: Arc<model::Node>,
}

impl Shown for ClusterNode {
    type Model = model::Node;
    const TYPE: &'static str = "ClusterNode";

    fn sources(cluster: &Cluster) -> &[Arc<Source<model::Node>>] {
        std::slice::from_ref(&cluster.nodes)
    }

    fn new(cluster: Arc<Cluster>, node: Arc<model::Node>) -> Self {
        Self {
            id: id::<Self>(&cluster, &node.key()),
            cluster,
            node,
        }
    }
}

/// Something that a node says is wrong.
#[derive(SimpleObject)]
pub struct NodeCondition {
    /// What, such as `NotReady`, `MemoryPressure` or `DiskPressure`.
    kind: String,
    /// Since when.
    since: DateTime<Utc>,
    /// Why, in one word.
    reason: String,
    /// Why, in a sentence.
    message: String,
}

impl NodeCondition {
    fn new(kind: &str, said: &model::Said) -> Self {
        Self {
            kind: kind.to_owned(),
            since: said.since,
            reason: said.reason.to_string(),
            message: said.message.to_string(),
        }
    }
}

/// A node of a cluster, as it is now or was last known.
#[Object]
impl ClusterNode {
    /// Opaque id.
    pub async fn id(&self) -> &ID {
        &self.id
    }

    /// Name of the cluster.
    async fn cluster(&self) -> &str {
        &self.cluster.name
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.node.name
    }

    /// How it fares.
    async fn health(&self) -> Health {
        nodes::health(&self.node)
    }

    /// True while it answers; null when it never said.
    async fn ready(&self) -> Option<bool> {
        self.node.ready.as_ref().map(|said| said.holds)
    }

    /// True while nothing new is put on it.
    async fn cordoned(&self) -> bool {
        self.node.cordoned
    }

    /// What is wrong with it; empty while all is well.
    async fn conditions(&self) -> Vec<NodeCondition> {
        let not_ready = self.node.ready.iter().filter(|said| !said.holds);
        not_ready
            .map(|said| NodeCondition::new("NotReady", said))
            .chain(
                self.node
                    .pressures
                    .iter()
                    .map(|(kind, said)| NodeCondition::new(kind, said)),
            )
            .collect()
    }

    /// What it is for, such as `control-plane`; empty for one that is for anything.
    async fn roles(&self) -> Vec<&str> {
        self.node.roles.iter().map(|role| &**role).collect()
    }

    /// Version of its kubelet.
    async fn version(&self) -> &str {
        &self.node.version
    }

    /// Operating system.
    async fn os_image(&self) -> &str {
        &self.node.os_image
    }

    /// Kind of machine, such as `arm64`.
    async fn architecture(&self) -> &str {
        &self.node.architecture
    }

    /// Address inside the cluster.
    async fn address(&self) -> Option<&str> {
        self.node.address.as_deref()
    }

    /// Processors that its pods may use.
    async fn cpu(&self) -> f64 {
        self.node.allocatable.cpu_milli as f64 / 1_000.0
    }

    /// Bytes of memory that its pods may use.
    async fn memory_bytes(&self) -> f64 {
        self.node.allocatable.memory as f64
    }

    /// Most pods it may hold.
    async fn max_pods(&self) -> i32 {
        i32::try_from(self.node.allocatable.pods).unwrap_or(i32::MAX)
    }

    /// Pods that are on it.
    #[graphql(complexity = "10")]
    async fn pod_count(&self) -> i32 {
        let pods = self.cluster.pods.read();
        let here = pods
            .objects()
            .filter(|pod| pod.node.as_deref() == Some(&*self.node.name));
        i32::try_from(here.count()).unwrap_or(i32::MAX)
    }

    /// When it joined.
    async fn created_at(&self) -> DateTime<Utc> {
        self.node.created_at
    }

    /// Its open incident; null when there is none.
    async fn incident(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Incident>> {
        let hit = |finding: &Finding| {
            let key = &finding.key;
            key.cluster == self.cluster.name && key.owner == nodes::owner(&self.node.name)
        };
        incident(ctx, hit).await
    }
}

/// Which nodes to list; all conditions hold.
#[derive(InputObject, Clone, Default)]
pub struct NodeFilter {
    /// Only of this cluster.
    cluster: Option<String>,
    /// Only with this text in their name, in any case.
    text: Option<String>,
    /// Only those that fare like this.
    health: Option<Vec<Health>>,
}

impl NodeFilter {
    /// True for a node that is to be listed.
    pub fn fits(&self, cluster: &Cluster, node: &model::Node) -> bool {
        wants(self.cluster.as_ref(), &cluster.name)
            && mentions(self.text.as_ref(), &node.name)
            && self
                .health
                .as_ref()
                .is_none_or(|all| all.contains(&nodes::health(node)))
    }
}

/// What to sort nodes by.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum NodeOrderField {
    /// How they fare, worst first.
    Health,
    /// Name.
    Name,
    /// When they joined.
    CreatedAt,
}

/// How to sort nodes; those that are equal come by namespace and name.
#[derive(InputObject)]
pub struct NodeOrder {
    /// What to sort by.
    field: NodeOrderField,
    /// Direction.
    direction: OrderDirection,
}

fn key(field: NodeOrderField, node: &model::Node) -> SortKey {
    let first = match field {
        NodeOrderField::Health => format!("{}", nodes::health(node) as u8),
        NodeOrderField::Name => String::new(),
        NodeOrderField::CreatedAt => node.created_at.to_rfc3339(),
    };
    (first, String::new(), node.name.to_string(), String::new())
}

/// Nodes: queries.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Nodes of all watched clusters, worst first unless told otherwise.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "a connection's arguments")]
    async fn cluster_nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which nodes to list.")] filter: Option<NodeFilter>,
        #[graphql(desc = "How to sort them.")] order_by: Option<NodeOrder>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, ClusterNode, Seen>> {
        let filter = filter.unwrap_or_default();
        let order = order_by.unwrap_or(NodeOrder {
            field: NodeOrderField::Health,
            direction: OrderDirection::Asc,
        });
        let args = PageArgs {
            first,
            after,
            last,
            before,
        };
        let fits = |cluster: &Cluster, node: &model::Node, _| filter.fits(cluster, node);
        list(ctx, args, order.direction, fits, |node| {
            key(order.field, node)
        })
    }
}
