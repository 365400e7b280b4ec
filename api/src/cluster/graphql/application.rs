//! Argo CD's applications in the schema.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};

use super::{
    super::{
        Cluster, applications,
        index::Keyed,
        model::{self, Health},
        source::Source,
    },
    OrderDirection, Seen, SortKey,
    object::{Shown, id, incident, list, mentions, wants},
};
use crate::{
    alerts::{finding::Finding, graphql::Incident},
    graphql::{PageArgs, page::price},
};

/// An application that Argo CD deploys, as it is now or was last known.
#[derive(Clone)]
pub struct Application {
    id: ID,
    cluster: Arc<Cluster>,
    application: Arc<model::Application>,
}

impl Shown for Application {
    type Model = model::Application;
    const TYPE: &'static str = "Application";

    fn sources(cluster: &Cluster) -> &[Arc<Source<model::Application>>] {
        std::slice::from_ref(&cluster.applications)
    }

    fn new(cluster: Arc<Cluster>, application: Arc<model::Application>) -> Self {
        Self {
            id: id::<Self>(&cluster, &application.key()),
            cluster,
            application,
        }
    }
}

/// Something Argo CD finds wrong with an application.
#[derive(SimpleObject)]
pub struct ApplicationCondition {
    /// Kind, such as `ComparisonError`.
    kind: String,
    /// What Argo CD says.
    message: String,
    /// Since when, where Argo CD says so.
    since: Option<DateTime<Utc>>,
}

/// An attempt of Argo CD to make the cluster what the repository says.
#[derive(SimpleObject)]
pub struct ApplicationSync {
    /// `Running`, `Succeeded`, `Failed`, `Error` or `Terminating`.
    phase: String,
    /// What Argo CD says.
    message: String,
    /// When it began.
    started_at: Option<DateTime<Utc>>,
    /// When it ended.
    finished_at: Option<DateTime<Utc>>,
}

/// An application that Argo CD deploys, as it is now or was last known.
#[Object]
impl Application {
    /// Opaque id.
    pub async fn id(&self) -> &ID {
        &self.id
    }

    /// Name of the cluster.
    async fn cluster(&self) -> &str {
        &self.cluster.name
    }

    /// Namespace it is defined in.
    async fn namespace(&self) -> &str {
        &self.application.namespace
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.application.name
    }

    /// How it fares, all together.
    async fn health(&self) -> Health {
        applications::health(&self.application)
    }

    /// Argo CD's word for its health, such as `Degraded`.
    async fn health_status(&self) -> &str {
        &self.application.health
    }

    /// Argo CD's word for its sync: `Synced`, `OutOfSync` or `Unknown`.
    async fn sync_status(&self) -> &str {
        &self.application.sync
    }

    /// What Argo CD says about its health; null when it says nothing.
    async fn message(&self) -> Option<&str> {
        self.application.health_message.as_deref()
    }

    /// Repository its manifests come from.
    async fn repository(&self) -> Option<&str> {
        self.application.repository.as_deref()
    }

    /// Path in the repository, or name of the chart.
    async fn path(&self) -> Option<&str> {
        self.application.path.as_deref()
    }

    /// Branch, tag or version it follows.
    async fn target_revision(&self) -> Option<&str> {
        self.application.target.as_deref()
    }

    /// Commit that is deployed.
    async fn revision(&self) -> Option<&str> {
        self.application.revision.as_deref()
    }

    /// Namespace it is deployed to.
    async fn destination_namespace(&self) -> Option<&str> {
        self.application.destination.as_deref()
    }

    /// Its last sync; null before the first.
    async fn last_sync(&self) -> Option<ApplicationSync> {
        let sync = self.application.operation.as_ref()?;
        Some(ApplicationSync {
            phase: sync.phase.to_string(),
            message: sync.message.to_string(),
            started_at: sync.started_at,
            finished_at: sync.finished_at,
        })
    }

    /// What Argo CD finds wrong with it.
    async fn conditions(&self) -> Vec<ApplicationCondition> {
        let conditions = self.application.conditions.iter();
        conditions
            .map(|condition| ApplicationCondition {
                kind: condition.kind.to_string(),
                message: condition.message.to_string(),
                since: condition.since,
            })
            .collect()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.application.created_at
    }

    /// Its open incident; null when there is none.
    async fn incident(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Incident>> {
        let owner = applications::owner(&self.application);
        let hit = |finding: &Finding| {
            let key = &finding.key;
            key.cluster == self.cluster.name
                && key.namespace.as_deref() == Some(&*self.application.namespace)
                && key.owner == owner
        };
        incident(ctx, hit).await
    }
}

/// Which applications to list; all conditions hold.
#[derive(InputObject, Clone, Default)]
pub struct ApplicationFilter {
    /// Only of this cluster.
    cluster: Option<String>,
    /// Only deployed to this namespace.
    namespace: Option<String>,
    /// Only with this text in their name, in any case.
    text: Option<String>,
    /// Only those that fare like this.
    health: Option<Vec<Health>>,
}

impl ApplicationFilter {
    /// True for an application that is to be listed.
    pub fn fits(&self, cluster: &Cluster, application: &model::Application) -> bool {
        wants(self.cluster.as_ref(), &cluster.name)
            && wants(
                self.namespace.as_ref(),
                application.destination.as_deref().unwrap_or_default(),
            )
            && mentions(self.text.as_ref(), &application.name)
            && self
                .health
                .as_ref()
                .is_none_or(|all| all.contains(&applications::health(application)))
    }
}

/// What to sort applications by.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum ApplicationOrderField {
    /// How they fare, worst first.
    Health,
    /// Name.
    Name,
}

/// How to sort applications; those that are equal come by namespace and name.
#[derive(InputObject)]
pub struct ApplicationOrder {
    /// What to sort by.
    field: ApplicationOrderField,
    /// Direction.
    direction: OrderDirection,
}

fn key(field: ApplicationOrderField, application: &model::Application) -> SortKey {
    let first = match field {
        ApplicationOrderField::Health => format!("{}", applications::health(application) as u8),
        ApplicationOrderField::Name => String::new(),
    };
    let name = application.name.to_string();
    let uid = application.uid.to_string();
    (first, name, application.namespace.to_string(), uid)
}

/// Applications: queries.
#[derive(Default)]
pub struct ApplicationQuery;

#[Object]
impl ApplicationQuery {
    /// Argo CD's applications in all watched clusters, worst first unless told otherwise.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "a connection's arguments")]
    async fn applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which applications to list.")] filter: Option<ApplicationFilter>,
        #[graphql(desc = "How to sort them.")] order_by: Option<ApplicationOrder>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Application, Seen>> {
        let filter = filter.unwrap_or_default();
        let order = order_by.unwrap_or(ApplicationOrder {
            field: ApplicationOrderField::Health,
            direction: OrderDirection::Asc,
        });
        let args = PageArgs {
            first,
            after,
            last,
            before,
        };
        let fits = |cluster: &Cluster, application: &model::Application, _| {
            filter.fits(cluster, application)
        };
        list(ctx, args, order.direction, fits, |application| {
            key(order.field, application)
        })
    }
}
