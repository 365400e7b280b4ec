//! What leads into the cluster: Ingresses and HTTPRoutes, as far as they may be pages.

use std::{collections::BTreeMap, sync::Arc};

use k8s_openapi::api::networking::v1::Ingress;
use kube::{Resource, ResourceExt, api::DynamicObject};
use serde_json::Value;

use crate::{
    cluster::model::Route,
    pages::discovery::{Found, TITLE},
};

/// Annotations that are kept.
const OURS: &str = "porthole.dev/";

/// An Ingress.
pub fn ingress(object: &Ingress) -> Option<Route> {
    let spec = object.spec.as_ref();
    let rule = spec
        .and_then(|spec| spec.rules.as_ref())
        .and_then(|rules| rules.iter().find(|rule| is_host(rule.host.as_deref())));
    let host = rule.and_then(|rule| rule.host.clone()).unwrap_or_default();
    let path = rule
        .and_then(|rule| rule.http.as_ref())
        .and_then(|http| http.paths.first());
    let tls = spec
        .and_then(|spec| spec.tls.as_deref())
        .unwrap_or_default();
    let is_secure = tls.iter().any(|tls| {
        let hosts = tls.hosts.as_deref().unwrap_or_default();
        hosts.is_empty() || hosts.contains(&host)
    });
    let beginning = path
        .filter(|path| path.path_type == "Prefix")
        .and_then(|path| path.path.as_deref());
    let service = path
        .and_then(|path| path.backend.service.as_ref())
        .map(|service| service.name.clone());
    route(object, "Ingress", is_secure, &host, beginning, service)
}

/// A Gateway API HTTPRoute. Whether its gateway speaks TLS is not in it: https is what one would want.
pub fn http_route(object: &DynamicObject) -> Option<Route> {
    let at = |pointer: &str| object.data.pointer(pointer).and_then(Value::as_str);
    let hosts = object
        .data
        .pointer("/spec/hostnames")
        .and_then(Value::as_array);
    let host = hosts
        .and_then(|hosts| {
            hosts
                .iter()
                .filter_map(Value::as_str)
                .find(|h| is_host(Some(h)))
        })
        .unwrap_or_default();
    let first = "/spec/rules/0/matches/0/path";
    let beginning = at(&format!("{first}/value"))
        .filter(|_| at(&format!("{first}/type")).unwrap_or("PathPrefix") == "PathPrefix");
    let service = at("/spec/rules/0/backendRefs/0/name").map(str::to_owned);
    route(object, "HTTPRoute", true, host, beginning, service)
}

fn route<K: Resource>(
    object: &K,
    kind: &'static str,
    is_secure: bool,
    host: &str,
    path: Option<&str>,
    service: Option<String>,
) -> Option<Route> {
    let annotations: BTreeMap<String, String> = object
        .annotations()
        .iter()
        .filter(|(name, _)| name.starts_with(OURS))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let scheme = if is_secure { "https" } else { "http" };
    let namespace = object.namespace().unwrap_or_default();
    let page = annotations.contains_key(TITLE).then(|| Found {
        source: format!("{kind} {namespace}/{}", object.name_any()),
        url: format!("{scheme}://{host}{}", path.unwrap_or("/")),
        namespace: namespace.clone(),
        service,
        annotations,
    });
    Some(Route {
        uid: Arc::from(object.uid()?),
        page,
    })
}

/// A host that one can go to: there, and no wildcard.
fn is_host(host: Option<&str>) -> bool {
    host.is_some_and(|host| !host.is_empty() && !host.contains('*'))
}
