//! What the demo's hosts would serve: nobody is there to shake hands with.

use crate::cluster::{Cluster, model::Leaf};

/// What the certificate for a host says.
///
/// # Errors
/// When there is none.
pub fn leaf(cluster: &Cluster, host: &str) -> Result<Leaf, String> {
    let index = cluster.certificates.read();
    let certificate = index
        .objects()
        .find(|certificate| certificate.dns_names.iter().any(|name| **name == *host));
    let found = certificate.and_then(|c| Some((c, c.not_before?, c.not_after?)));
    let (certificate, not_before, not_after) = found.ok_or("no certificate was shown")?;
    Ok(Leaf {
        not_before,
        not_after,
        names: certificate.dns_names.clone(),
        issuer: certificate.issuer.clone().unwrap_or_default(),
        fits: true,
        trusted: true,
        placeholder: false,
    })
}
