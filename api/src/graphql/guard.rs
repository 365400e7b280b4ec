//! Limits of a document, checked before anything else looks at it.
//!
//! `tokens` runs before the parser, in one pass without recursion: the parser would overflow its stack on deep
//! literals. `analyse` runs before validation, which would expand nested fragments for ever: each fragment is
//! counted once and remembered.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Request,
    parser::types::{
        ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
    },
};

use super::{observe::Label, trusted};
use crate::error::{Error, Result};

/// The limits; the numbers are far above what the interface and sensible tools need.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a document.
    pub bytes: usize,
    /// Tokens of a document.
    pub tokens: usize,
    /// Brackets open at once.
    pub nesting: usize,
    /// Operations of a document.
    pub operations: usize,
    /// Selections after expanding fragments.
    pub selections: usize,
    /// Fields inside fields after expanding fragments.
    pub depth: usize,
    /// Fragments inside fragments.
    pub fragment_depth: usize,
    /// Aliases after expanding fragments.
    pub aliases: usize,
    /// Directives after expanding fragments.
    pub directives: usize,
    /// Fields of an operation's root.
    pub root_fields: usize,
    /// The same response key within one selection set.
    pub repeats: usize,
}

/// The limits in force.
pub const LIMITS: Limits = Limits {
    bytes: 16 * 1024,
    tokens: 2_000,
    nesting: 32,
    operations: 5,
    selections: 1_000,
    depth: 15,
    fragment_depth: 16,
    aliases: 30,
    directives: 50,
    root_fields: 20,
    repeats: 5,
};

/// Introspection nests deeper than any question about data: graphql-js asks for 13 levels of `ofType`.
const INTROSPECTION_DEPTH: usize = 32;

/// What is known of a request that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Kind of the operation that will run.
    pub operation: OperationType,
    /// Names of the fields at its root, fragments expanded.
    pub roots: Vec<String>,
}

/// Why a request did not pass: wrong GraphQL, or over a limit.
pub enum Refused {
    /// Errors of the parser, with positions.
    Syntax(Box<async_graphql::ServerError>),
    /// Over a limit, no such document, or no such operation.
    Limit(Error),
}

/// Checks a request.
///
/// # Errors
/// Names the limit that was met.
pub fn check(request: &mut Request, limits: &Limits) -> Result<Passed, Refused> {
    let trusted = trusted::name_of(request).map_err(Refused::Limit)?;
    tokens(&request.query, limits).map_err(Refused::Limit)?;
    let wanted = request.operation_name.clone();
    let document = request
        .parsed_query()
        .map_err(|e| Refused::Syntax(Box::new(e)))?;
    let sizes = analyse(document, limits).map_err(Refused::Limit)?;
    let operation = document
        .operations
        .iter()
        .find(|(name, _)| wanted.is_none() || name.map(Name::as_str) == wanted.as_deref())
        .map(|(_, operation)| &operation.node);
    match operation {
        Some(operation) if wanted.is_some() || document.operations.iter().count() == 1 => {
            let mut roots = Vec::new();
            collect_roots(document, &operation.selection_set.node, &mut roots);
            let operation_type = operation.ty;
            let omitted = omitted(operation, &sizes);
            for name in omitted {
                request.variables.entry(name).or_default();
            }
            request
                .data
                .insert(trusted.map_or_else(|| operation_type.into(), Label));
            Ok(Passed {
                operation: operation_type,
                roots,
            })
        }
        _ => Err(Refused::Limit(Error::Invalid(
            "Name one of the document's operations in operationName.".into(),
            Vec::new(),
        ))),
    }
}

/// Variables that may be left out and say how long a page is. The library that prices pages takes a missing one for an
/// error; null means the same.
fn omitted(operation: &OperationDefinition, sizes: &HashSet<String>) -> Vec<Name> {
    let optional = operation
        .variable_definitions
        .iter()
        .map(|definition| &definition.node)
        .filter(|v| v.var_type.node.nullable && v.default_value.is_none());
    optional
        .map(|variable| variable.name.node.clone())
        .filter(|name| sizes.contains(name.as_str()))
        .collect()
}

/// The analysis has bounded what fragments expand to, and refused cycles.
fn collect_roots(document: &ExecutableDocument, set: &SelectionSet, roots: &mut Vec<String>) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => roots.push(field.node.name.node.to_string()),
            Selection::InlineFragment(fragment) => {
                collect_roots(document, &fragment.node.selection_set.node, roots);
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                if let Some(fragment) = document.fragments.get(name) {
                    collect_roots(document, &fragment.node.selection_set.node, roots);
                }
            }
        }
    }
}

fn over(limit: &str, most: usize) -> Error {
    Error::TooComplex(format!(
        "The document is over a limit: at most {most} {limit}."
    ))
}

