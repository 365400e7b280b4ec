//! What a parsed document amounts to with its fragments expanded.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};

use super::{Limits, over};
use crate::{
    error::{Error, Result},
    locale::Text,
};

/// Introspection nests deeper than any question about data: graphql-js asks for 13 levels of `ofType`.
const INTROSPECTION_DEPTH: usize = 32;
/// Lists of introspection that lead to types again: inside each other they multiply, and nothing counts their cost.
const INTROSPECTION_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];
/// Most of them inside each other, as in graphql-js.
const INTROSPECTION_LISTS_DEPTH: usize = 2;

/// What a selection set amounts to with its fragments expanded.
#[derive(Clone, Copy, Default)]
struct Size {
    selections: usize,
    depth: usize,
    aliases: usize,
    directives: usize,
    roots: usize,
    sign_ins: usize,
    introspects: bool,
    /// Lists of introspection inside each other.
    lists: usize,
}

impl Size {
    fn add(&mut self, inner: Size, levels: usize) {
        self.selections = self.selections.saturating_add(inner.selections);
        self.aliases = self.aliases.saturating_add(inner.aliases);
        self.directives = self.directives.saturating_add(inner.directives);
        self.sign_ins = self.sign_ins.saturating_add(inner.sign_ins);
        self.depth = self.depth.max(inner.depth + levels);
        self.introspects |= inner.introspects;
        self.lists = self.lists.max(inner.lists);
    }
}

enum Fragment {
    InProgress,
    Known(Size),
}

struct Analysis<'a> {
    document: &'a ExecutableDocument,
    fragments: HashMap<&'a str, Fragment>,
    limits: &'a Limits,
    /// Variables that say how long a page is.
    sizes: HashSet<String>,
}

impl<'a> Analysis<'a> {
    /// Recursion is bounded by the bracket limit and the fragment depth.
    fn size(&mut self, set: &'a SelectionSet, fragment_depth: usize) -> Result<Size> {
        if fragment_depth > self.limits.fragment_depth {
            return Err(over(
                "fragments inside fragments",
                self.limits.fragment_depth,
            ));
        }
        let mut size = Size::default();
        let mut keys: HashMap<&str, usize> = HashMap::new();
        for item in &set.items {
            size.selections = size.selections.saturating_add(1);
            size.directives = size.directives.saturating_add(item.node.directives().len());
            match &item.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let repeats = keys.entry(field.response_key().node.as_str()).or_default();
                    *repeats += 1;
                    if *repeats > self.limits.repeats {
                        return Err(over("fields with the same key", self.limits.repeats));
                    }
                    let name = field.name.node.as_str();
                    for (argument, value) in &field.arguments {
                        if matches!(argument.node.as_str(), "first" | "last")
                            && let Some(variable) = value.node.to_string().strip_prefix('$')
                        {
                            self.sizes.insert(variable.to_owned());
                        }
                    }
                    size.roots += 1;
                    let signs_in = matches!(
                        name,
                        "signIn" | "startPasskeySignIn" | "finishPasskeySignIn"
                    );
                    size.sign_ins += usize::from(signs_in);
                    size.introspects |= name == "__schema" || name == "__type";
                    size.aliases += usize::from(field.alias.is_some());
                    size.depth = size.depth.max(1);
                    let mut inner = self.size(&field.selection_set.node, fragment_depth)?;
                    inner.lists += usize::from(INTROSPECTION_LISTS.contains(&name));
                    size.add(inner, 1);
                }
                Selection::InlineFragment(fragment) => {
                    let inner = self.size(&fragment.node.selection_set.node, fragment_depth)?;
                    size.roots = size.roots.saturating_add(inner.roots);
                    size.add(inner, 0);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let inner = self.fragment(name, fragment_depth)?;
                    size.roots = size.roots.saturating_add(inner.roots);
                    size.add(inner, 0);
                }
            }
        }
        Ok(size)
    }

    fn fragment(&mut self, name: &'a str, depth: usize) -> Result<Size> {
        match self.fragments.get(name) {
            Some(Fragment::Known(size)) => return Ok(*size),
            Some(Fragment::InProgress) => {
                return Err(Error::Invalid(
                    Text::as_is(format!("The fragment {name} contains itself.")),
                    Vec::new(),
                ));
            }
            None => {}
        }
        // Validation names fragments that do not exist.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Size::default());
        };
        self.fragments.insert(name, Fragment::InProgress);
        let size = self.size(&fragment.node.selection_set.node, depth + 1)?;
        self.fragments.insert(name, Fragment::Known(size));
        Ok(size)
    }
}

/// Refuses what is over a limit; gives the variables that say how long a page is.
pub(super) fn analyse(document: &ExecutableDocument, limits: &Limits) -> Result<HashSet<String>> {
    let mut analysis = Analysis {
        document,
        fragments: HashMap::new(),
        limits,
        sizes: HashSet::new(),
    };
    // Also those that no operation uses: validation walks them too.
    for name in document.fragments.keys() {
        analysis.fragment(name.as_str(), 0)?;
    }
    let mut total = Size::default();
    for (number, (_, operation)) in document.operations.iter().enumerate() {
        if number >= limits.operations {
            return Err(over("operations", limits.operations));
        }
        let operation = &operation.node;
        let size = analysis.size(&operation.selection_set.node, 0)?;
        if operation.ty == OperationType::Subscription && size.roots != 1 {
            return Err(Error::Invalid(
                Text::as_is("A subscription has exactly one field."),
                Vec::new(),
            ));
        }
        if size.roots > limits.root_fields {
            return Err(over("fields at the root", limits.root_fields));
        }
        total.directives = total.directives.saturating_add(operation.directives.len());
        total.add(size, 0);
    }
    let depth = if total.introspects {
        INTROSPECTION_DEPTH
    } else {
        limits.depth
    };
    let lists = if total.introspects { total.lists } else { 0 };
    for (value, most, name) in [
        (total.selections, limits.selections, "selections"),
        (total.depth, depth, "levels of fields"),
        (
            lists,
            INTROSPECTION_LISTS_DEPTH,
            "lists of introspection inside each other",
        ),
        (total.aliases, limits.aliases, "aliases"),
        (total.directives, limits.directives, "directives"),
        (total.sign_ins, 1, "sign-ins"),
    ] {
        if value > most {
            return Err(over(name, most));
        }
    }
    Ok(analysis.sizes)
}
