//! Clusters: watched, kept small, and told truthfully.
//!
//! `watch` lists and follows each kind of object; `project` keeps the little we need of it; a `Source` holds the objects
//! (`index`) and whether they can be believed. `problems` and `certificates` say what is wrong *now*; `observe` joins that
//! with how every owner fares; `reconcile` hands it to the alerts room, poked by changes and every few seconds.
//! Queries and live streams read the sources, never the database.
//!
//! A source that was not listed completely, or that does not answer, says nothing about health: nothing opens, and
//! nothing recovers, for lack of data.

pub mod certificates;
pub mod connect;
pub mod demo;
pub mod graphql;
pub mod index;
pub mod model;
pub mod observe;
pub mod owners;
pub mod pages;
pub mod problems;
pub mod project;
pub mod reconcile;
pub mod source;
pub mod status;
pub mod watch;

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use chrono::{DateTime, Utc};

use self::{
    index::Keyed,
    model::{Certificate, Node, Pod, Route, Workload},
    source::{Source, Status},
};
use crate::alerts::finding::Owner;

impl Keyed for Pod {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.uid)
    }
}

impl Keyed for Certificate {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.uid)
    }
}

impl Keyed for Route {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.uid)
    }
}

impl Keyed for Node {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }
}

impl Keyed for Workload {
    /// By name, because owner references are looked up by it.
    fn key(&self) -> Arc<str> {
        workload_key(&self.namespace, &self.owner)
    }
}

fn workload_key(namespace: &str, owner: &Owner) -> Arc<str> {
    format!("{namespace}/{}/{}", owner.kind, owner.name).into()
}

/// One watched cluster.
pub struct Cluster {
    /// Its name: the kubeconfig context, `in-cluster`, or `demo`.
    pub name: String,
    /// True for the built-in one.
    pub demo: bool,
    /// Kubernetes' version, once it was asked.
    pub version: ArcSwapOption<String>,
    /// Pods.
    pub pods: Arc<Source<Pod>>,
    /// Nodes.
    pub nodes: Arc<Source<Node>>,
    /// What owns pods, one source a kind.
    pub workloads: Vec<Arc<Source<Workload>>>,
    /// cert-manager's certificates.
    pub certificates: Arc<Source<Certificate>>,
    /// Ingresses, as far as they may be pages.
    pub ingresses: Arc<Source<Route>>,
    /// The Gateway API's HTTPRoutes, likewise.
    pub http_routes: Arc<Source<Route>>,
}

impl Cluster {
    /// A cluster nobody has looked at yet.
    pub fn new(name: String, demo: bool, now: DateTime<Utc>) -> Self {
        let kinds = [
            "deployments",
            "replicasets",
            "statefulsets",
            "daemonsets",
            "jobs",
            "cronjobs",
        ];
        Self {
            name,
            demo,
            version: ArcSwapOption::empty(),
            pods: Source::new("pods", now),
            nodes: Source::new("nodes", now),
            workloads: kinds.map(|kind| Source::new(kind, now)).to_vec(),
            certificates: Source::new("certificates", now),
            ingresses: Source::new("ingresses", now),
            http_routes: Source::new("httproutes", now),
        }
    }

    /// Every source's kind and state.
    pub fn statuses(&self) -> Vec<(&'static str, Status)> {
        let mut all = vec![
            (self.pods.kind, self.pods.status()),
            (self.nodes.kind, self.nodes.status()),
        ];
        all.extend(
            self.workloads
                .iter()
                .map(|source| (source.kind, source.status())),
        );
        all.push((self.certificates.kind, self.certificates.status()));
        all.push((self.ingresses.kind, self.ingresses.status()));
        all.push((self.http_routes.kind, self.http_routes.status()));
        all
    }

    /// A workload by owner reference.
    pub fn workload(&self, namespace: &str, owner: &Owner) -> Option<Arc<Workload>> {
        let key = workload_key(namespace, owner);
        self.workloads
            .iter()
            .find_map(|source| source.read().get(&key).cloned())
    }

    /// What a pod belongs to, at the root of the owner chain.
    pub fn root_owner(&self, pod: &Pod) -> Owner {
        owners::root(pod, |namespace, owner| self.workload(namespace, owner))
    }
}

/// All watched clusters. Cloning is cheap.
#[derive(Clone, Default)]
pub struct Clusters(Arc<Vec<Arc<Cluster>>>);

impl Clusters {
    /// These clusters.
    pub fn new(clusters: Vec<Arc<Cluster>>) -> Self {
        Self(Arc::new(clusters))
    }

    /// All of them.
    pub fn all(&self) -> &[Arc<Cluster>] {
        &self.0
    }

    /// One by name, or the first.
    pub fn find(&self, name: Option<&str>) -> Option<&Arc<Cluster>> {
        match name {
            None => self.0.first(),
            Some(name) => self.0.iter().find(|cluster| cluster.name == name),
        }
    }

    /// True when the built-in demo is shown.
    pub fn is_demo(&self) -> bool {
        self.0.iter().any(|cluster| cluster.demo)
    }

    /// A pod by uid, with its cluster.
    pub fn find_pod(&self, uid: &str) -> Option<(Arc<Cluster>, Arc<Pod>)> {
        self.0.iter().find_map(|cluster| {
            let pod = cluster.pods.read().get(uid).cloned()?;
            Some((Arc::clone(cluster), pod))
        })
    }

    /// A certificate by uid, with its cluster.
    pub fn find_certificate(&self, uid: &str) -> Option<(Arc<Cluster>, Arc<Certificate>)> {
        self.0.iter().find_map(|cluster| {
            let certificate = cluster.certificates.read().get(uid).cloned()?;
            Some((Arc::clone(cluster), certificate))
        })
    }
}