/// Counts tokens and open brackets without building anything.
fn tokens(text: &str, limits: &Limits) -> Result<()> {
    if text.len() > limits.bytes {
        return Err(over("bytes", limits.bytes));
    }
    let bytes = text.as_bytes();
    let (mut at, mut count, mut open) = (0, 0, 0_usize);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let length = match rest[0] {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += until(rest, |b| b == b'\n' || b == b'\r');
                continue;
            }
            b'"' if rest.starts_with(b"\"\"\"") => block_string(rest),
            b'"' => string(rest),
            b'{' | b'[' | b'(' => {
                open += 1;
                if open > limits.nesting {
                    return Err(over("levels of brackets", limits.nesting));
                }
                1
            }
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                1
            }
            b if is_word(b) => until(rest, |b| !is_word(b)),
            _ => 1,
        };
        at += length;
        count += 1;
        if count > limits.tokens {
            return Err(over("tokens", limits.tokens));
        }
    }
    Ok(())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+')
}

fn until(bytes: &[u8], stop: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|b| stop(*b)).unwrap_or(bytes.len())
}

fn string(bytes: &[u8]) -> usize {
    let mut at = 1;
    while at < bytes.len() && bytes[at] != b'"' && bytes[at] != b'\n' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

fn block_string(bytes: &[u8]) -> usize {
    let mut at = 3;
    while at < bytes.len() && !bytes[at..].starts_with(b"\"\"\"") {
        at += if bytes[at..].starts_with(b"\\\"\"\"") {
            4
        } else {
            1
        };
    }
    at + 3
}

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
}

impl Size {
    fn add(&mut self, inner: Size, levels: usize) {
        self.selections = self.selections.saturating_add(inner.selections);
        self.aliases = self.aliases.saturating_add(inner.aliases);
        self.directives = self.directives.saturating_add(inner.directives);
        self.sign_ins = self.sign_ins.saturating_add(inner.sign_ins);
        self.depth = self.depth.max(inner.depth + levels);
        self.introspects |= inner.introspects;
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
                    let inner = self.size(&field.selection_set.node, fragment_depth)?;
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
                    format!("The fragment {name} contains itself."),
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
fn analyse(document: &ExecutableDocument, limits: &Limits) -> Result<HashSet<String>> {
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
                "A subscription has exactly one field.".into(),
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
    for (value, most, name) in [
        (total.selections, limits.selections, "selections"),
        (total.depth, depth, "levels of fields"),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(query: &str) -> Result<Passed, String> {
        check(&mut Request::new(query), &LIMITS).map_err(|refused| match refused {
            Refused::Syntax(e) => e.message.clone(),
            Refused::Limit(e) => e.message(),
        })
    }

    #[test]
    fn ordinary_documents_pass() {
        for query in [
            "{ viewer { user { id } } }",
            "query A($x: Int) { a(x: $x) ...F } fragment F on Query { b # comment {{{{\n }",
            r#"{ a(s: "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", b: """ {{{{ """) }"#,
            "{ __schema { types { fields { type { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } } } } } } } }",
        ] {
            assert!(verdict(query).is_ok(), "{query}: {:?}", verdict(query));
        }
    }

    #[test]
    fn an_omitted_page_size_is_null_and_others_stay_omitted() {
        let query =
            "query Q($n: Int, $m: Int = 3, $x: Int) { a(first: $n) { b(last: $m, other: $x) } }";
        let mut request = Request::new(query);
        assert!(check(&mut request, &LIMITS).is_ok());
        let filled: Vec<&str> = request.variables.keys().map(Name::as_str).collect();
        assert_eq!(filled, ["n"]);
    }

    #[test]
    fn each_bomb_meets_its_limit() {
        let aliases: String = (0..40).map(|i| format!("a{i}: b ")).collect();
        let operations: String = (0..6).map(|i| format!("query Q{i} {{ a }} ")).collect();
        let bomb: String = (0..14)
            .map(|i| format!("fragment F{i} on Q {{ ...F{n} ...F{n} }} ", n = i + 1))
            .collect();
        for (query, limit) in [
            (format!("{{ a(x: {}) }}", "[".repeat(3_000)), "brackets"),
            ("{ a ".repeat(40), "brackets"),
            (format!("{{ {} }}", "a ".repeat(3_000)), "tokens"),
            (format!("{{ a(s: \"{}\") }}", "x".repeat(20_000)), "bytes"),
            (format!("{{ {aliases} }}"), "at the root"),
            (format!("{{ x {{ {aliases} }} }}"), "aliases"),
            (operations, "operations"),
            (
                format!("{{ x {{ ...F0 }} }} {bomb} fragment F14 on Q {{ a }}"),
                "selections",
            ),
            (
                "{ ...A } fragment A on Q { ...B } fragment B on Q { ...A }".into(),
                "itself",
            ),
            (format!("{{ {} }}", "a ".repeat(6)), "same key"),
            (
                format!("{{ a {} }}", "@skip(if: false) ".repeat(60)),
                "directives",
            ),
            (
                format!("{}{}", "{ a ".repeat(17), "}".repeat(17)),
                "levels of fields",
            ),
            ("subscription { a b }".into(), "exactly one"),
            ("mutation { signIn a: signIn }".into(), "sign-ins"),
            ("mutation { signIn finishPasskeySignIn }".into(), "sign-ins"),
            ("query A { a } query B { b }".into(), "operationName"),
        ] {
            let refusal = verdict(&query).expect_err(limit);
            assert!(refusal.contains(limit), "{limit}: {refusal}");
        }
    }
}
