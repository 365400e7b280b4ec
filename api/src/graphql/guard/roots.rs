//! The fields at an operation's root. The analysis has bounded what fragments expand to, and refused cycles.

use std::collections::HashSet;

use async_graphql::{
    Positioned,
    parser::types::{
        Directive, DocumentOperations, ExecutableDocument, Field, OperationDefinition,
        OperationType, Selection, SelectionSet,
    },
};

/// Their names, fragments expanded.
pub(super) fn names(document: &ExecutableDocument, set: &SelectionSet) -> Vec<String> {
    let mut names = Vec::new();
    collect(document, set, &mut names);
    names
}

fn collect(document: &ExecutableDocument, set: &SelectionSet, names: &mut Vec<String>) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => names.push(field.node.name.node.to_string()),
            Selection::InlineFragment(fragment) => {
                collect(document, &fragment.node.selection_set.node, names);
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                if let Some(fragment) = document.fragments.get(name) {
                    collect(document, &fragment.node.selection_set.node, names);
                }
            }
        }
    }
}

/// A subscription with its field at the root itself: the library does not look for it in fragments. `None` when it is
/// there already, or when there is nothing to find: validation says why.
pub(super) fn lifted(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Option<ExecutableDocument> {
    let set = &operation.selection_set.node;
    let is_there = |item: &Positioned<Selection>| matches!(item.node, Selection::Field(_));
    if operation.ty != OperationType::Subscription || set.items.iter().all(is_there) {
        return None;
    }
    let mut left = HashSet::new();
    let field = find(document, set, &[], &mut left)?;
    let pos = field.pos;
    let mut document = document.clone();
    let operation = match &mut document.operations {
        DocumentOperations::Single(only) => only,
        DocumentOperations::Multiple(all) => all
            .values_mut()
            // No two sets begin at the same place.
            .find(|each| each.node.selection_set.pos == operation.selection_set.pos)?,
    };
    operation.node.selection_set.node.items = vec![Positioned::new(Selection::Field(field), pos)];
    let mut used = HashSet::new();
    for (_, operation) in document.operations.iter() {
        spreads(&document, &operation.node.selection_set.node, &mut used);
    }
    let gone: Vec<String> = left.difference(&used).cloned().collect();
    document
        .fragments
        .retain(|name, _| !gone.iter().any(|each| each == name.as_str()));
    Some(document)
}

/// The only field, with the directives of the fragments it lies in; `left` takes the names of those.
fn find(
    document: &ExecutableDocument,
    set: &SelectionSet,
    directives: &[Positioned<Directive>],
    left: &mut HashSet<String>,
) -> Option<Positioned<Field>> {
    set.items.iter().find_map(|item| {
        let outer = [directives, item.node.directives()].concat();
        match &item.node {
            Selection::Field(field) => {
                let mut field = field.clone();
                field.node.directives = outer;
                Some(field)
            }
            Selection::InlineFragment(fragment) => {
                find(document, &fragment.node.selection_set.node, &outer, left)
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                let fragment = document.fragments.get(name)?;
                let inner = &fragment.node.selection_set.node;
                // One on another type is for validation to refuse.
                let fits = fragment.node.type_condition.node.on.node == "Subscription";
                let found = fits.then(|| find(document, inner, &outer, left))??;
                left.insert(name.to_owned());
                Some(found)
            }
        }
    })
}

/// Names of the fragments that a selection leads to.
fn spreads(document: &ExecutableDocument, set: &SelectionSet, used: &mut HashSet<String>) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => spreads(document, &field.node.selection_set.node, used),
            Selection::InlineFragment(fragment) => {
                spreads(document, &fragment.node.selection_set.node, used);
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                let fragment = document.fragments.get(name);
                if let Some(fragment) = fragment.filter(|_| used.insert(name.to_owned())) {
                    spreads(document, &fragment.node.selection_set.node, used);
                }
            }
        }
    }
}
