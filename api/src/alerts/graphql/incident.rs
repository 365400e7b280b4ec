//! Incidents and their steps.

use async_graphql::{ComplexObject, Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{incident, transition, user_right::Right};

use super::delivery::Delivery;
use crate::{
    alerts::{
        diagnosis::graphql::Diagnosis,
        finding::{self, Finding, ProblemClass, Severity},
        incident::stored_finding,
        loader::AlertLoaders,
        story::{self, summary},
    },
    error::Result,
    graphql::NodeId,
    locale::Locale,
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

/// The last change of a workload.
#[derive(SimpleObject, Clone)]
pub struct Change {
    /// When; null when that is not known, such as after a rollback.
    at: Option<DateTime<Utc>>,
    /// Number of its revision; null where revisions are not counted.
    revision: Option<i32>,
    /// Number of the revision before.
    previous_revision: Option<i32>,
    /// Containers that got another image.
    images: Vec<ImageChange>,
    /// Commit that Argo CD deployed; null without Argo CD.
    commit: Option<String>,
}

/// Another image for a container.
#[derive(SimpleObject, Clone)]
pub struct ImageChange {
    /// Name of the container.
    container: String,
    /// Image before.
    before: String,
    /// Image after.
    after: String,
}

impl From<&finding::Change> for Change {
    fn from(change: &finding::Change) -> Self {
        let number = |revision: Option<i64>| revision.and_then(|n| i32::try_from(n).ok());
        let image = |image: &finding::ImageChange| ImageChange {
            container: image.container.clone(),
            before: image.before.clone(),
            after: image.after.clone(),
        };
        Self {
            at: change.at,
            revision: number(change.revision),
            previous_revision: number(change.previous_revision),
            images: change.images.iter().map(image).collect(),
            commit: change.commit.clone(),
        }
    }
}

/// A problem, from when it was noticed to when it was over.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct Incident {
    /// Opaque id.
    pub id: ID,
    /// Number people use.
    pub number: i32,
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
    /// What changed last about its workload; null where that is not known.
    change: Option<Change>,
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
            change: finding.facts.change.as_ref().map(Change::from),
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

    /// The known incident that it is; null when it is not recognised.
    async fn diagnosis(&self) -> Option<Diagnosis> {
        self.finding.facts.diagnosis.map(Diagnosis)
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
        if !ctx.viewer()?.has(Right::ChannelsManage) {
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
pub struct Transition(pub(super) transition::Model);

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
