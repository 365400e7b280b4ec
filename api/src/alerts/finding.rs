//! What a watcher found: the seam between the cluster room, which looks, and this one, which remembers and tells.

use std::collections::HashMap;

use async_graphql::Enum;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::diagnosis::Diagnosis;

/// Kinds of problems. The text form (SCREAMING_SNAKE) is what the database keeps.
#[derive(
    Enum, Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProblemClass {
    /// A container starts and ends again and again.
    CrashLoop,
    /// An image cannot be pulled.
    ImagePull,
    /// A container cannot be made from its configuration.
    Config,
    /// A container was ended for using too much memory.
    OomKilled,
    /// A container ended with an error.
    ErrorExit,
    /// A pod was evicted.
    Evicted,
    /// No node can take a pod.
    Unschedulable,
    /// A pod runs but is not ready.
    NotReady,
    /// A pod does not go away.
    StuckTerminating,
    /// A rollout does not progress.
    RolloutStuck,
    /// A Job failed.
    JobFailed,
    /// A node does not answer.
    NodeNotReady,
    /// A node runs short of something.
    NodePressure,
    /// A certificate nears its end and was not renewed.
    CertificateExpiring,
    /// A certificate is not usable.
    CertificateNotReady,
    /// An Argo CD application is degraded.
    AppDegraded,
    /// An Argo CD application cannot be synced.
    AppSyncFailed,
}

/// How soon somebody must act.
#[derive(
    Enum, Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// It can wait.
    Warning,
    /// Somebody must act.
    Critical,
}

/// The object an incident is about: the root of the owner chain, never a single replica of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owner {
    /// Kubernetes kind, such as `Deployment`.
    pub kind: String,
    /// Name of the object.
    pub name: String,
}

/// What makes two findings the same incident.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// Name of the cluster.
    pub cluster: String,
    /// Namespace; `None` for objects without one.
    pub namespace: Option<String>,
    /// Root owner.
    pub owner: Owner,
    /// Kind of problem.
    pub class: ProblemClass,
    /// Container, where the problem is one container's.
    pub container: Option<String>,
}

/// Something seen, quoted as it was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// When it was said, if known.
    pub at: Option<DateTime<Utc>>,
    /// Who said it, such as `pod grafana-0` or `event`.
    pub source: String,
    /// What it said, verbatim.
    pub text: String,
}

/// A problem that is there now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is about.
    pub key: Key,
    /// How soon somebody must act.
    pub severity: Severity,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Names of the pods (or other parts) that are hit, sorted.
    pub affected: Vec<String>,
    /// How many parts there are, hit or not, if known.
    pub total: Option<u32>,
    /// What the story is told from; empty values are left out of it.
    pub facts: Facts,
    /// What was seen.
    pub evidence: Vec<Evidence>,
}

/// Plain facts of a finding, for the texts in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Reason as Kubernetes spells it, such as `CrashLoopBackOff`.
    pub reason: Option<String>,
    /// Message that came with the reason, verbatim.
    pub message: Option<String>,
    /// Image of the container.
    pub image: Option<String>,
    /// Exit code of the last run.
    pub exit_code: Option<i32>,
    /// Signal that ended the last run.
    pub signal: Option<i32>,
    /// Restarts so far.
    pub restarts: Option<i32>,
    /// Node it runs on.
    pub node: Option<String>,
    /// Names a certificate is for.
    pub dns_names: Vec<String>,
    /// Start of a certificate's life.
    pub not_before: Option<DateTime<Utc>>,
    /// End of a certificate's life.
    pub not_after: Option<DateTime<Utc>>,
    /// When cert-manager meant to renew it.
    pub renewal_at: Option<DateTime<Utc>>,
    /// What changed last.
    pub change: Option<Change>,
    /// The known incident that it is.
    pub diagnosis: Option<Diagnosis>,
}

/// The last change of a workload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// When, if known.
    pub at: Option<DateTime<Utc>>,
    /// Number of the revision that is being rolled out.
    pub revision: Option<i64>,
    /// Number of the revision before.
    pub previous_revision: Option<i64>,
    /// Images that are other ones.
    pub images: Vec<ImageChange>,
    /// Commit that Argo CD deployed.
    pub commit: Option<String>,
}

/// Another image for a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageChange {
    /// Name of the container.
    pub container: String,
    /// Image before.
    pub before: String,
    /// Image after.
    pub after: String,
}

/// How an object that had a problem is now. An object that is not listed at all is gone.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum OwnerState {
    /// Positive evidence that all is well: as many ready parts as wanted.
    Healthy,
    /// There, but neither well nor failing (starting, a hold that has not passed).
    Unsettled,
    /// Scaled to zero or finished on purpose.
    Idle,
}

/// Kinds of sources: an incident is only ever closed by the source that can see its kind.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// Pods and what owns them.
    Pods,
    /// Nodes.
    Nodes,
    /// cert-manager's certificates.
    Certificates,
    /// What hosts serve over TLS.
    Hosts,
    /// Argo CD's applications.
    Applications,
}

impl SourceKind {
    /// The source that can see a problem.
    pub fn of(key: &Key) -> Self {
        match key.class {
            _ if key.owner.kind == "Host" => Self::Hosts,
            ProblemClass::CertificateExpiring | ProblemClass::CertificateNotReady => {
                Self::Certificates
            }
            ProblemClass::NodeNotReady | ProblemClass::NodePressure => Self::Nodes,
            ProblemClass::AppDegraded | ProblemClass::AppSyncFailed => Self::Applications,
            _ => Self::Pods,
        }
    }
}

/// One full, current look at a source. There is none until the source was listed completely.
#[derive(Clone, Debug)]
pub struct Observation {
    /// Name of the cluster.
    pub cluster: String,
    /// What was looked at.
    pub source: SourceKind,
    /// Problems past their hold.
    pub findings: Vec<Finding>,
    /// Every object there is, by (namespace, owner).
    pub owners: HashMap<(Option<String>, Owner), OwnerState>,
}

impl Observation {
    /// Moves what a clock told that is ahead by `ahead` to our own time. Ends of certificates are the same everywhere.
    pub fn told_earlier(&mut self, ahead: TimeDelta) {
        for finding in &mut self.findings {
            finding.since -= ahead;
            let said = finding.evidence.iter_mut().map(|said| &mut said.at);
            let change = finding.facts.change.iter_mut().map(|change| &mut change.at);
            for at in said.chain(change).flatten() {
                *at -= ahead;
            }
        }
    }
}
