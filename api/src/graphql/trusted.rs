//! Trusted documents: those the interface was built with, which it names instead of sending them. A server may take no
//! others from browsers.

use std::{any::TypeId, sync::Arc};

use async_graphql::{
    Request, ServerError, ValidationResult,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation},
};

use crate::{
    error::{Error, Result},
    viewer::Viewer,
};

/// Put into a request that names its document.
#[derive(Clone, Copy, Debug)]
pub enum Named {
    /// One of ours; the name of its operation.
    Known(&'static str),
    /// None that this server knows.
    Unknown,
}

/// The name of a trusted document's operation; `None` when the client sent a document of its own.
///
/// # Errors
/// UNKNOWN_DOCUMENT.
pub fn name_of(request: &Request) -> Result<Option<&'static str>> {
    let named = request.data.get(&TypeId::of::<Named>());
    match named.and_then(|named| named.downcast_ref()) {
        None => Ok(None),
        Some(Named::Known(name)) => Ok(Some(name)),
        Some(Named::Unknown) => Err(Error::UnknownDocument),
    }
}

/// Refuses documents that browsers made up. Programs with an API token may ask what they like.
pub struct TrustedOnly;

impl ExtensionFactory for TrustedOnly {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for TrustedOnly {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let is_program = ctx
            .data_opt::<Viewer>()
            .is_some_and(|viewer| viewer.session().is_none());
        if is_program || ctx.data_opt::<Named>().is_some() {
            return next.run(ctx).await;
        }
        let error = async_graphql::Error::from(Error::TrustedDocumentsOnly);
        Err(vec![error.into_server_error(async_graphql::Pos::default())])
    }
}
