//! Services in the schema.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, connection::Connection};

use super::{
    super::{Cluster, index::Keyed, model, source::Source},
    OrderDirection, Seen, SortKey,
    object::{Shown, id, list, mentions, wants},
};
use crate::graphql::{PageArgs, page::price};

/// A Service: a name and an address for a set of pods.
#[derive(Clone)]
pub struct Service {
    id: ID,
    cluster: Arc<Cluster>,
    service: Arc<model::Service>,
}

impl Shown for Service {
    type Model = model::Service;
    const TYPE: &'static str = "Service";

    fn sources(cluster: &Cluster) -> &[Arc<Source<model::Service>>] {
        std::slice::from_ref(&cluster.services)
    }

    fn new(cluster: Arc<Cluster>, service: Arc<model::Service>) -> Self {
        Self {
            id: id::<Self>(&cluster, &service.key()),
            cluster,
            service,
        }
    }
}

/// A port of a Service.
#[derive(SimpleObject)]
pub struct ServicePort {
    /// Port.
    port: i32,
    /// Port on every node; null when there is none.
    node_port: Option<i32>,
    /// `TCP`, `UDP` or `SCTP`.
    protocol: String,
}

/// A Service: a name and an address for a set of pods.
#[Object]
impl Service {
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
        &self.service.namespace
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.service.name
    }

    /// `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.
    async fn kind(&self) -> &str {
        &self.service.kind
    }

    /// Address inside the cluster; null when it has none.
    async fn cluster_ip(&self) -> Option<&str> {
        self.service.cluster_ip.as_deref()
    }

    /// Addresses and names that lead to it from outside.
    async fn external_addresses(&self) -> Vec<&str> {
        self.service.external.iter().map(|name| &**name).collect()
    }

    /// Its ports.
    async fn ports(&self) -> Vec<ServicePort> {
        let ports = self.service.ports.iter();
        ports
            .map(|port| ServicePort {
                port: port.port,
                node_port: port.node_port,
                protocol: port.protocol.to_string(),
            })
            .collect()
    }
}

/// Which services to list; all conditions hold.
#[derive(InputObject, Clone, Default)]
pub struct ServiceFilter {
    /// Only of this cluster.
    cluster: Option<String>,
    /// Only of this namespace.
    namespace: Option<String>,
    /// Only of these kinds, such as `LoadBalancer`.
    kinds: Option<Vec<String>>,
    /// Only with this text in their name, in any case.
    text: Option<String>,
}

impl ServiceFilter {
    /// True for a service that is to be listed.
    pub fn fits(&self, cluster: &Cluster, service: &model::Service) -> bool {
        let is_kind = |kinds: &Vec<String>| kinds.iter().any(|kind| **kind == *service.kind);
        wants(self.cluster.as_ref(), &cluster.name)
            && wants(self.namespace.as_ref(), &service.namespace)
            && self.kinds.as_ref().is_none_or(is_kind)
            && mentions(self.text.as_ref(), &service.name)
    }
}

/// What to sort services by.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum ServiceOrderField {
    /// Namespace.
    Namespace,
    /// Name.
    Name,
    /// Kind.
    Kind,
}

/// How to sort services; those that are equal come by namespace and name.
#[derive(InputObject)]
pub struct ServiceOrder {
    /// What to sort by.
    field: ServiceOrderField,
    /// Direction.
    direction: OrderDirection,
}

fn key(field: ServiceOrderField, service: &model::Service) -> SortKey {
    let (namespace, name) = (service.namespace.to_string(), service.name.to_string());
    let uid = service.uid.to_string();
    match field {
        ServiceOrderField::Namespace => (String::new(), namespace, name, uid),
        ServiceOrderField::Name => (String::new(), name, namespace, uid),
        ServiceOrderField::Kind => (service.kind.to_string(), namespace, name, uid),
    }
}

/// Services: queries.
#[derive(Default)]
pub struct ServiceQuery;

#[Object]
impl ServiceQuery {
    /// Services of all watched clusters.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "a connection's arguments")]
    async fn services(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which services to list.")] filter: Option<ServiceFilter>,
        #[graphql(desc = "How to sort them.")] order_by: Option<ServiceOrder>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Service, Seen>> {
        let filter = filter.unwrap_or_default();
        let order = order_by.unwrap_or(ServiceOrder {
            field: ServiceOrderField::Namespace,
            direction: OrderDirection::Asc,
        });
        let args = PageArgs {
            first,
            after,
            last,
            before,
        };
        let fits = |cluster: &Cluster, service: &model::Service, _| filter.fits(cluster, service);
        list(ctx, args, order.direction, fits, |service| {
            key(order.field, service)
        })
    }
}
