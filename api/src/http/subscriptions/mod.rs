//! Operations as streams of finished answers: what sockets and server-sent events have in common.

mod groups;
mod place;
mod run;

use async_graphql::parser::types::OperationType;
use axum::extract::ws::Utf8Bytes;
use futures::{StreamExt, stream::BoxStream};
use serde_json::Value;

pub use groups::Groups;
pub(super) use place::Place;

use super::{Server, answer::with_code, cost::meter};
use crate::{
    graphql::{guard::Passed, scope},
    live::Topic,
    users::credential,
    viewer::{Origin, Viewer},
};
use run::Recipe;

/// One thing to tell a client about its operation.
#[derive(Clone, Debug)]
pub(super) enum Frame {
    /// An execution's result, as JSON.
    Answer(Utf8Bytes),
    /// Why the operation did not run, or broke: the last that is told of it.
    Refused(Vec<Value>),
    /// The operation came to its end.
    Complete,
}

impl Frame {
    /// True for the last frame of an operation.
    pub(super) fn is_last(&self) -> bool {
        !matches!(self, Self::Answer(_))
    }

    pub(super) fn refused(errors: &[async_graphql::ServerError]) -> Self {
        Self::Refused(errors.iter().map(with_code).collect())
    }
}

/// Runs an operation that passed the guard and the check of its scopes; subscriptions that others have too run once for
/// all of them.
pub(super) fn answers(
    server: &Server,
    request: async_graphql::Request,
    passed: &Passed,
    viewer: &Viewer,
    origin: &Origin,
) -> BoxStream<'static, Frame> {
    let recipe = Recipe::new(request, viewer, origin);
    let counted = Counted::of(passed);
    match groups::shared(&recipe, passed) {
        Some(shared) => server.groups.join(&server.schema, recipe, &shared, counted),
        None => run::run(&server.schema, recipe.request(meter(Some(viewer), origin)))
            .map(move |told| {
                // As long as the stream lives.
                let _ = &counted;
                told.frame
            })
            .boxed(),
    }
}

/// Counts a running subscription by its root field, for the metrics.
struct Counted(Option<&'static str>);

impl Counted {
    fn of(passed: &Passed) -> Self {
        let field = match (passed.operation, passed.roots.as_slice()) {
            (OperationType::Subscription, [field]) => scope::subscription(field),
            _ => None,
        };
        if let Some(field) = field {
            metrics::gauge!("porthole_subscriptions", "field" => field).increment(1.0);
        }
        Self(field)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if let Some(field) = self.0 {
            metrics::gauge!("porthole_subscriptions", "field" => field).decrement(1.0);
        }
    }
}

/// False once what somebody came with is gone or its rights are other ones.
pub(super) async fn stands(server: &Server, viewer: &Viewer, topic: Option<Topic>) -> bool {
    let concerns = match topic {
        Some(Topic::User(user)) => user == viewer.user_id,
        // Lagged or lost: anything may have changed.
        None | Some(Topic::Gap) => true,
        Some(_) => false,
    };
    if !concerns {
        return true;
    }
    match credential::still_valid(&server.app, viewer).await {
        Ok(now) => now.as_ref() == Some(viewer),
        // The database does not answer: keep what was true, and look again at the next topic.
        Err(_) => true,
    }
}
