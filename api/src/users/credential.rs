//! What a request proves: an API token in its `Authorization` header, or a browser's session in its cookies.

use http::HeaderMap;

use super::{
    api_token,
    session::{self, Proof},
};
use crate::{
    app::App,
    error::{Error, Result},
    viewer::{Credential, Origin, Viewer},
};

/// Finds out who sent a request. With `renew`, a session's expired access token is replaced.
///
/// # Errors
/// UNAUTHENTICATED for a bearer token that is none of ours: a program should hear of it; the database's.
/// A request that proves nothing is `None`.
pub async fn prove(
    app: &App,
    headers: &HeaderMap,
    origin: &Origin,
    renew: bool,
) -> Result<Option<Proof>> {
    match api_token::bearer(headers) {
        Some(secret) => Ok(Some(prove_token(app, secret).await?)),
        None => session::prove(app, headers, origin, renew).await,
    }
}

/// Who a token stands for.
///
/// # Errors
/// UNAUTHENTICATED, or the database's.
pub async fn prove_token(app: &App, secret: &str) -> Result<Proof> {
    let viewer = api_token::viewer(app, secret).await?;
    Ok(Proof {
        viewer: viewer.ok_or(Error::Unauthenticated)?,
        cookies: Vec::new(),
    })
}

/// Looks again whether what somebody came with still stands: sockets ask after each change of their user.
///
/// # Errors
/// The database's.
pub async fn still_valid(app: &App, viewer: &Viewer) -> Result<Option<Viewer>> {
    match &viewer.credential {
        Credential::Session(id) => session::viewer_of(app, *id).await,
        Credential::Token { id, .. } => api_token::viewer_of(app, *id).await,
    }
}
