//! What an operation costs: known after validation, paid before it runs, told in the answer.

use std::sync::{Arc, OnceLock};

use async_graphql::{
    ServerError, ValidationResult,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation},
};
use uuid::Uuid;

use super::{Budget, charge};
use crate::{app::App, error::Error};

/// Put into a request to learn its cost; with a token also to pay it.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    /// The token that pays, and the client's address.
    pub payer: Option<(Uuid, String)>,
    read: Arc<OnceLock<Reading>>,
}

/// What an operation cost.
#[derive(Copy, Clone, Debug)]
pub struct Reading {
    /// Points.
    pub cost: u32,
    /// What the token has left; `None` in a browser.
    pub budget: Option<Budget>,
}

impl Meter {
    /// A meter whose cost a token pays.
    pub fn paid_by(token: Uuid, address: String) -> Self {
        Self {
            payer: Some((token, address)),
            ..Self::default()
        }
    }

    /// The reading; `None` when the operation was refused before.
    pub fn reading(&self) -> Option<Reading> {
        self.read.get().copied()
    }
}

/// Reads the meter of each operation.
pub struct Metering(pub App);

impl ExtensionFactory for Metering {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self(self.0.clone()))
    }
}

#[async_trait::async_trait]
impl Extension for Metering {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let result = next.run(ctx).await?;
        let Some(meter) = ctx.data_opt::<Meter>() else {
            return Ok(result);
        };
        let cost = u32::try_from(result.complexity.max(1)).unwrap_or(u32::MAX);
        let budget = match &meter.payer {
            None => None,
            Some((token, address)) => {
                let paid = charge(&self.0, *token, cost, address).await;
                Some(paid.map_err(|e| vec![refused(e)])?)
            }
        };
        let _ = meter.read.set(Reading { cost, budget });
        Ok(result)
    }
}

fn refused(error: Error) -> ServerError {
    async_graphql::Error::from(error).into_server_error(async_graphql::Pos::default())
}
