//! The documents the interface was built with, embedded beside it.

use std::{collections::HashMap, sync::LazyLock};

use async_graphql::parser::parse_query;

use super::assets;

/// A document, by its id.
pub(super) struct Document {
    /// Its text.
    pub text: String,
    /// Name of its operation.
    pub name: String,
}

static DOCUMENTS: LazyLock<HashMap<String, Document>> = LazyLock::new(|| {
    let texts = assets::documents().unwrap_or_default();
    let texts: HashMap<String, String> = serde_json::from_slice(&texts).unwrap_or_default();
    let named = texts.into_iter().filter_map(|(id, text)| {
        let name = name_of(&text)?;
        Some((id, Document { text, name }))
    });
    named.collect()
});

/// A document of ours.
pub(super) fn find(id: &str) -> Option<&'static Document> {
    DOCUMENTS.get(id)
}

fn name_of(text: &str) -> Option<String> {
    let document = parse_query(text).ok()?;
    let (name, _) = document.operations.iter().next()?;
    name.map(ToString::to_string)
}
