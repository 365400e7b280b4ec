//! What a host really serves.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::cluster::index::Keyed;

/// A host that is to be reached over TLS, and what it served when it was last looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its name, with its port where that is not 443.
    pub name: Arc<str>,
    /// Who says that it is there, such as `Ingress photos/photos` or `page Photos`.
    pub sources: Vec<Box<str>>,
    /// When it was last looked at; `None` before the first time.
    pub checked_at: Option<DateTime<Utc>>,
    /// What was found: a certificate, or why there was none.
    pub found: Option<Result<Leaf, Box<str>>>,
}

/// The certificate that a host serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Start of its life.
    pub not_before: DateTime<Utc>,
    /// End of its life.
    pub not_after: DateTime<Utc>,
    /// Names it is for.
    pub names: Vec<Box<str>>,
    /// Who signed it.
    pub issuer: Box<str>,
    /// True when it is for this host.
    pub fits: bool,
    /// True when this machine's certificate authorities vouch for it; private ones may be trusted elsewhere.
    pub trusted: bool,
    /// True for the certificate that an ingress controller serves when it has none.
    pub placeholder: bool,
}

impl Keyed for Host {
    fn key(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }
}
