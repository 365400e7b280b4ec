//! One execution.

use std::{any::TypeId, panic::AssertUnwindSafe, sync::Arc};

use async_graphql::{Request, Response, Variables, parser::types::ExecutableDocument};
use axum::extract::ws::Utf8Bytes;
use futures::{StreamExt, stream, stream::BoxStream};

use super::Frame;
use crate::{
    error::Error,
    graphql::{
        observe::Label,
        stream::{Mark, Marks},
        trusted::Named,
    },
    schema::{Executed, Schema},
    users::api_token::meter::Meter,
    viewer::{Origin, Viewer},
};

/// What an operation says, whoever asks it.
pub(super) struct Document {
    pub(super) text: String,
    pub(super) operation_name: Option<String>,
    pub(super) parsed: Option<ExecutableDocument>,
    label: Option<Label>,
    named: Option<Named>,
}

/// What makes the same request again: the library's own can be run only once.
#[derive(Clone)]
pub(super) struct Recipe {
    /// The same for all members of a group.
    pub(super) document: Arc<Document>,
    pub(super) variables: Variables,
    pub(super) viewer: Viewer,
    pub(super) origin: Origin,
}

impl Recipe {
    /// From a request that passed the guard.
    pub(super) fn new(mut request: Request, viewer: &Viewer, origin: &Origin) -> Self {
        let document = Document {
            label: data(&request),
            named: data(&request),
            parsed: request.parsed_query().ok().cloned(),
            text: request.query,
            operation_name: request.operation_name,
        };
        Self {
            document: Arc::new(document),
            variables: request.variables,
            viewer: viewer.clone(),
            origin: origin.clone(),
        }
    }

    /// A request, paid for with `meter`.
    pub(super) fn request(&self, meter: Meter) -> Request {
        let document = &self.document;
        let mut request = Request::new(&document.text)
            .variables(self.variables.clone())
            .data(meter)
            .data(self.viewer.clone())
            .data(self.origin.clone());
        request.operation_name.clone_from(&document.operation_name);
        if let Some(parsed) = &document.parsed {
            request.set_parsed_query(parsed.clone());
        }
        if let Some(label) = document.label {
            request = request.data(label);
        }
        if let Some(named) = document.named {
            request = request.data(named);
        }
        request
    }
}

fn data<T: Copy + 'static>(request: &Request) -> Option<T> {
    let found = request.data.get(&TypeId::of::<T>())?;
    found.downcast_ref().copied()
}

/// A frame, and where the stream stands with it.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) frame: Frame,
    pub(super) mark: Mark,
}

/// Runs a request to its end; a resolver that panics ends it with INTERNAL.
pub(super) fn run(schema: &Schema, request: Request) -> BoxStream<'static, Told> {
    let (executed, marks) = (Executed::default(), Marks::default());
    let request = request.data(executed.clone()).data(marks.clone());
    let answers = AssertUnwindSafe(schema.execute_stream(request)).catch_unwind();
    stream::unfold(Some(answers.boxed()), move |answers| {
        let (executed, marks) = (executed.clone(), marks.clone());
        async move {
            let mut answers = answers?;
            let frame = match answers.next().await {
                // A request that never ran, or a stream that was refused.
                Some(Ok(answer)) if !answer.errors.is_empty() && !executed.get() => {
                    Frame::refused(&answer.errors)
                }
                Some(Ok(answer)) => Frame::Answer(json(&answer)),
                Some(Err(_)) => {
                    let error = Error::Internal(anyhow::anyhow!("a stream panicked"));
                    let error = async_graphql::Error::from(error);
                    Frame::refused(&[error.into_server_error(async_graphql::Pos::default())])
                }
                None => Frame::Complete,
            };
            let mark = marks.take();
            let rest = (!frame.is_last()).then_some(answers);
            Some((Told { frame, mark }, rest))
        }
    })
    .boxed()
}

fn json(answer: &Response) -> Utf8Bytes {
    serde_json::to_string(answer).unwrap_or_default().into()
}
