//! What hosts serve over TLS, in the schema.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};
use entity::user_right::Right;

use super::{
    super::{
        Cluster, Clusters, hosts,
        index::Keyed,
        model::{self, Health},
        source::Source,
    },
    OrderDirection, Seen, SortKey,
    object::{Shown, id, incident, list, mentions, wants},
};
use crate::{
    alerts::{finding::Finding, graphql::Incident},
    app::App,
    graphql::{PageArgs, page::price},
    viewer::ViewerExt,
};

/// A host that people reach over TLS, and what it really served when Porthole last looked.
#[derive(Clone)]
pub struct Host {
    id: ID,
    cluster: Arc<Cluster>,
    host: Arc<model::Host>,
}

impl Shown for Host {
    type Model = model::Host;
    const TYPE: &'static str = "Host";

    fn sources(cluster: &Cluster) -> &[Arc<Source<model::Host>>] {
        std::slice::from_ref(&cluster.hosts)
    }

    fn new(cluster: Arc<Cluster>, host: Arc<model::Host>) -> Self {
        Self {
            id: id::<Self>(&cluster, &host.key()),
            cluster,
            host,
        }
    }
}

/// A certificate as a host serves it.
#[derive(SimpleObject)]
pub struct ServedCertificate {
    /// Start of its life.
    not_before: DateTime<Utc>,
    /// End of its life.
    not_after: DateTime<Utc>,
    /// Names it is for.
    dns_names: Vec<String>,
    /// Who signed it.
    issuer: String,
    /// True when it is for this host.
    fits: bool,
    /// True when the machine Porthole runs on trusts it; private authorities may be trusted elsewhere.
    trusted: bool,
    /// True for the certificate that an ingress controller makes up when it has none.
    placeholder: bool,
}

/// A host that people reach over TLS, and what it really served when Porthole last looked.
#[Object]
impl Host {
    /// Opaque id.
    pub async fn id(&self) -> &ID {
        &self.id
    }

    /// Name of the cluster that looks at it.
    async fn cluster(&self) -> &str {
        &self.cluster.name
    }

    /// Its name, with its port where that is not 443.
    async fn name(&self) -> &str {
        &self.host.name
    }

    /// Who says that it is there: Ingresses, Gateways and pages.
    async fn sources(&self) -> Vec<&str> {
        self.host.sources.iter().map(|source| &**source).collect()
    }

    /// When Porthole last looked; null before the first time.
    async fn checked_at(&self) -> Option<DateTime<Utc>> {
        self.host.checked_at
    }

    /// What it served; null when it did not answer.
    async fn certificate(&self) -> Option<ServedCertificate> {
        let leaf = self.host.found.as_ref()?.as_ref().ok()?;
        Some(ServedCertificate {
            not_before: leaf.not_before,
            not_after: leaf.not_after,
            dns_names: leaf.names.iter().map(ToString::to_string).collect(),
            issuer: leaf.issuer.to_string(),
            fits: leaf.fits,
            trusted: leaf.trusted,
            placeholder: leaf.placeholder,
        })
    }

    /// Why there is no certificate to show; null when there is one.
    async fn problem(&self) -> Option<&str> {
        self.host.found.as_ref()?.as_ref().err().map(|why| &**why)
    }

    /// How what it serves fares.
    async fn health(&self, ctx: &Context<'_>) -> Health {
        hosts::problem::health(&self.host, ctx.data_unchecked::<App>().clock.now())
    }

    /// Its open incident; null when there is none.
    async fn incident(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Incident>> {
        let owner = hosts::problem::owner(&self.host);
        let hit = |finding: &Finding| {
            finding.key.cluster == self.cluster.name && finding.key.owner == owner
        };
        incident(ctx, hit).await
    }
}

/// Which hosts to list; all conditions hold.
#[derive(InputObject, Clone, Default)]
pub struct HostFilter {
    /// Only of this cluster.
    cluster: Option<String>,
    /// Only with this text in their name, in any case.
    text: Option<String>,
    /// Only those that fare like this.
    health: Option<Vec<Health>>,
}

impl HostFilter {
    /// True for a host that is to be listed.
    pub fn fits(&self, cluster: &Cluster, host: &model::Host, now: DateTime<Utc>) -> bool {
        let fares = |all: &Vec<Health>| all.contains(&hosts::problem::health(host, now));
        wants(self.cluster.as_ref(), &cluster.name)
            && mentions(self.text.as_ref(), &host.name)
            && self.health.as_ref().is_none_or(fares)
    }
}

/// What to sort hosts by.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum HostOrderField {
    /// End of what they serve.
    NotAfter,
    /// Name.
    Name,
}

/// How to sort hosts; those that are equal come by name.
#[derive(InputObject)]
pub struct HostOrder {
    /// What to sort by.
    field: HostOrderField,
    /// Direction.
    direction: OrderDirection,
}

fn key(field: HostOrderField, host: &model::Host) -> SortKey {
    let leaf = host.found.as_ref().and_then(|found| found.as_ref().ok());
    let first = match field {
        HostOrderField::NotAfter => leaf.map(|leaf| leaf.not_after.to_rfc3339()),
        HostOrderField::Name => None,
    };
    let name = host.name.to_string();
    (
        first.unwrap_or_default(),
        name,
        String::new(),
        String::new(),
    )
}

/// Hosts: queries.
#[derive(Default)]
pub struct HostQuery;

#[Object]
impl HostQuery {
    /// Hosts that people reach over TLS, what they serve ending first unless told otherwise.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "a connection's arguments")]
    async fn hosts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which hosts to list.")] filter: Option<HostFilter>,
        #[graphql(desc = "How to sort them.")] order_by: Option<HostOrder>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Host, Seen>> {
        let filter = filter.unwrap_or_default();
        let order = order_by.unwrap_or(HostOrder {
            field: HostOrderField::NotAfter,
            direction: OrderDirection::Asc,
        });
        let args = PageArgs {
            first,
            after,
            last,
            before,
        };
        let fits = |cluster: &Cluster, host: &model::Host, now| filter.fits(cluster, host, now);
        list(ctx, args, order.direction, fits, |host| {
            key(order.field, host)
        })
    }
}

/// What was asked for is under way.
#[derive(SimpleObject)]
pub struct CheckHostsPayload {
    /// What to put right; empty.
    errors: Vec<crate::graphql::UserError>,
}

/// What to look at.
#[derive(InputObject, Default)]
pub struct CheckHostsInput {
    /// Only with the hosts of this cluster; all clusters when left out.
    cluster: Option<String>,
}

/// Hosts: mutations.
#[derive(Default)]
pub struct HostMutation;

#[Object]
impl HostMutation {
    /// Looks at what all hosts serve now, instead of at the next daily look; `hostChanges` tells what is found.
    async fn check_hosts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to look at.")] input: CheckHostsInput,
    ) -> async_graphql::Result<CheckHostsPayload> {
        ctx.with(Right::ClusterView)?;
        for cluster in ctx.data_unchecked::<Clusters>().all() {
            if wants(input.cluster.as_ref(), &cluster.name) {
                cluster.look_at_hosts.send_modify(|n| *n += 1);
            }
        }
        Ok(CheckHostsPayload { errors: Vec::new() })
    }
}
