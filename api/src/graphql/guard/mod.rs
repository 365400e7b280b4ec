//! Limits of a document, checked before anything else looks at it.
//!
//! `tokens` runs before the parser, in one pass without recursion: the parser would overflow its stack on deep
//! literals. `analyse` runs before validation, which would expand nested fragments for ever: each fragment is
//! counted once and remembered.

mod analysis;
mod limits;
mod roots;
mod tokens;

use std::collections::HashSet;

use async_graphql::{
    Name, Request,
    parser::types::{OperationDefinition, OperationType},
};

use self::analysis::analyse;
pub use self::limits::Limits;
use super::{observe::Label, trusted};
use crate::{
    error::{Error, Result},
    locale::Text,
};

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
    tokens::check(&request.query, limits).map_err(Refused::Limit)?;
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
            let roots = roots::names(document, &operation.selection_set.node);
            let operation_type = operation.ty;
            let omitted = omitted(operation, &sizes);
            let lifted = roots::lifted(document, operation);
            if let Some(document) = lifted {
                request.set_parsed_query(document);
            }
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
            Text::as_is("Name one of the document's operations in operationName."),
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

fn over(limit: &str, most: usize) -> Error {
    Error::TooComplex(format!(
        "The document is over a limit: at most {most} {limit}."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(query: &str) -> Result<Passed, String> {
        check(&mut Request::new(query), &Limits::default()).map_err(|refused| match refused {
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
        assert!(check(&mut request, &Limits::default()).is_ok());
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
            (
                "{ __schema { types { possibleTypes { interfaces { ...T } } } } } fragment T on __Type { possibleTypes { name } }".into(),
                "introspection",
            ),
        ] {
            let refusal = verdict(&query).expect_err(limit);
            assert!(refusal.contains(limit), "{limit}: {refusal}");
        }
    }
}
