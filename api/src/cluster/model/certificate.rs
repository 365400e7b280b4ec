//! Certificates, and the steps cert-manager takes to get one.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Tuning;
use crate::{alerts::finding::Owner, cluster::index::Keyed};

/// A cert-manager Certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Kubernetes' uid.
    pub uid: Arc<str>,
    /// Namespace.
    pub namespace: Arc<str>,
    /// Name.
    pub name: Box<str>,
    /// Names it is for.
    pub dns_names: Vec<Box<str>>,
    /// The Secret that holds it. Porthole never reads it.
    pub secret_name: Option<Box<str>>,
    /// Issuer, `Kind/name`.
    pub issuer: Option<Box<str>>,
    /// Start of its life.
    pub not_before: Option<DateTime<Utc>>,
    /// End of its life.
    pub not_after: Option<DateTime<Utc>>,
    /// When cert-manager means to renew it.
    pub renewal_at: Option<DateTime<Utc>>,
    /// `Ready` condition, since when, and what it says; `None` when not said.
    pub ready: Option<(bool, DateTime<Utc>, Box<str>)>,
    /// What the failed attempt to issue says: `Issuing` is False with a failure.
    pub failure: Option<Box<str>>,
    /// Failed attempts to issue in a row.
    pub failed_attempts: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// What its annotations ask for.
    pub tuning: Tuning,
}

impl Keyed for Certificate {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.uid)
    }
}

/// A step on the way to a certificate: CertificateRequest, Order or Challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuing {
    /// Kubernetes' uid.
    pub uid: Arc<str>,
    /// Namespace.
    pub namespace: Arc<str>,
    /// Kind and name.
    pub owner: Owner,
    /// What it is a step for: a Certificate, a CertificateRequest or an Order.
    pub controller: Option<Owner>,
    /// How it stands, as cert-manager spells it, such as `pending`, `errored` or `Denied`.
    pub state: Option<Box<str>>,
    /// Why it stands so.
    pub reason: Option<Box<str>>,
    /// True for a challenge whose answer can be fetched from outside.
    pub presented: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl Keyed for Issuing {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.uid)
    }
}
