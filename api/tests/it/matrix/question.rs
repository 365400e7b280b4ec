//! The smallest question for each root field, made from the schema.

use serde_json::{Value, json};

use crate::app::Client;

/// Where a field stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Root {
    Query,
    Mutation,
    Subscription,
}

/// A field and a document that asks for it.
pub struct Question {
    pub name: String,
    pub root: Root,
    pub text: String,
}

const TYPE: &str = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";

/// A question for every root field.
pub async fn questions(admin: &Client) -> Vec<Question> {
    let mut all = Vec::new();
    for (root, name) in [
        (Root::Query, "Query"),
        (Root::Mutation, "Mutation"),
        (Root::Subscription, "Subscription"),
    ] {
        for field in fields(admin, name).await {
            let arguments = field["args"].as_array().expect("arguments");
            let mut given = Vec::new();
            for argument in arguments.iter().filter(|a| is_required(a)) {
                let value = Box::pin(value(admin, &argument["type"])).await;
                given.push(format!(
                    "{}: {value}",
                    argument["name"].as_str().expect("a name")
                ));
            }
            let given = if given.is_empty() {
                String::new()
            } else {
                format!("({})", given.join(", "))
            };
            let field_name = field["name"].as_str().expect("a name");
            let (kind, _) = innermost(&field["type"]);
            let selection = match (root, kind.as_str()) {
                (Root::Mutation, _) => "{ errors { code } }",
                (_, "SCALAR" | "ENUM") => "",
                _ => "{ __typename }",
            };
            let word = format!("{root:?}").to_lowercase();
            all.push(Question {
                name: format!("{word} {field_name}"),
                root,
                text: format!("{word} {{ {field_name}{given} {selection} }}"),
            });
        }
    }
    assert!(all.len() > 40, "the schema was read");
    all
}

/// Names of the types that are nodes, sorted.
pub async fn nodes(admin: &Client) -> Vec<String> {
    let node = admin
        .ok(
            "{ __type(name: \"Node\") { possibleTypes { name } } }",
            json!({}),
        )
        .await;
    let types = node["__type"]["possibleTypes"]
        .as_array()
        .expect("types")
        .clone();
    let mut names: Vec<String> = types
        .iter()
        .map(|t| t["name"].as_str().expect("a name").to_owned())
        .collect();
    names.sort();
    names
}

/// Fields of a type that can be asked for without arguments, and how.
pub async fn fields_of(admin: &Client, kind: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for field in fields(admin, kind).await {
        let needs = field["args"]
            .as_array()
            .expect("arguments")
            .iter()
            .any(is_required);
        let name = field["name"].as_str().expect("a name").to_owned();
        if needs {
            continue;
        }
        let (kind, _) = innermost(&field["type"]);
        let selection = match kind.as_str() {
            "SCALAR" | "ENUM" => name.clone(),
            _ => format!("{name} {{ __typename }}"),
        };
        found.push((name, selection));
    }
    found
}

async fn fields(admin: &Client, kind: &str) -> Vec<Value> {
    let query = format!(
        "query($n: String!) {{ __type(name: $n) {{ fields {{ name type {{ {TYPE} }} args {{ name defaultValue type {{ {TYPE} }} }} }} }} }}"
    );
    let answer = admin.ok(&query, json!({ "n": kind })).await;
    answer["__type"]["fields"]
        .as_array()
        .expect("fields")
        .clone()
}

fn is_required(argument: &Value) -> bool {
    argument["type"]["kind"] == "NON_NULL" && argument["defaultValue"].is_null()
}

/// Kind and name of a type without its wrappers.
fn innermost(wrapped: &Value) -> (String, String) {
    let mut inner = wrapped;
    while !inner["ofType"].is_null() {
        inner = &inner["ofType"];
    }
    let word = |key: &str| inner[key].as_str().unwrap_or_default().to_owned();
    (word("kind"), word("name"))
}

/// A value that fits a type and names nothing that exists.
async fn value(admin: &Client, wanted: &Value) -> String {
    let (kind, name) = innermost(wanted);
    let is_list = wanted["kind"] == "LIST" || wanted["ofType"]["kind"] == "LIST";
    let plain = match (kind.as_str(), name.as_str()) {
        (_, "Int") => "1".to_owned(),
        (_, "Boolean") => "false".to_owned(),
        (_, "ID") => "\"bm90aGluZw\"".to_owned(),
        ("SCALAR", _) => "\"x\"".to_owned(),
        ("ENUM", name) => {
            let query = "query($n: String!) { __type(name: $n) { enumValues { name } } }";
            let answer = admin.ok(query, json!({ "n": name })).await;
            answer["__type"]["enumValues"][0]["name"]
                .as_str()
                .expect("a value")
                .to_owned()
        }
        (_, name) => input(admin, name).await,
    };
    if is_list { format!("[{plain}]") } else { plain }
}

/// An input with nothing but what it needs; of alternatives the first.
async fn input(admin: &Client, name: &str) -> String {
    let query = format!(
        "query($n: String!) {{ __type(name: $n) {{ isOneOf inputFields {{ name defaultValue type {{ {TYPE} }} }} }} }}"
    );
    let answer = admin.ok(&query, json!({ "n": name })).await;
    let fields = answer["__type"]["inputFields"]
        .as_array()
        .expect("fields")
        .clone();
    let is_choice = answer["__type"]["isOneOf"] == true;
    let mut given = Vec::new();
    for field in fields
        .iter()
        .filter(|field| is_choice || is_required(field))
    {
        let value = Box::pin(value(admin, &field["type"])).await;
        given.push(format!(
            "{}: {value}",
            field["name"].as_str().expect("a name")
        ));
        if is_choice {
            break;
        }
    }
    format!("{{ {} }}", given.join(", "))
}
