//! Clusters: watched, kept small, and told truthfully.
//!
//! `follow` starts a `watch` for each kind of object, which lists and follows it; `project` keeps the little we need of it; a `Source` holds the objects
//! (`index`) and whether they can be believed. `problems` and `certificates` say what is wrong *now*; `observe` joins that
//! with how every owner fares; `reconcile` hands it to the alerts room, poked by changes and every few seconds.
//! Queries and live streams read the sources, never the database.
//!
//! A source that was not listed completely, or that does not answer, says nothing about health: nothing opens, and
//! nothing recovers, for lack of data.

pub mod applications;
pub mod certificates;
pub mod connect;
pub mod demo;
pub mod diagnose;
pub mod follow;
pub mod graphql;
pub mod hosts;
pub mod index;
pub mod logs;
pub mod model;
pub mod needs;
pub mod nodes;
pub mod observe;
pub mod owners;
pub mod pages;
pub mod problems;
pub mod project;
pub mod reconcile;
pub mod registry;
pub mod server;
pub mod source;
pub mod status;
pub mod watch;

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use chrono::{DateTime, TimeDelta, Utc};
use kube::Client;
use tokio::sync::watch::{Receiver, Sender};

use self::{
    model::{
        Application, Certificate, Event, Host, Issuing, Namespace, Node, Pod, Route, Service,
        Workload,
    },
    server::About,
    source::{Source, Status, Watched},
};
use crate::alerts::finding::Owner;

/// Kinds of workloads, as Kubernetes names the resources.
const WORKLOADS: [&str; 6] = [
    "deployments",
    "replicasets",
    "statefulsets",
    "daemonsets",
    "jobs",
    "cronjobs",
];
/// Kinds of steps on the way to a certificate.
const ISSUING: [&str; 3] = ["certificaterequests", "orders", "challenges"];

/// One watched cluster.
pub struct Cluster {
    /// Its name: the kubeconfig context, `in-cluster`, or `demo`.
    pub name: String,
    /// True for the built-in one.
    pub demo: bool,
    /// The way to it; `None` when its kubeconfig is broken.
    pub client: Option<Client>,
    /// What its server says of itself, once it was asked.
    pub about: ArcSwapOption<About>,
    /// Pods.
    pub pods: Arc<Source<Pod>>,
    /// Nodes.
    pub nodes: Arc<Source<Node>>,
    /// Namespaces.
    pub namespaces: Arc<Source<Namespace>>,
    /// What owns pods, one source a kind.
    pub workloads: [Arc<Source<Workload>>; 6],
    /// What components say about objects.
    pub events: Arc<Source<Event>>,
    /// Services.
    pub services: Arc<Source<Service>>,
    /// Ingresses.
    pub ingresses: Arc<Source<Route>>,
    /// The Gateway API's HTTPRoutes.
    pub http_routes: Arc<Source<Route>>,
    /// The Gateway API's Gateways.
    pub gateways: Arc<Source<Route>>,
    /// cert-manager's certificates.
    pub certificates: Arc<Source<Certificate>>,
    /// Steps on the way to a certificate, one source a kind.
    pub issuing: [Arc<Source<Issuing>>; 3],
    /// Argo CD's applications.
    pub applications: Arc<Source<Application>>,
    /// What is served over TLS; looked at by Porthole itself.
    pub hosts: Arc<Source<Host>>,
    /// Tells that somebody wants all hosts looked at now.
    pub look_at_hosts: Sender<u64>,
}

impl Cluster {
    /// A cluster nobody has looked at yet.
    pub fn new(name: String, demo: bool, client: Option<Client>, now: DateTime<Utc>) -> Self {
        Self {
            name,
            demo,
            client,
            about: ArcSwapOption::empty(),
            pods: Source::new("pods", now),
            nodes: Source::new("nodes", now),
            namespaces: Source::new("namespaces", now),
            workloads: WORKLOADS.map(|kind| Source::new(kind, now)),
            events: Source::new("events", now),
            services: Source::new("services", now),
            ingresses: Source::new("ingresses", now),
            http_routes: Source::new("httproutes", now),
            gateways: Source::new("gateways", now),
            certificates: Source::new("certificates", now),
            issuing: ISSUING.map(|kind| Source::new(kind, now)),
            applications: Source::new("applications", now),
            hosts: Source::new("hosts", now),
            look_at_hosts: Sender::new(0),
        }
    }

    /// Every source.
    pub fn sources(&self) -> Vec<Arc<dyn Watched>> {
        let mut all: Vec<Arc<dyn Watched>> = vec![
            Arc::clone(&self.pods) as _,
            Arc::clone(&self.nodes) as _,
            Arc::clone(&self.namespaces) as _,
        ];
        all.extend(self.workloads.iter().map(|source| Arc::clone(source) as _));
        all.extend([
            Arc::clone(&self.events) as Arc<dyn Watched>,
            Arc::clone(&self.services) as _,
            Arc::clone(&self.ingresses) as _,
            Arc::clone(&self.http_routes) as _,
            Arc::clone(&self.gateways) as _,
            Arc::clone(&self.certificates) as _,
        ]);
        all.extend(self.issuing.iter().map(|source| Arc::clone(source) as _));
        all.push(Arc::clone(&self.applications) as _);
        all.push(Arc::clone(&self.hosts) as _);
        all
    }

    /// Wakes whenever something changed that a problem can be seen in. Events are not among that: they may be lost.
    pub fn changes(&self) -> Vec<Receiver<u64>> {
        let sources = self.sources();
        let telling = sources.iter().filter(|s| s.kind() != self.events.kind);
        telling.map(|source| source.changes()).collect()
    }

    /// Every source's kind and state.
    pub fn statuses(&self) -> Vec<(&'static str, Status)> {
        let sources = self.sources();
        sources.iter().map(|s| (s.kind(), s.status())).collect()
    }

    /// How far its clock is ahead of ours; `None` before it answered.
    pub fn ahead(&self) -> Option<TimeDelta> {
        self.about.load().as_deref().map(|about| about.ahead)
    }

    /// A workload by owner reference.
    pub fn workload(&self, namespace: &str, owner: &Owner) -> Option<Arc<Workload>> {
        let key = Workload::key_of(namespace, &owner.kind, &owner.name);
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
}
