//! Opaque ids of nodes: base64url of `Type:key`.

use async_graphql::ID;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    locale::Text,
};

/// A type name and a key within it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeId {
    /// Name of the GraphQL type.
    pub kind: String,
    /// Key of the object: a UUID for what the database holds.
    pub key: String,
}

impl NodeId {
    /// The id of an object.
    pub fn encode(kind: &str, key: impl std::fmt::Display) -> ID {
        ID(URL_SAFE_NO_PAD.encode(format!("{kind}:{key}")))
    }

    /// Reads an id; `None` when this server did not make it.
    pub fn decode(id: &ID) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(id.as_str()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (kind, key) = text.split_once(':')?;
        Some(Self {
            kind: kind.to_owned(),
            key: key.to_owned(),
        })
    }

    /// The UUID of an id that must be of type `kind`.
    ///
    /// # Errors
    /// NOT_FOUND for every other id: what is hidden, wrong or missing looks the same.
    pub fn uuid(id: &ID, kind: &str) -> Result<Uuid> {
        Self::decode(id)
            .filter(|node| node.kind == kind)
            .and_then(|node| node.key.parse().ok())
            .ok_or_else(|| {
                Error::NotFound(Text::as_is(format!("There is no {kind} with this id.")))
            })
    }
}
