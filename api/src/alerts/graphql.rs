//! Incidents, deliveries and channels in the schema.

use async_graphql::{
    ComplexObject, Context, Enum, ID, Object, SimpleObject, Union, connection::Connection,
};
use chrono::{DateTime, Utc};
use entity::{channel, channel_target, delivery, incident, transition};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{
    finding::{self, Finding, ProblemClass, Severity},
    incident::stored_finding,
    loader::AlertLoaders,
    story::{self, summary},
    target::TargetSettings,
};
use crate::{
    app::App,
    error::{Error, Result},
    graphql::{NodeId, Page, PageArgs, Total, page::price},
    notify::{Locale, mail::Security},
    viewer::ViewerExt,
};

/// How an incident stands.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(remote = "incident::State")]
pub enum IncidentState {
    /// Still there.
    Open,
    /// Over: seen to be well for the quiet period.
    Recovered,
    /// Over: the object is gone or was scaled to zero. It did not recover.
    Removed,
}

/// What happened in a step.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(remote = "transition::Kind")]
pub enum TransitionKind {
    /// It began.
    Opened,
    /// It got worse.
    Changed,
    /// It is over, and the object is well.
    Recovered,
    /// It is over, because the object is gone.
    Removed,
}

/// How a delivery stands.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(remote = "delivery::State")]
pub enum DeliveryState {
    /// Waits for its turn.
    Pending,
    /// On its way.
    Sending,
    /// The provider took it.
    Delivered,
    /// The provider did not take it yet; it is tried again.
    Retrying,
    /// Given up: this message reached nobody.
    Dead,
}

/// The object something belongs to.
#[derive(SimpleObject, Clone, Debug)]
pub struct Owner {
    /// Kubernetes kind, such as `Deployment`.
    pub kind: String,
    /// Name of the object.
    pub name: String,
}

impl From<finding::Owner> for Owner {
    fn from(owner: finding::Owner) -> Self {
        Self {
            kind: owner.kind,
            name: owner.name,
        }
    }
}

/// Something seen, quoted as it was said.
#[derive(SimpleObject, Clone, Debug)]
pub struct Evidence {
    /// When it was said, if known.
    at: Option<DateTime<Utc>>,
    /// Who said it.
    source: String,
    /// What it said, verbatim.
    text: String,
}

/// A problem, from when it was noticed to when it was over.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct Incident {
    /// Opaque id.
    pub id: ID,
    /// Number people use.
    number: i32,
    /// How it stands.
    state: IncidentState,
    /// How soon somebody must act.
    severity: Severity,
    /// Kind of problem.
    class: ProblemClass,
    /// Name of the cluster.
    cluster: String,
    /// Namespace; null for objects without one.
    namespace: Option<String>,
    /// The workload, node or certificate it is about.
    owner: Owner,
    /// Container, where the problem is one container's.
    container: Option<String>,
    /// Names of the pods that are hit.
    affected: Vec<String>,
    /// How many pods there are, hit or not, if known.
    total: Option<i32>,
    /// When the problem began.
    opened_at: DateTime<Utc>,
    /// When it was over.
    closed_at: Option<DateTime<Utc>>,
    /// When anything about it last changed.
    updated_at: DateTime<Utc>,
    /// What was seen, verbatim.
    evidence: Vec<Evidence>,
    #[graphql(skip)]
    row_id: uuid::Uuid,
    #[graphql(skip)]
    finding: Finding,
}

