//! Identical subscriptions run once, and everybody who has them gets the same bytes.
//!
//! A group's stream runs in a task of its own and is broadcast. Whoever joins first takes the broadcast's receiver, then
//! runs the beginning (a snapshot) for themselves, and then forwards what the group tells, without what that beginning
//! held already. Nothing falls between, and no older state comes after a newer one. A member that was too slow for the
//! broadcast begins again, with a resync; the others do not notice.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use async_graphql::{
    Name, Value, Variables,
    parser::types::{OperationType, Selection},
};
use futures::{StreamExt, stream, stream::BoxStream};
use tokio::{
    sync::broadcast::{self, Receiver, WeakSender, error::RecvError},
    task::AbortHandle,
};

use super::{
    Counted, Frame,
    run::{Document, Recipe, Told, run},
};
use crate::{
    graphql::{
        guard::Passed,
        live::ResyncReason,
        scope::{self, Audience},
        stream::Restart,
    },
    http::cost::meter,
    schema::Schema,
    users::api_token::meter::Meter,
    viewer::REQUEST_ID,
};

/// Frames that a slow member may be behind before it begins again.
const BACKLOG: usize = 1024;

/// What makes two subscriptions the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    document: String,
    operation_name: Option<String>,
    variables: String,
    audience: Audience,
}

/// A subscription that may be shared.
pub(super) struct Shared {
    key: Key,
    /// Without the cursor that one member goes on behind.
    variables: Variables,
    resumes: bool,
}

/// What a subscription has in common with others; `None` when it must run alone.
pub(super) fn shared(recipe: &Recipe, passed: &Passed) -> Option<Shared> {
    let [field] = passed.roots.as_slice() else {
        return None;
    };
    if passed.operation != OperationType::Subscription {
        return None;
    }
    let audience = scope::audience(&recipe.viewer, field)?;
    let mut variables = recipe.variables.clone();
    let resumes = match after(recipe)? {
        After::Nothing => false,
        After::Variable(name) => match variables.get(&name) {
            None | Some(Value::Null) => false,
            Some(_) => {
                variables.insert(name, Value::Null);
                true
            }
        },
    };
    Some(Shared {
        key: Key {
            document: recipe.document.text.clone(),
            operation_name: recipe.document.operation_name.clone(),
            variables: serde_json::to_string(&variables).ok()?,
            audience,
        },
        variables,
        resumes,
    })
}

/// How a subscription says behind which cursor it goes on.
enum After {
    Nothing,
    Variable(Name),
}

/// `None` where it is written into the document, or somewhere that is not looked for: such a subscription runs alone.
fn after(recipe: &Recipe) -> Option<After> {
    let document = &recipe.document;
    let wanted = document.operation_name.as_deref();
    let mut operations = document.parsed.as_ref()?.operations.iter();
    let (_, operation) =
        operations.find(|(name, _)| wanted.is_none() || name.map(Name::as_str) == wanted)?;
    let [root] = operation.node.selection_set.node.items.as_slice() else {
        return None;
    };
    let Selection::Field(field) = &root.node else {
        return None;
    };
    let Some(value) = field.node.get_argument("after") else {
        return Some(After::Nothing);
    };
    let value = value.node.to_string();
    Some(After::Variable(Name::new(value.strip_prefix('$')?)))
}

/// The groups of one process.
#[derive(Clone, Default)]
pub struct Groups(Arc<Mutex<HashMap<Key, Weak<Group>>>>);

/// Runs as long as it has members.
struct Group {
    document: Arc<Document>,
    frames: WeakSender<Arc<Told>>,
    task: AbortHandle,
}

impl Drop for Group {
    fn drop(&mut self) {
        self.task.abort();
        metrics::gauge!("porthole_subscription_groups").decrement(1.0);
    }
}

