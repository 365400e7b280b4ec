//! What leads into the cluster: Ingresses, HTTPRoutes, Gateways and Services.

use std::{collections::BTreeMap, sync::Arc};

use k8s_openapi::api::{core::v1, networking::v1::Ingress};
use kube::{Resource, ResourceExt, api::DynamicObject};
use serde_json::Value;

use super::word;
use crate::{
    cluster::model::{Port, Route, Service},
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
    let secure = tls.iter().flat_map(|tls| tls.hosts.iter().flatten());
    let secure_hosts = hosts(secure.map(String::as_str));
    let page = page(object, "Ingress", is_secure, &host, beginning, service);
    route(object, "Ingress", secure_hosts, page)
}

/// A Gateway API HTTPRoute. Whether its gateway speaks TLS is not in it: https is what one would want.
pub fn http_route(object: &DynamicObject) -> Option<Route> {
    let at = |pointer: &str| object.data.pointer(pointer).and_then(Value::as_str);
    let names = object
        .data
        .pointer("/spec/hostnames")
        .and_then(Value::as_array);
    let host = names
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
    let page = page(object, "HTTPRoute", true, host, beginning, service);
    route(object, "HTTPRoute", Vec::new(), page)
}

/// A Gateway API Gateway: it says which hosts are served over TLS.
pub fn gateway(object: &DynamicObject) -> Option<Route> {
    let listeners = object
        .data
        .pointer("/spec/listeners")
        .and_then(Value::as_array);
    let secure = listeners
        .into_iter()
        .flatten()
        .filter(|listener| matches!(listener["protocol"].as_str(), Some("HTTPS" | "TLS")))
        .filter_map(|listener| listener["hostname"].as_str());
    route(object, "Gateway", hosts(secure), None)
}

/// A Service.
pub fn service(object: &v1::Service) -> Option<Service> {
    let spec = object.spec.clone().unwrap_or_default();
    let balancer = object
        .status
        .as_ref()
        .and_then(|s| s.load_balancer.as_ref());
    let ingress = balancer
        .and_then(|b| b.ingress.as_deref())
        .unwrap_or_default();
    let given = ingress
        .iter()
        .filter_map(|i| i.hostname.as_ref().or(i.ip.as_ref()));
    let external = given
        .chain(spec.external_ips.iter().flatten())
        .chain(&spec.external_name);
    let port = |port: &v1::ServicePort| Port {
        port: port.port,
        node_port: port.node_port,
        protocol: word(port.protocol.as_deref().unwrap_or("TCP")),
    };
    Some(Service {
        uid: object.uid()?.into(),
        namespace: word(&object.namespace().unwrap_or_default()),
        name: word(&object.name_any()),
        kind: word(spec.type_.as_deref().unwrap_or("ClusterIP")),
        cluster_ip: spec
            .cluster_ip
            .as_deref()
            .filter(|ip| !ip.is_empty() && *ip != "None")
            .map(Into::into),
        external: external.map(|name| name.as_str().into()).collect(),
        ports: spec.ports.iter().flatten().map(port).collect(),
    })
}

fn route<K: Resource>(
    object: &K,
    kind: &str,
    secure_hosts: Vec<Box<str>>,
    page: Option<Found>,
) -> Option<Route> {
    let namespace = object.namespace().unwrap_or_default();
    Some(Route {
        uid: Arc::from(object.uid()?),
        source: format!("{kind} {namespace}/{}", object.name_any()).into(),
        secure_hosts,
        page,
    })
}

/// The page an object says it is.
fn page<K: Resource>(
    object: &K,
    kind: &'static str,
    is_secure: bool,
    host: &str,
    path: Option<&str>,
    service: Option<String>,
) -> Option<Found> {
    let annotations: BTreeMap<String, String> = object
        .annotations()
        .iter()
        .filter(|(name, _)| name.starts_with(OURS))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let scheme = if is_secure { "https" } else { "http" };
    let namespace = object.namespace().unwrap_or_default();
    annotations.contains_key(TITLE).then(|| Found {
        source: format!("{kind} {namespace}/{}", object.name_any()),
        url: format!("{scheme}://{host}{}", path.unwrap_or("/")),
        namespace: namespace.clone(),
        service,
        annotations,
    })
}

/// The hosts among these that one can go to.
fn hosts<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Box<str>> {
    names
        .filter(|name| is_host(Some(name)))
        .map(Into::into)
        .collect()
}

/// A host that one can go to: there, and no wildcard.
fn is_host(host: Option<&str>) -> bool {
    host.is_some_and(|host| !host.is_empty() && !host.contains('*'))
}
