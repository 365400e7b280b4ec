//! Clusters and their sources in the schema.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};

use entity::user_right::Right;

use super::super::{
    Clusters, diagnose,
    model::Health,
    needs::{self, Held},
    source::{SourceState, Status},
};
use crate::{
    alerts::diagnosis::{Diagnosis as Kind, graphql::Diagnosis},
    app::App,
    graphql::live::Freshness,
    locale::Text,
    viewer::ViewerExt,
};

/// A watched cluster.
pub struct Cluster(Arc<super::super::Cluster>);

/// One kind of object of a cluster, and whether what is shown of it can be believed.
#[derive(SimpleObject)]
pub struct Source {
    /// Resource as Kubernetes names it, such as `pods`.
    kind: String,
    /// How it stands.
    state: SourceState,
    /// Since when.
    since: DateTime<Utc>,
    /// What is wrong and what to do; null while all is well.
    message: Option<String>,
}

impl From<(&'static str, Status)> for Source {
    fn from((kind, status): (&'static str, Status)) -> Self {
        Self {
            kind: kind.to_owned(),
            state: status.state,
            since: status.since,
            message: status.message.as_ref().map(Text::told),
        }
    }
}

/// A watched cluster.
#[Object]
impl Cluster {
    /// The kubeconfig's context, `in-cluster`, or `demo`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// True for the built-in demo cluster.
    async fn demo(&self) -> bool {
        self.0.demo
    }

    /// Kubernetes' version; null before the cluster answered.
    async fn version(&self) -> Option<String> {
        let about = self.0.about.load();
        about.as_deref().and_then(|about| about.version.clone())
    }

    /// Seconds that the cluster's clock is ahead of Porthole's, negative when it is behind; 0 when they agree to half a
    /// minute. The cluster's times are compared by its own clock. Null before the cluster answered.
    async fn clock_ahead(&self) -> Option<i32> {
        let ahead = self.0.ahead()?.num_seconds();
        Some(i32::try_from(ahead).unwrap_or(i32::MAX))
    }

    /// True while the cluster answers.
    async fn reachable(&self) -> bool {
        matches!(
            self.0.pods.status().state,
            SourceState::Live | SourceState::Forbidden
        )
    }

    /// How old its pods are.
    async fn freshness(&self, ctx: &Context<'_>) -> Freshness {
        self.0
            .pods
            .freshness(ctx.data_unchecked::<App>().clock.now())
    }

    /// Each kind of object that is watched.
    async fn sources(&self) -> Vec<Source> {
        self.0.statuses().into_iter().map(Source::from).collect()
    }

    /// Number of pods; null before they were listed.
    async fn pod_count(&self) -> Option<i32> {
        let pods = self.0.pods.read();
        pods.is_synced()
            .then(|| i32::try_from(pods.len()).unwrap_or(i32::MAX))
    }

    /// Names of its nodes.
    async fn node_names(&self) -> Vec<String> {
        let nodes = self.0.nodes.read();
        let mut names: Vec<String> = nodes.objects().map(|node| node.name.to_string()).collect();
        names.sort();
        names
    }

    /// Names of its namespaces: those that are listed, and those that pods say they are in.
    async fn namespaces(&self) -> Vec<String> {
        let listed = self.0.namespaces.read();
        let mut names: BTreeSet<String> = listed.objects().map(|n| n.0.to_string()).collect();
        let pods = self.0.pods.read();
        names.extend(pods.objects().map(|pod| pod.namespace.to_string()));
        names.into_iter().collect()
    }

    /// The rights that Porthole can use in this cluster, and whether it has them; empty while the cluster does not answer.
    #[graphql(complexity = "50")]
    async fn rights(&self) -> Vec<ClusterRight> {
        let Some(client) = &self.0.client else {
            return Vec::new();
        };
        let held = needs::check(client).await;
        held.into_iter().map(ClusterRight::from).collect()
    }

    /// What looks broken here and is not, with the objects that it is about.
    async fn hints(&self) -> Vec<ClusterHint> {
        let balancers = diagnose::local_load_balancers(&self.0);
        let local = (!balancers.is_empty()).then_some(ClusterHint {
            diagnosis: Diagnosis(Kind::LoadBalancerLocalhost),
            objects: balancers,
        });
        local.into_iter().collect()
    }

    /// How many pods fare how; kinds that no pod is of are left out.
    async fn pod_health(&self) -> Vec<HealthCount> {
        let pods = self.0.pods.read();
        let mut counts: BTreeMap<Health, i32> = BTreeMap::new();
        for pod in pods.objects() {
            *counts.entry(pod.health).or_default() += 1;
        }
        counts
            .into_iter()
            .map(|(health, count)| HealthCount { health, count })
            .collect()
    }
}

/// Something that looks broken and is not.
#[derive(SimpleObject)]
pub struct ClusterHint {
    /// What it is.
    diagnosis: Diagnosis,
    /// The objects, as `namespace/name`.
    objects: Vec<String>,
}

/// A right that Porthole can use in a cluster.
#[derive(SimpleObject)]
pub struct ClusterRight {
    /// API group; empty for the core group.
    group: String,
    /// Resource, such as `pods`.
    resource: String,
    /// Verb, such as `list`.
    verb: String,
    /// Whether Porthole has it; null when the cluster does not say.
    granted: Option<bool>,
    /// True when only what it is for is missed without it.
    optional: bool,
}

impl From<Held> for ClusterRight {
    fn from(held: Held) -> Self {
        Self {
            group: held.need.group.to_owned(),
            resource: held.need.resource.to_owned(),
            verb: held.verb.to_owned(),
            granted: held.granted,
            optional: held.need.optional,
        }
    }
}

/// How many objects fare like this.
#[derive(SimpleObject)]
pub struct HealthCount {
    /// How they fare.
    health: Health,
    /// How many.
    count: i32,
}

/// Clusters: queries.
#[derive(Default)]
pub struct ClusterQuery;

#[Object]
impl ClusterQuery {
    /// All watched clusters.
    async fn clusters(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Cluster>> {
        ctx.with(Right::ClusterView)?;
        let all = ctx.data_unchecked::<Clusters>().all();
        Ok(all
            .iter()
            .map(|cluster| Cluster(Arc::clone(cluster)))
            .collect())
    }

    /// One watched cluster; null when there is none of this name.
    async fn cluster(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its name; without one, the first.")] name: Option<String>,
    ) -> async_graphql::Result<Option<Cluster>> {
        ctx.with(Right::ClusterView)?;
        let found = ctx.data_unchecked::<Clusters>().find(name.as_deref());
        Ok(found.map(|cluster| Cluster(Arc::clone(cluster))))
    }
}