impl Groups {
    /// The stream of one member.
    pub(super) fn join(
        &self,
        schema: &Schema,
        recipe: Recipe,
        shared: &Shared,
        counted: Counted,
    ) -> BoxStream<'static, Frame> {
        let (group, frames, is_first) = self.find(schema, &recipe, shared);
        let recipe = Recipe {
            document: Arc::clone(&group.document),
            ..recipe
        };
        let mut member = Member {
            schema: schema.clone(),
            recipe,
            frames,
            own: None,
            held: Vec::new(),
            _group: group,
            _counted: counted,
        };
        // Whoever is first needs no beginning of their own: the group's is theirs.
        if !is_first || shared.resumes {
            let paid = meter(Some(&member.recipe.viewer), &member.recipe.origin);
            member.begin(member.recipe.request(paid));
        }
        stream::unfold(Some(member), |member| async move {
            let mut member = member?;
            let frame = member.next().await;
            let rest = (!frame.is_last()).then_some(member);
            Some((frame, rest))
        })
        .boxed()
    }

    /// The group, a receiver of what it tells from now on, and whether it was made just now.
    fn find(
        &self,
        schema: &Schema,
        recipe: &Recipe,
        shared: &Shared,
    ) -> (Arc<Group>, Receiver<Arc<Told>>, bool) {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let running = groups.get(&shared.key).and_then(Weak::upgrade);
        if let Some(group) = running
            // A stream that came to its end takes no more members.
            && let Some(frames) = group.frames.upgrade()
        {
            return (Arc::clone(&group), frames.subscribe(), false);
        }
        groups.retain(|_, group| group.strong_count() > 0);
        let (group, frames) = start(schema, recipe, shared);
        groups.insert(shared.key.clone(), Arc::downgrade(&group));
        (group, frames, true)
    }
}

/// A new group. Its first member pays for it, unless they run a beginning of their own.
fn start(schema: &Schema, recipe: &Recipe, shared: &Shared) -> (Arc<Group>, Receiver<Arc<Told>>) {
    let (sender, frames) = broadcast::channel(BACKLOG);
    let mut common = recipe.clone();
    common.variables.clone_from(&shared.variables);
    let paid = if shared.resumes {
        Meter::default()
    } else {
        meter(Some(&recipe.viewer), &recipe.origin)
    };
    let mut steps = run(schema, common.request(paid));
    let weak = sender.downgrade();
    let work = async move {
        while let Some(told) = steps.next().await {
            let _ = sender.send(Arc::new(told));
        }
    };
    let task = tokio::spawn(REQUEST_ID.scope(crate::viewer::request_id(), work)).abort_handle();
    metrics::gauge!("porthole_subscription_groups").increment(1.0);
    let group = Group {
        document: Arc::clone(&recipe.document),
        frames: weak,
        task,
    };
    (Arc::new(group), frames)
}

/// One subscriber.
struct Member {
    schema: Schema,
    recipe: Recipe,
    frames: Receiver<Arc<Told>>,
    /// A beginning of its own, while it lasts.
    own: Option<BoxStream<'static, Told>>,
    /// What that beginning held of each source.
    held: Vec<u64>,
    _group: Arc<Group>,
    _counted: Counted,
}

impl Member {
    fn begin(&mut self, request: async_graphql::Request) {
        self.own = Some(run(&self.schema, request));
    }

    async fn next(&mut self) -> Frame {
        loop {
            if let Some(own) = &mut self.own
                && let Some(Told { frame, mark }) = own.next().await
            {
                if mark.begun {
                    self.held = mark.versions;
                    self.own = None;
                }
                return frame;
            }
            match self.frames.recv().await {
                Ok(told) if self.has(&told.mark.versions) => {}
                Ok(told) => return told.frame.clone(),
                Err(RecvError::Closed) => return Frame::Complete,
                Err(RecvError::Lagged(_)) => {
                    metrics::counter!("porthole_resyncs_total", "reason" => "lagged").increment(1);
                    // What is behind now is in the snapshot that comes.
                    self.frames = self.frames.resubscribe();
                    let request = self.recipe.request(Meter::default());
                    self.begin(request.data(Restart(ResyncReason::Lagged)));
                }
            }
        }
    }

    /// True for a step that the beginning held already.
    fn has(&self, versions: &[u64]) -> bool {
        !versions.is_empty()
            && versions.len() == self.held.len()
            && versions
                .iter()
                .zip(&self.held)
                .all(|(told, held)| told <= held)
    }
}