impl Incident {
    /// From a row.
    ///
    /// # Errors
    /// A row that another Porthole wrote in another form.
    pub fn from_row(row: &incident::Model) -> Result<Self> {
        let finding = stored_finding(&row.finding)?;
        let evidence = finding.evidence.iter().map(|seen| Evidence {
            at: seen.at,
            source: seen.source.clone(),
            text: seen.text.clone(),
        });
        Ok(Self {
            id: NodeId::encode("Incident", row.id),
            number: row.number,
            state: row.state.into(),
            severity: finding.severity,
            class: finding.key.class,
            cluster: row.cluster.clone(),
            namespace: row.namespace.clone(),
            owner: finding.key.owner.clone().into(),
            container: finding.key.container.clone(),
            affected: finding.affected.clone(),
            total: finding.total.and_then(|n| i32::try_from(n).ok()),
            opened_at: row.opened_at,
            closed_at: row.closed_at,
            updated_at: row.updated_at,
            evidence: evidence.collect(),
            row_id: row.id,
            finding,
        })
    }
}

/// Words, and what is looked up.
#[ComplexObject]
impl Incident {
    /// One line about it.
    async fn title(
        &self,
        #[graphql(desc = "Language.", default_with = "Locale::En")] locale: Locale,
    ) -> String {
        story::tell(&self.finding, locale).title
    }

    /// What is known about why.
    async fn cause(
        &self,
        #[graphql(desc = "Language.", default_with = "Locale::En")] locale: Locale,
    ) -> String {
        story::tell(&self.finding, locale).cause
    }

    /// What to do, step by step.
    async fn remedy(
        &self,
        #[graphql(desc = "Language.", default_with = "Locale::En")] locale: Locale,
    ) -> Vec<String> {
        story::tell(&self.finding, locale).remedy
    }

    /// What must be seen for it to close by itself.
    async fn closes_when(
        &self,
        #[graphql(desc = "Language.", default_with = "Locale::En")] locale: Locale,
    ) -> String {
        story::tell(&self.finding, locale).closes_when
    }

    /// Its steps, in order.
    #[graphql(complexity = "2 + child_complexity")]
    async fn transitions(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Transition>> {
        let rows = ctx
            .data_unchecked::<AlertLoaders>()
            .transitions(self.row_id)
            .await?;
        Ok(rows.into_iter().map(Transition).collect())
    }

    /// Who was told, in order. For admins; empty for others.
    #[graphql(complexity = "2 + child_complexity")]
    async fn deliveries(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Delivery>> {
        if !ctx.viewer()?.is_admin() {
            return Ok(Vec::new());
        }
        let rows = ctx
            .data_unchecked::<AlertLoaders>()
            .deliveries(self.row_id)
            .await?;
        Ok(rows.into_iter().map(Delivery::from).collect())
    }
}

/// A step of an incident that was told.
pub struct Transition(transition::Model);

/// A step of an incident that was told.
#[Object]
impl Transition {
    /// Number within the incident, from 1.
    async fn sequence(&self) -> i32 {
        self.0.seq
    }

    /// What happened.
    async fn kind(&self) -> TransitionKind {
        self.0.kind.into()
    }

    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// One line about it.
    async fn summary(
        &self,
        #[graphql(desc = "Language.", default_with = "Locale::En")] locale: Locale,
    ) -> async_graphql::Result<String> {
        let finding = stored_finding(&self.0.finding)?;
        let told = story::tell(&finding, locale);
        Ok(summary::headline(self.0.kind, &finding, &told, locale))
    }
}

/// One message about one step of an incident to one target.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct Delivery {
    /// Opaque id.
    pub id: ID,
    /// The target, recognisable.
    target_hint: String,
    /// How it stands.
    state: DeliveryState,
    /// Tries so far.
    attempts: i32,
    /// When the step was taken.
    created_at: DateTime<Utc>,
    /// When the provider took it.
    delivered_at: Option<DateTime<Utc>>,
    /// The provider's answer to the last try, verbatim.
    error: Option<String>,
    #[graphql(skip)]
    row: delivery::Model,
}

impl From<delivery::Model> for Delivery {
    fn from(row: delivery::Model) -> Self {
        Self {
            id: NodeId::encode("Delivery", row.id),
            target_hint: row.target_hint.clone(),
            state: row.state.into(),
            attempts: row.attempts,
            created_at: row.created_at,
            delivered_at: row.delivered_at,
            error: row.error.clone(),
            row,
        }
    }
}

/// Fields that are looked up.
#[ComplexObject]
impl Delivery {
    /// When it is tried next; null when it is over.
    async fn next_attempt_at(&self) -> Option<DateTime<Utc>> {
        let waits = matches!(
            self.row.state,
            delivery::State::Pending | delivery::State::Retrying
        );
        waits.then_some(self.row.next_attempt_at)
    }

