//! What a proxy says that somebody wants to open. What is missing, doubled or unclear is nothing.

use http::{HeaderMap, Method, Uri, header};
use url::Url;

use crate::{http::Server, pages::address::clean};

/// What somebody wants to open.
pub(super) struct Wanted {
    pub(super) url: Url,
    /// The path as the client wrote it.
    pub(super) raw_path: String,
    pub(super) method: Method,
}

/// A header that is there once and is text; twice is a client trying to speak over the proxy.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

pub(super) fn from_nginx(headers: &HeaderMap) -> Option<Wanted> {
    let method = match headers.contains_key("x-original-method") {
        true => only(headers, "x-original-method")?.parse().ok()?,
        false => Method::GET,
    };
    wanted(only(headers, "x-original-url")?, method)
}

pub(super) fn from_traefik(headers: &HeaderMap) -> Option<Wanted> {
    let scheme = only(headers, "x-forwarded-proto")?;
    let host = only(headers, "x-forwarded-host")?;
    let path = only(headers, "x-forwarded-uri")?;
    let method = only(headers, "x-forwarded-method")?.parse().ok()?;
    assembled(scheme, host, path, method)
}

pub(super) fn from_envoy(
    server: &Server,
    uri: &Uri,
    method: Method,
    headers: &HeaderMap,
) -> Option<Wanted> {
    let own = if server.app.config.is_secure() {
        "https"
    } else {
        "http"
    };
    let scheme = match headers.contains_key("x-forwarded-proto") {
        true => only(headers, "x-forwarded-proto")?,
        false => own,
    };
    let host = match uri.authority() {
        Some(authority) => authority.as_str(),
        None => only(headers, header::HOST.as_str())?,
    };
    let path = uri
        .path_and_query()?
        .as_str()
        .strip_prefix("/authz/envoy")?;
    let path = if path.is_empty() { "/" } else { path };
    assembled(scheme, host, path, method)
}

fn assembled(scheme: &str, host: &str, path: &str, method: Method) -> Option<Wanted> {
    let is_host = !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '[' | ']' | '_'));
    let is_web = matches!(scheme, "http" | "https" | "ws" | "wss");
    if !is_host || !is_web || !path.starts_with('/') {
        return None;
    }
    let scheme = if matches!(scheme, "https" | "wss") {
        "https"
    } else {
        "http"
    };
    wanted(&format!("{scheme}://{host}{path}"), method)
}

fn wanted(url: &str, method: Method) -> Option<Wanted> {
    let after_host = url
        .split_once("://")?
        .1
        .split_once('/')
        .map_or("", |(_, rest)| rest);
    let raw_path = after_host.split(['?', '#']).next().unwrap_or_default();
    Some(Wanted {
        raw_path: format!("/{raw_path}"),
        url: clean(url)?,
        method,
    })
}

/// True for somebody who looks at a page; false for programs, which cannot sign in.
pub(super) fn is_navigation(method: &Method, headers: &HeaderMap) -> bool {
    let says = |name: &str| {
        headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    };
    matches!(*method, Method::GET | Method::HEAD)
        && says("accept").contains("text/html")
        && says("x-requested-with").is_empty()
        && matches!(says("sec-fetch-mode"), "" | "navigate")
}
