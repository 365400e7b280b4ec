//! Events.

use chrono::{DateTime, Utc};
use k8s_openapi::{api::core::v1, apimachinery::pkg::apis::meta::v1::MicroTime};
use kube::ResourceExt;

use super::{created_at, message, time, word};
use crate::{alerts::finding::Owner, cluster::model::Event};

/// An event. Old and new components fill different fields: what is there is taken.
pub fn event(event: &v1::Event) -> Option<Event> {
    let about = &event.involved_object;
    let series = event.series.as_ref();
    let made = created_at(event);
    let began = event.event_time.as_ref().and_then(precise);
    let first_at = event
        .first_timestamp
        .as_ref()
        .and_then(time)
        .or(began)
        .unwrap_or(made);
    let repeated = series
        .and_then(|s| s.last_observed_time.as_ref())
        .and_then(precise);
    let last_at = event
        .last_timestamp
        .as_ref()
        .and_then(time)
        .or(repeated)
        .unwrap_or(first_at);
    let source = event.source.as_ref().and_then(|s| s.component.as_deref());
    let reporter = source
        .or(event.reporting_component.as_deref())
        .unwrap_or_default();
    Some(Event {
        uid: event.uid()?.into(),
        namespace: word(about.namespace.as_deref().unwrap_or_default()),
        object: Owner {
            kind: about.kind.clone().unwrap_or_default(),
            name: about.name.clone().unwrap_or_default(),
        },
        warning: event.type_.as_deref() == Some("Warning"),
        reason: word(event.reason.as_deref().unwrap_or_default()),
        message: message(event.message.as_deref().unwrap_or_default()),
        reporter: word(reporter),
        count: series.and_then(|s| s.count).or(event.count).unwrap_or(1),
        first_at,
        last_at,
    })
}

fn precise(time: &MicroTime) -> Option<DateTime<Utc>> {
    let nanoseconds = u32::try_from(time.0.subsec_nanosecond()).unwrap_or_default();
    DateTime::from_timestamp(time.0.as_second(), nanoseconds)
}
