//! Why an image cannot be pulled, read from what the node says.

use crate::alerts::finding::Facts;

/// Why an image cannot be pulled, read from what the kubelet said.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum PullFault {
    /// The registry speaks http, the node expects https.
    PlainHttp,
    /// The name of the registry is only known inside the cluster.
    ClusterName,
    /// The registry's name is not known.
    NoSuchHost,
    /// The registry refuses without (other) credentials.
    Unauthorized,
    /// No such image or tag.
    NotFound,
    /// The registry sends the node to a server for tokens that it cannot reach.
    TokenServer,
    /// Nothing listens at the registry's address.
    Refused,
    /// The node does not trust the registry's certificate.
    Untrusted,
    /// Too many pulls.
    RateLimited,
    /// The image is not made for the node's kind of machine.
    Platform,
    /// No answer in time.
    Timeout,
    /// The name is not one.
    InvalidName,
    /// Something else.
    Other,
}

pub(super) fn pull_fault(facts: &Facts) -> PullFault {
    let said = facts.message.as_deref().unwrap_or_default().to_lowercase();
    let registry = facts.image.as_deref().unwrap_or_default();
    let registry = registry.split('/').next().unwrap_or_default();
    let has = |words: &[&str]| words.iter().any(|w| said.contains(w));
    if facts.reason.as_deref() == Some("InvalidImageName") {
        PullFault::InvalidName
    } else if has(&["server gave http response to https client"]) {
        PullFault::PlainHttp
    } else if has(&["toomanyrequests", "429 too many requests"]) {
        PullFault::RateLimited
    } else if has(&["x509:"]) {
        PullFault::Untrusted
    } else if has(&["no match for platform"]) {
        PullFault::Platform
    } else if has(&["no such host", "connection refused"]) && registry.contains(".svc") {
        PullFault::ClusterName
    } else if has(&["fetch oauth token", "fetch anonymous token"])
        && has(&[
            "no such host",
            "connection refused",
            "deadline exceeded",
            "timeout",
        ])
    {
        PullFault::TokenServer
    } else if has(&["no such host"]) {
        PullFault::NoSuchHost
    } else if has(&["connection refused"]) {
        PullFault::Refused
    } else if has(&[
        "unauthorized",
        "authentication required",
        "denied",
        "403 forbidden",
    ]) {
        PullFault::Unauthorized
    } else if has(&["not found", "manifest unknown"]) {
        PullFault::NotFound
    } else if has(&["deadline exceeded", "timeout", "timed out"]) {
        PullFault::Timeout
    } else {
        PullFault::Other
    }
}
