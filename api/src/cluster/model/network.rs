//! What leads into the cluster.

use std::sync::Arc;

use crate::{cluster::index::Keyed, pages::discovery::Found};

/// An Ingress, an HTTPRoute or a Gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Kubernetes' uid.
    pub uid: Arc<str>,
    /// Kind and place, such as `Ingress photos/photos`.
    pub source: Box<str>,
    /// Hosts it answers for over TLS; none of them a wildcard.
    pub secure_hosts: Vec<Box<str>>,
    /// The page it says it is.
    pub page: Option<Found>,
}

impl Keyed for Route {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.uid)
    }
}

/// A Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Kubernetes' uid.
    pub uid: Arc<str>,
    /// Namespace.
    pub namespace: Arc<str>,
    /// Name.
    pub name: Arc<str>,
    /// `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.
    pub kind: Arc<str>,
    /// Address inside the cluster; `None` for a headless one.
    pub cluster_ip: Option<Box<str>>,
    /// Addresses and names that lead to it from outside.
    pub external: Vec<Box<str>>,
    /// Its ports.
    pub ports: Vec<Port>,
}

/// A port of a Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Port.
    pub port: i32,
    /// Port on every node.
    pub node_port: Option<i32>,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: Arc<str>,
}

impl Keyed for Service {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.uid)
    }
}
