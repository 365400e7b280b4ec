//! Events in the schema.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, connection::Connection};
use chrono::{DateTime, Utc};

use super::{
    super::{Cluster, index::Keyed, model, source::Source},
    OrderDirection, Seen, SortKey,
    object::{Shown, id, list, wants},
    pod::OwnerInput,
};
use crate::{
    alerts::graphql::Owner,
    graphql::{PageArgs, page::price},
};

/// What a component said about an object. Kubernetes keeps events for about an hour, and may lose some.
#[derive(Clone)]
pub struct Event {
    id: ID,
    cluster: Arc<Cluster>,
    event: Arc<model::Event>,
}

impl Shown for Event {
    type Model = model::Event;
    const TYPE: &'static str = "Event";

    fn sources(cluster: &Cluster) -> &[Arc<Source<model::Event>>] {
        std::slice::from_ref(&cluster.events)
    }

    fn new(cluster: Arc<Cluster>, event: Arc<model::Event>) -> Self {
        Self {
            id: id::<Self>(&cluster, &event.key()),
            cluster,
            event,
        }
    }
}

/// What a component said about an object. Kubernetes keeps events for about an hour, and may lose some.
#[Object]
impl Event {
    /// Opaque id.
    pub async fn id(&self) -> &ID {
        &self.id
    }

    /// Name of the cluster.
    async fn cluster(&self) -> &str {
        &self.cluster.name
    }

    /// Namespace of the object; null for one without.
    async fn namespace(&self) -> Option<&str> {
        Some(&*self.event.namespace).filter(|namespace| !namespace.is_empty())
    }

    /// The object it is about.
    async fn object(&self) -> Owner {
        self.event.object.clone().into()
    }

    /// True for what may need somebody's attention.
    async fn warning(&self) -> bool {
        self.event.warning
    }

    /// Why, in one word, such as `FailedScheduling`.
    async fn reason(&self) -> &str {
        &self.event.reason
    }

    /// Why, in a sentence.
    async fn message(&self) -> &str {
        &self.event.message
    }

    /// Who says so, such as `kubelet`.
    async fn reporter(&self) -> &str {
        &self.event.reporter
    }

    /// How many times it was said.
    async fn count(&self) -> i32 {
        self.event.count
    }

    /// When it was said first.
    async fn first_seen_at(&self) -> DateTime<Utc> {
        self.event.first_at
    }

    /// When it was said last.
    async fn last_seen_at(&self) -> DateTime<Utc> {
        self.event.last_at
    }
}

/// Which events to list; all conditions hold.
#[derive(InputObject, Clone, Default)]
pub struct EventFilter {
    /// Only of this cluster.
    cluster: Option<String>,
    /// Only of this namespace.
    namespace: Option<String>,
    /// Only about this object.
    object: Option<OwnerInput>,
    /// Only warnings, or only others.
    warning: Option<bool>,
    /// Only with this text in their object's name, reason or message, in any case.
    text: Option<String>,
}

impl EventFilter {
    /// True for an event that is to be listed.
    pub fn fits(&self, cluster: &Cluster, event: &model::Event) -> bool {
        let has = |text: &String| {
            let text = text.to_lowercase();
            [&*event.object.name, &*event.reason, &*event.message]
                .iter()
                .any(|part| part.to_lowercase().contains(&text))
        };
        wants(self.cluster.as_ref(), &cluster.name)
            && wants(self.namespace.as_ref(), &event.namespace)
            && self.object.as_ref().is_none_or(|o| o.is(&event.object))
            && self.warning.is_none_or(|warning| warning == event.warning)
            && self.text.as_ref().is_none_or(has)
    }
}

/// What to sort events by.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum EventOrderField {
    /// When they were said last.
    LastSeenAt,
    /// How often they were said.
    Count,
}

/// How to sort events; those that are equal come by namespace and name.
#[derive(InputObject)]
pub struct EventOrder {
    /// What to sort by.
    field: EventOrderField,
    /// Direction.
    direction: OrderDirection,
}

fn key(field: EventOrderField, event: &model::Event) -> SortKey {
    let first = match field {
        EventOrderField::LastSeenAt => event.last_at.to_rfc3339(),
        EventOrderField::Count => format!("{:010}", event.count),
    };
    let (namespace, name) = (event.namespace.to_string(), event.object.name.clone());
    (first, namespace, name, event.uid.to_string())
}

/// Events: queries.
#[derive(Default)]
pub struct EventQuery;

#[Object]
impl EventQuery {
    /// Events of all watched clusters, newest first unless told otherwise.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "a connection's arguments")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which events to list.")] filter: Option<EventFilter>,
        #[graphql(desc = "How to sort them.")] order_by: Option<EventOrder>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Event, Seen>> {
        let filter = filter.unwrap_or_default();
        let order = order_by.unwrap_or(EventOrder {
            field: EventOrderField::LastSeenAt,
            direction: OrderDirection::Desc,
        });
        let args = PageArgs {
            first,
            after,
            last,
            before,
        };
        let fits = |cluster: &Cluster, event: &model::Event, _| filter.fits(cluster, event);
        list(ctx, args, order.direction, fits, |event| {
            key(order.field, event)
        })
    }
}
