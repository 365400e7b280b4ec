//! The demo cluster's certificates: four that renew themselves, and one that cannot.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{
    kinds,
    objects::{self, condition, stamp},
    store::Store,
};

struct Certificate {
    namespace: &'static str,
    name: &'static str,
    host: &'static str,
    issuer: &'static str,
    /// How long it is valid in all, how long before its end it is renewed, and how long it has left.
    hours: (i64, i64, i64),
    revision: i64,
}

const fn public(
    namespace: &'static str,
    name: &'static str,
    host: &'static str,
    left: i64,
    revision: i64,
) -> Certificate {
    Certificate {
        namespace,
        name,
        host,
        issuer: "letsencrypt",
        hours: (90 * 24, 30 * 24, left),
        revision,
    }
}

const HEALTHY: [Certificate; 4] = [
    public("gitea", "gitea-tls", "git.harbor.example", 61 * 24 + 7, 6),
    public(
        "immich",
        "immich-tls",
        "photos.harbor.example",
        48 * 24 + 3,
        4,
    ),
    public(
        "nextcloud",
        "nextcloud-tls",
        "cloud.harbor.example",
        83 * 24 + 15,
        7,
    ),
    Certificate {
        namespace: "argocd",
        name: "argocd-server-tls",
        host: "argocd.harbor.internal",
        issuer: "harbor-ca",
        hours: (365 * 24, 30 * 24, 211 * 24 + 5),
        revision: 1,
    },
];

/// Ends in a little under six days; renewal has been due for a few hours and has failed three times.
const FAILING: Certificate = Certificate {
    namespace: "paperless",
    name: "paperless-tls",
    host: "paper.harbor.example",
    issuer: "letsencrypt",
    hours: (90 * 24, 6 * 24, 6 * 24 - 4),
    revision: 2,
};

/// Puts the certificates in place.
pub fn seed(store: &Store, now: DateTime<Utc>) {
    for certificate in HEALTHY {
        store.put(kinds::CERTIFICATE, issued(&certificate, now));
    }
    let mut it = issued(&FAILING, now);
    // Three attempts, an hour and then two apart, leave the last one about an hour ago.
    let failed = now - Duration::minutes(55);
    it["status"]["failedIssuanceAttempts"] = json!(3);
    it["status"]["lastFailureTime"] = json!(stamp(failed));
    let host = FAILING.host;
    let order = format!("{}-3-{}", FAILING.name, 2_874_190_336_u32);
    let extra = json!({
        "reason": "Failed", "observedGeneration": 1,
        "message": format!(
            "The certificate request has failed to complete and will be retried: Failed to wait for \
             order resource \"{order}\" to become ready: order is in \"invalid\" state: acme: \
             authorization error for {host}: 403 urn:ietf:params:acme:error:unauthorized: \
             203.0.113.24: Invalid response from http://{host}/.well-known/acme-challenge/\
             Vb3q0mXk2cW8rT5nYd1LzQ: 404"
        ),
    });
    condition(&mut it, extra, "Issuing", "False", failed);
    store.put(kinds::CERTIFICATE, it);
}

fn issued(it: &Certificate, now: DateTime<Utc>) -> Value {
    let (valid, before, left) = it.hours;
    let end = now + Duration::hours(left);
    let start = end - Duration::hours(valid);
    // Each earlier revision lasted until its renewal was due.
    let created = start - Duration::hours((valid - before) * (it.revision - 1));
    let mut object = objects::object(kinds::CERTIFICATE, it.namespace, it.name, created);
    object["spec"] = json!({
        "secretName": it.name, "dnsNames": [it.host], "privateKey": {"rotationPolicy": "Always"},
        "duration": format!("{valid}h0m0s"), "renewBefore": format!("{before}h0m0s"),
        "issuerRef": {"group": "cert-manager.io", "kind": "ClusterIssuer", "name": it.issuer},
        "usages": ["digital signature", "key encipherment"],
    });
    object["status"] = json!({
        "notBefore": stamp(start), "notAfter": stamp(end),
        "renewalTime": stamp(end - Duration::hours(before)), "revision": it.revision,
    });
    let extra = json!({
        "reason": "Ready", "observedGeneration": 1,
        "message": "Certificate is up to date and has not expired",
    });
    condition(&mut object, extra, "Ready", "True", created);
    object
}