    /// Its incident.
    async fn incident(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Incident>> {
        let found = ctx
            .data_unchecked::<AlertLoaders>()
            .incident(self.row.incident_id)
            .await;
        let incident = found.and_then(|row| row.map(|row| Incident::from_row(&row)).transpose());
        incident.map_err(Into::into).transpose()
    }

    /// The step it tells.
    async fn transition(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Transition>> {
        let loaders = ctx.data_unchecked::<AlertLoaders>();
        let steps = loaders.transitions(self.row.incident_id).await;
        let step = steps.map(|steps| steps.into_iter().find(|t| t.id == self.row.transition_id));
        step.map(|row| row.map(Transition))
            .map_err(Into::into)
            .transpose()
    }

    /// Its channel; null once that was deleted.
    async fn channel(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Channel>> {
        let found = ctx
            .data_unchecked::<AlertLoaders>()
            .channel(self.row.channel_id?)
            .await;
        let channel = found.map(|row| row.map(|row| Channel::from((*row).clone())));
        channel.map_err(Into::into).transpose()
    }
}

/// Where alerts go.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct Channel {
    /// Opaque id.
    pub id: ID,
    /// Name shown to admins.
    name: String,
    /// False while nothing is sent there.
    enabled: bool,
    /// Language of its messages.
    locale: Locale,
    /// Grows with each edit.
    version: i32,
    /// When it was made.
    created_at: DateTime<Utc>,
    #[graphql(skip)]
    row_id: uuid::Uuid,
}

impl From<channel::Model> for Channel {
    fn from(row: channel::Model) -> Self {
        Self {
            id: NodeId::encode("Channel", row.id),
            name: row.name,
            enabled: row.enabled,
            locale: Locale::parse(&row.locale),
            version: row.version,
            created_at: row.created_at,
            row_id: row.id,
        }
    }
}

/// Fields that are looked up.
#[ComplexObject]
impl Channel {
    /// Its webhooks and mailboxes, in order.
    async fn targets(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ChannelTarget>> {
        let rows = ctx
            .data_unchecked::<AlertLoaders>()
            .targets(self.row_id)
            .await?;
        let targets: Result<Vec<_>> = rows.into_iter().map(ChannelTarget::from_row).collect();
        Ok(targets?)
    }

    /// Its newest delivery; null when nothing was ever to be sent.
    async fn last_delivery(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Delivery>> {
        let newest = ctx
            .data_unchecked::<AlertLoaders>()
            .newest_delivery(self.row_id)
            .await;
        let newest = newest.map(|row| row.map(|row| Delivery::from((*row).clone())));
        newest.map_err(Into::into).transpose()
    }
}

/// A webhook or mailboxes. Secrets are never shown.
#[derive(Union, Clone)]
pub enum ChannelTarget {
    /// A Discord webhook.
    Discord(DiscordTarget),
    /// Mailboxes.
    Mail(MailTarget),
}

/// A Discord webhook.
#[derive(SimpleObject, Clone)]
pub struct DiscordTarget {
    /// Opaque id.
    id: ID,
    /// Enough to recognise it, too little to use it.
    hint: String,
    /// Why nothing is sent there any more, in Discord's words; null while all is well.
    disabled_reason: Option<String>,
}

/// Mailboxes, and the server that takes mail for them.
#[derive(SimpleObject, Clone)]
pub struct MailTarget {
    /// Opaque id.
    id: ID,
    /// SMTP server.
    host: String,
    /// Its port.
    port: i32,
    /// How the connection is protected.
    security: Security,
    /// Name to sign in with.
    username: Option<String>,
    /// Who it is from.
    sender: String,
    /// Who it is for.
    recipients: Vec<String>,
    /// Why nothing is sent there any more, in the server's words; null while all is well.
    disabled_reason: Option<String>,
}

impl ChannelTarget {
    fn from_row(row: channel_target::Model) -> Result<Self> {
        let id = NodeId::encode("ChannelTarget", row.id);
        let disabled_reason = row.disabled_reason;
        let settings = TargetSettings::stored(&row.settings)?;
        let hint = settings.hint();
        Ok(match settings {
            TargetSettings::Discord { .. } => Self::Discord(DiscordTarget {
                id,
                hint,
                disabled_reason,
            }),
            TargetSettings::Mail {
                host,
                port,
                security,
                username,
                sender,
                recipients,
            } => Self::Mail(MailTarget {
                id,
                host,
                port: port.into(),
                security,
                username,
                sender,
                recipients,
                disabled_reason,
            }),
        })
    }
}

/// Which incidents to list.
#[derive(async_graphql::InputObject, Default)]
pub struct IncidentFilter {
    /// Only in this state.
    state: Option<IncidentState>,
    /// Only in this namespace.
    namespace: Option<String>,
}

/// Alerts: queries.
#[derive(Default)]
pub struct AlertQuery;

#[Object]
impl AlertQuery {
    /// Incidents, newest first.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    async fn incidents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which incidents to list.")] filter: Option<IncidentFilter>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Incident, Total>> {
        ctx.viewer()?;
        let page = Page::<i32>::parse(PageArgs {
            first,
            after,
            last,
            before,
        })?;
        let db = ctx.data_unchecked::<App>().db.clone();
        let filter = filter.unwrap_or_default();
        let mut wanted = incident::Entity::find();
        if let Some(state) = filter.state {
            wanted = wanted.filter(incident::Column::State.eq(incident::State::from(state)));
        }
        if let Some(namespace) = filter.namespace {
            wanted = wanted.filter(incident::Column::Namespace.eq(namespace));
        }
        let mut cursor = wanted.clone().cursor_by(incident::Column::Number);
        let rows = page.query(cursor.desc(), &db).await?;
        let incidents: Result<Vec<Incident>> = rows.iter().map(Incident::from_row).collect();
        let total = Total::counted(move || {
            let (wanted, db) = (wanted.clone(), db.clone());
            async move { Ok(wanted.count(&db).await?) }
        });
        Ok(page.connection(incidents?, total, |row| row.number, |row| row))
    }

    /// An incident by the number people use; null when there is none.
    async fn incident(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] number: i32,
    ) -> async_graphql::Result<Option<Incident>> {
        ctx.viewer()?;
        let db = &ctx.data_unchecked::<App>().db;
        let by_number = incident::Entity::find().filter(incident::Column::Number.eq(number));
        let row = by_number.one(db).await.map_err(Error::from)?;
        Ok(row.as_ref().map(Incident::from_row).transpose()?)
    }

    /// Alert channels, by name. For admins.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    async fn channels(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Channel, Total>> {
        ctx.admin()?;
        let page = Page::<String>::parse(PageArgs {
            first,
            after,
            last,
            before,
        })?;
        let db = ctx.data_unchecked::<App>().db.clone();
        let mut cursor = channel::Entity::find().cursor_by(channel::Column::Name);
        let rows = page.query(&mut cursor, &db).await?;
        let total = Total::counted(move || {
            let db = db.clone();
            async move { Ok(channel::Entity::find().count(&db).await?) }
        });
        Ok(page.connection(rows, total, |row| row.name.clone(), Channel::from))
    }
}
