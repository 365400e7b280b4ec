//! Argo CD's applications.

use kube::{ResourceExt, api::DynamicObject};
use serde_json::Value;

use super::{created_at, message, moment, word};
use crate::cluster::model::{Application, Condition, Operation, Tuning};

/// An Argo CD Application. Its API is not ours to type: what is missing or other than expected is left out.
pub fn application(object: &DynamicObject) -> Option<Application> {
    let at = |pointer: &str| {
        let text = object.data.pointer(pointer).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    };
    let time = |pointer: &str| at(pointer).and_then(moment);
    // An application with several sources is told by its first.
    let spec = |field: &str| {
        at(&format!("/spec/source/{field}")).or_else(|| at(&format!("/spec/sources/0/{field}")))
    };
    let revision = at("/status/sync/revision").or_else(|| at("/status/sync/revisions/0"));
    let operation = at("/status/operationState/phase").map(|phase| Operation {
        phase: word(phase),
        message: message(at("/status/operationState/message").unwrap_or_default()),
        started_at: time("/status/operationState/startedAt"),
        finished_at: time("/status/operationState/finishedAt"),
    });
    let conditions = object
        .data
        .pointer("/status/conditions")
        .and_then(Value::as_array);
    let condition = |c: &Value| {
        Some(Condition {
            kind: word(c["type"].as_str()?),
            message: message(c["message"].as_str().unwrap_or_default()),
            since: c["lastTransitionTime"].as_str().and_then(moment),
        })
    };
    Some(Application {
        uid: object.uid()?.into(),
        namespace: word(&object.namespace().unwrap_or_default()),
        name: word(&object.name_any()),
        repository: spec("repoURL").map(Into::into),
        path: spec("path").or_else(|| spec("chart")).map(Into::into),
        target: spec("targetRevision").map(Into::into),
        destination: at("/spec/destination/namespace").map(word),
        sync: word(at("/status/sync/status").unwrap_or("Unknown")),
        revision: revision.map(Into::into),
        health: word(at("/status/health/status").unwrap_or("Unknown")),
        health_since: time("/status/health/lastTransitionTime"),
        health_message: at("/status/health/message").map(message),
        operation,
        conditions: conditions
            .map(|all| all.iter().filter_map(condition).collect())
            .unwrap_or_default(),
        created_at: created_at(object),
        tuning: Tuning::read(object.annotations()),
    })
}
