//! cert-manager's certificates, and the steps to get one.

use kube::{ResourceExt, api::DynamicObject};
use serde_json::Value;

use super::{controller, created_at, message, moment, word};
use crate::{
    alerts::finding::Owner,
    cluster::model::{Certificate, Issuing, Tuning},
};

/// A cert-manager Certificate. Its API is not ours to type: what is missing or other than expected is left out.
pub fn certificate(object: &DynamicObject) -> Option<Certificate> {
    let data = &object.data;
    let at = |pointer: &str| data.pointer(pointer).and_then(Value::as_str);
    let moment = |pointer: &str| at(pointer).and_then(moment);
    let conditions = data.pointer("/status/conditions").and_then(Value::as_array);
    let condition = |name: &str| conditions.and_then(|all| all.iter().find(|c| c["type"] == name));
    let created_at = created_at(object);
    let said = |c: &Value| message(c["message"].as_str().unwrap_or_default());
    let names = |pointer: &str| {
        let all = data.pointer(pointer).and_then(Value::as_array).cloned();
        all.unwrap_or_default()
            .iter()
            .filter_map(|name| Some(name.as_str()?.into()))
            .collect::<Vec<Box<str>>>()
    };
    let mut dns_names = names("/spec/dnsNames");
    if let Some(common) = at("/spec/commonName").filter(|_| dns_names.is_empty()) {
        dns_names.push(common.into());
    }
    Some(Certificate {
        uid: object.uid()?.into(),
        namespace: word(&object.namespace().unwrap_or_default()),
        name: object.name_any().into(),
        dns_names,
        secret_name: at("/spec/secretName").map(Into::into),
        issuer: at("/spec/issuerRef/name").map(|name| {
            let kind = at("/spec/issuerRef/kind").unwrap_or("Issuer");
            format!("{kind}/{name}").into()
        }),
        not_before: moment("/status/notBefore"),
        not_after: moment("/status/notAfter"),
        renewal_at: moment("/status/renewalTime"),
        ready: condition("Ready").map(|c| {
            let since = c["lastTransitionTime"].as_str().and_then(super::moment);
            (c["status"] == "True", since.unwrap_or(created_at), said(c))
        }),
        failure: condition("Issuing")
            .filter(|c| c["status"] == "False" && c["reason"] == "Failed")
            .map(said),
        failed_attempts: data
            .pointer("/status/failedIssuanceAttempts")
            .and_then(Value::as_i64)
            .and_then(|n| i32::try_from(n).ok())
            .unwrap_or_default(),
        created_at,
        tuning: Tuning::read(object.annotations()),
    })
}

/// A CertificateRequest, an Order or a Challenge.
pub fn issuing(kind: &str, object: &DynamicObject) -> Option<Issuing> {
    let at = |pointer: &str| {
        let text = object.data.pointer(pointer).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    };
    // A CertificateRequest says how it stands in its Ready condition; the others in `state` and `reason`.
    let conditions = object
        .data
        .pointer("/status/conditions")
        .and_then(Value::as_array);
    let ready = conditions.and_then(|all| all.iter().find(|c| c["type"] == "Ready"));
    let of_ready = |field: &str| ready.and_then(|c| c[field].as_str());
    Some(Issuing {
        uid: object.uid()?.into(),
        namespace: word(&object.namespace().unwrap_or_default()),
        owner: Owner {
            kind: kind.to_owned(),
            name: object.name_any(),
        },
        controller: controller(object.owner_references()),
        state: at("/status/state").or(of_ready("reason")).map(Into::into),
        reason: at("/status/reason").or(of_ready("message")).map(message),
        presented: object.data.pointer("/status/presented") == Some(&Value::Bool(true)),
        created_at: created_at(object),
    })
}
