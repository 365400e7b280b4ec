//! Certificates in the schema.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, connection::Connection};
use chrono::{DateTime, Utc};

use super::{
    super::{
        Cluster, certificates,
        model::{self, Health},
        source::Source,
    },
    OrderDirection, Seen, SortKey,
    object::{Shown, id, incident, list, wants},
};
use crate::{
    alerts::{finding::Finding, graphql::Incident},
    app::App,
    graphql::{PageArgs, page::price},
};

/// A certificate that cert-manager keeps, as it is now or was last known.
#[derive(Clone)]
pub struct Certificate {
    id: ID,
    cluster: Arc<Cluster>,
    certificate: Arc<model::Certificate>,
}

impl Shown for Certificate {
    type Model = model::Certificate;
    const TYPE: &'static str = "Certificate";

    fn sources(cluster: &Cluster) -> &[Arc<Source<model::Certificate>>] {
        std::slice::from_ref(&cluster.certificates)
    }

    fn new(cluster: Arc<Cluster>, certificate: Arc<model::Certificate>) -> Self {
        Self {
            id: id::<Self>(&cluster, &certificate.uid),
            cluster,
            certificate,
        }
    }
}

/// A certificate that cert-manager keeps, as it is now or was last known.
#[Object]
impl Certificate {
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
        &self.certificate.namespace
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.certificate.name
    }

    /// Names it is for.
    async fn dns_names(&self) -> Vec<&str> {
        self.certificate
            .dns_names
            .iter()
            .map(|name| &**name)
            .collect()
    }

    /// The Secret that holds it; Porthole never reads it.
    async fn secret_name(&self) -> Option<&str> {
        self.certificate.secret_name.as_deref()
    }

    /// Who issues it, as `Kind/name`.
    async fn issuer(&self) -> Option<&str> {
        self.certificate.issuer.as_deref()
    }

    /// Start of its life; null before it was issued.
    async fn not_before(&self) -> Option<DateTime<Utc>> {
        self.certificate.not_before
    }

    /// End of its life; null before it was issued.
    async fn not_after(&self) -> Option<DateTime<Utc>> {
        self.certificate.not_after
    }

    /// When cert-manager means to renew it.
    async fn renewal_at(&self) -> Option<DateTime<Utc>> {
        self.certificate.renewal_at
    }

    /// What cert-manager says of it; null when it says nothing. It stays true while renewal fails.
    async fn ready(&self) -> Option<bool> {
        self.certificate.ready.as_ref().map(|(ready, ..)| *ready)
    }

    /// How it fares, by its lifetime and failed attempts.
    async fn health(&self, ctx: &Context<'_>) -> Health {
        let now = ctx.data_unchecked::<App>().clock.now();
        certificates::health(&self.certificate, now)
    }

    /// What cert-manager says is wrong; null when nothing is.
    async fn message(&self) -> Option<&str> {
        let certificate = &self.certificate;
        certificate.failure.as_deref().or_else(|| {
            let (ready, _, text) = certificate.ready.as_ref()?;
            (!ready).then_some(&**text)
        })
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.certificate.created_at
    }

    /// Its open incident; null when there is none.
    async fn incident(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Incident>> {
        let owner = certificates::owner(&self.certificate);
        let hit = |finding: &Finding| {
            let key = &finding.key;
            key.cluster == self.cluster.name
                && key.namespace.as_deref() == Some(&*self.certificate.namespace)
                && key.owner == owner
        };
        incident(ctx, hit).await
    }
}

/// Which certificates to list; all conditions hold.
#[derive(InputObject, Clone, Default)]
pub struct CertificateFilter {
    /// Only of this cluster.
    cluster: Option<String>,
    /// Only of this namespace.
    namespace: Option<String>,
    /// Only with this text in their name or in a name they are for, in any case.
    text: Option<String>,
    /// Only those that fare like this.
    health: Option<Vec<Health>>,
}

impl CertificateFilter {
    /// True for a certificate that is to be listed.
    pub fn fits(
        &self,
        cluster: &Cluster,
        certificate: &model::Certificate,
        now: DateTime<Utc>,
    ) -> bool {
        let has = |text: &str| {
            let text = text.to_lowercase();
            std::iter::once(&certificate.name)
                .chain(&certificate.dns_names)
                .any(|name| name.to_lowercase().contains(&text))
        };
        wants(self.cluster.as_ref(), &cluster.name)
            && wants(self.namespace.as_ref(), &certificate.namespace)
            && self.text.as_deref().is_none_or(has)
            && self
                .health
                .as_ref()
                .is_none_or(|all| all.contains(&certificates::health(certificate, now)))
    }
}

/// What to sort certificates by.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum CertificateOrderField {
    /// End of their life.
    NotAfter,
    /// Namespace.
    Namespace,
    /// Name.
    Name,
}

/// How to sort certificates; those that are equal come by namespace and name.
#[derive(InputObject)]
pub struct CertificateOrder {
    /// What to sort by.
    field: CertificateOrderField,
    /// Direction.
    direction: OrderDirection,
}

fn key(field: CertificateOrderField, certificate: &model::Certificate) -> SortKey {
    let (namespace, name) = (
        certificate.namespace.to_string(),
        certificate.name.to_string(),
    );
    let uid = certificate.uid.to_string();
    match field {
        CertificateOrderField::NotAfter => {
            let end = certificate.not_after.map(|end| end.to_rfc3339());
            (end.unwrap_or_default(), namespace, name, uid)
        }
        CertificateOrderField::Namespace => (String::new(), namespace, name, uid),
        CertificateOrderField::Name => (String::new(), name, namespace, uid),
    }
}

/// Certificates: queries.
#[derive(Default)]
pub struct CertificateQuery;

#[Object]
impl CertificateQuery {
    /// Certificates of all watched clusters, those that end first first unless told otherwise.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "a connection's arguments")]
    async fn certificates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which certificates to list.")] filter: Option<CertificateFilter>,
        #[graphql(desc = "How to sort them.")] order_by: Option<CertificateOrder>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Certificate, Seen>> {
        let filter = filter.unwrap_or_default();
        let order = order_by.unwrap_or(CertificateOrder {
            field: CertificateOrderField::NotAfter,
            direction: OrderDirection::Asc,
        });
        let args = PageArgs {
            first,
            after,
            last,
            before,
        };
        let fits =
            |cluster: &Cluster, one: &model::Certificate, now| filter.fits(cluster, one, now);
        list(ctx, args, order.direction, fits, |one| {
            key(order.field, one)
        })
    }
}
