//! Numbers of each operation: how long it took and how many statements it needed. Of a stream each event counts.

use std::{sync::Arc, time::Instant};

use async_graphql::{
    Response,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
    parser::types::OperationType,
};

use tracing::Instrument;

use crate::{telemetry, trace};

/// What an operation is called in numbers and traces: never by a name that a client made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(pub &'static str);

impl From<OperationType> for Label {
    fn from(operation: OperationType) -> Self {
        Self(match operation {
            OperationType::Query => "query",
            OperationType::Mutation => "mutation",
            OperationType::Subscription => "subscription",
        })
    }
}

/// Watches every execution.
pub struct Observed;

impl ExtensionFactory for Observed {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for Observed {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let Some(Label(label)) = ctx.data_opt::<Label>().copied() else {
            return next.run(ctx, operation_name).await;
        };
        let began = Instant::now();
        let span = trace::operation(label);
        let work = next.run(ctx, operation_name).instrument(span.clone());
        let (response, statements) = telemetry::counting(work).await;
        span.record("statements", statements);
        metrics::histogram!("porthole_operation_seconds", "operation" => label)
            .record(began.elapsed());
        metrics::histogram!("porthole_operation_statements", "operation" => label)
            .record(statements);
        response
    }
}
