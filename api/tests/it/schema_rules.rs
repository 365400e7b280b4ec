//! What the schema promises to whoever writes a tool against it, checked on its text. An exception is listed with its reason.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::{
    parse_schema,
    types::{
        BaseType, FieldDefinition, InputValueDefinition, ObjectType, Type, TypeDefinition,
        TypeKind, TypeSystemDefinition,
    },
};

/// Lists that are no connections, and why each stays short.
const BOUNDED_LISTS: [(&str, &str); 47] = [
    ("Access.pages", "a box each: the admin's grid shows all"),
    ("Access.rights", "an enum's values"),
    ("ApiToken.scopes", "an enum's values"),
    (
        "Application.conditions",
        "one a kind, as Argo CD keeps them",
    ),
    ("Certificate.dnsNames", "one certificate's"),
    ("Change.images", "one a container"),
    ("Channel.targets", "at most 10"),
    ("Cluster.hints", "one a kind of hint"),
    ("Cluster.namespaces", "names only: a filter offers all"),
    ("Cluster.nodeNames", "names only: a filter offers all"),
    ("Cluster.podHealth", "an enum's values"),
    ("Cluster.rights", "one a kind that is watched"),
    ("Cluster.sources", "one a kind that is watched"),
    ("ClusterHint.objects", "names only"),
    (
        "ClusterNode.conditions",
        "one a kind, as the kubelet keeps them",
    ),
    ("ClusterNode.roles", "a node's labels"),
    ("ConfirmTwoFactorPayload.recoveryCodes", "always ten"),
    ("Diagnosis.remedy", "steps of one text"),
    ("Grants.pages", "a box each: the admin's grid shows all"),
    ("Grants.rights", "an enum's values"),
    ("Group.members", "at most 500"),
    ("Host.sources", "objects that name one host"),
    ("Incident.affected", "pods of one workload or node"),
    ("Incident.deliveries", "steps of one incident, by target"),
    ("Incident.evidence", "at most 5"),
    ("Incident.remedy", "steps of one text"),
    ("Incident.transitions", "steps of one incident"),
    ("LogLines.lines", "as many as were asked for, at most 1,000"),
    ("MailTarget.recipients", "at most 20"),
    ("Page.incidents", "the open ones of one page, newest only"),
    ("PasskeyCreation.algorithms", "those that are known here"),
    ("PasskeyCreation.exclude", "a person's passkeys"),
    ("Pod.containers", "one pod's"),
    ("Query.clusters", "one a configured cluster"),
    ("Query.diagnoses", "one a class of problems"),
    ("Query.nodes", "at most 100 ids"),
    ("RenewRecoveryCodesPayload.recoveryCodes", "always ten"),
    ("Service.externalAddresses", "one service's"),
    ("Service.ports", "one service's"),
    ("TestChannelPayload.results", "one a target, at most 10"),
    ("ServedCertificate.dnsNames", "one certificate's"),
    ("User.apiTokens", "at most 50"),
    ("User.groups", "at most 200"),
    ("User.passkeys", "at most 20"),
    ("User.sessions", "at most 100"),
    ("Viewer.rights", "an enum's values"),
    ("Workload.containers", "one workload's"),
];

/// Times whose names say so without `At`: prepositions, and what X.509 calls them.
const TIMES: [&str; 6] = [
    "at",
    "since",
    "healthSince",
    "until",
    "notAfter",
    "notBefore",
];

/// Types with an id that `node` does not find, and why.
const NO_NODES: [(&str, &str); 3] = [
    ("Delete", "the id of what is gone"),
    (
        "DiscordTarget",
        "a part of its channel, named only to keep it",
    ),
    ("MailTarget", "a part of its channel, named only to keep it"),
];

struct Schema(BTreeMap<String, TypeDefinition>);

impl Schema {
    fn read() -> Self {
        let document = parse_schema(porthole::schema::sdl()).expect("a schema");
        let types = document
            .definitions
            .into_iter()
            .filter_map(|one| match one {
                TypeSystemDefinition::Type(one) => Some((one.node.name.node.to_string(), one.node)),
                _ => None,
            });
        Self(types.collect())
    }

    fn objects(&self) -> impl Iterator<Item = (&str, &ObjectType)> {
        self.0.iter().filter_map(|(name, one)| match &one.kind {
            TypeKind::Object(object) => Some((name.as_str(), object)),
            _ => None,
        })
    }

    /// Fields of objects and interfaces, with the name of their type.
    fn fields(&self) -> impl Iterator<Item = (&str, &FieldDefinition)> {
        self.0.iter().flat_map(|(name, one)| {
            let fields = match &one.kind {
                TypeKind::Object(object) => object.fields.as_slice(),
                TypeKind::Interface(interface) => interface.fields.as_slice(),
                _ => &[],
            };
            fields.iter().map(move |field| (name.as_str(), &field.node))
        })
    }

    /// Arguments and input fields, with their path.
    fn inputs(&self) -> impl Iterator<Item = (String, &InputValueDefinition)> {
        let arguments = self.fields().flat_map(|(parent, field)| {
            let path = format!("{parent}.{}", field.name.node);
            let of = move |one: &InputValueDefinition| format!("{path}.{}", one.name.node);
            field
                .arguments
                .iter()
                .map(move |one| (of(&one.node), &one.node))
        });
        let fields = self.0.iter().flat_map(|(parent, one)| {
            let fields = match &one.kind {
                TypeKind::InputObject(input) => input.fields.as_slice(),
                _ => &[],
            };
            let of = move |one: &InputValueDefinition| format!("{parent}.{}", one.name.node);
            fields.iter().map(move |one| (of(&one.node), &one.node))
        });
        arguments.chain(fields)
    }

    /// Values of enums, with their path.
    fn values(&self) -> impl Iterator<Item = (String, bool)> {
        self.0.iter().flat_map(|(parent, one)| {
            let values = match &one.kind {
                TypeKind::Enum(one) => one.values.as_slice(),
                _ => &[],
            };
            values.iter().map(move |value| {
                let path = format!("{parent}.{}", value.node.value.node);
                (path, value.node.description.is_some())
            })
        })
    }

    fn root(&self, name: &str) -> &ObjectType {
        self.objects()
            .find(|(found, _)| *found == name)
            .expect("a root")
            .1
    }
}

fn is_list(ty: &Type) -> bool {
    matches!(ty.base, BaseType::List(_))
}

/// The type without its wrappings.
fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}

fn none(what: &str, found: impl IntoIterator<Item = String>) {
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.is_empty(), "{what}: {found:#?}");
}

#[test]
fn everything_is_described() {
    let schema = Schema::read();
    let types = schema.0.values().filter(|one| one.description.is_none());
    let fields = schema
        .fields()
        .filter(|(_, field)| field.description.is_none());
    let inputs = schema.inputs().filter(|(_, one)| one.description.is_none());
    let values = schema.values().filter(|(_, described)| !described);
    let found = types
        .map(|one| one.name.node.to_string())
        .chain(fields.map(|(parent, field)| format!("{parent}.{}", field.name.node)))
        .chain(inputs.map(|(path, _)| path))
        .chain(values.map(|(path, _)| path));
    none("without a description", found);
}

#[test]
fn names_are_written_as_graphql_writes_them() {
    let schema = Schema::read();
    let starts = |name: &str, upper: bool| {
        let first = name.chars().next().is_some_and(|c| c.is_ascii_uppercase());
        first == upper && name.chars().all(|c| c.is_ascii_alphanumeric())
    };
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let types = schema.0.keys().filter(|name| !starts(name, true)).cloned();
    let fields = schema
        .fields()
        .map(|(parent, field)| format!("{parent}.{}", field.name.node));
    let inputs = schema.inputs().map(|(path, _)| path);
    let camel = fields
        .chain(inputs)
        .filter(|path| !starts(&last(path), false));
    let screaming = schema.values().map(|(path, _)| path).filter(|path| {
        let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        !last(path).chars().all(fits)
    });
    none("names", types.chain(camel).chain(screaming));
}

#[test]
fn a_mutation_takes_one_input_and_answers_with_errors() {
    let schema = Schema::read();
    let wrong = schema.root("Mutation").fields.iter().filter(|field| {
        let field = &field.node;
        let name = field.name.node.as_str();
        let own = name[..1].to_uppercase() + &name[1..];
        let payload = named(&field.ty.node);
        let takes = |one: &InputValueDefinition| {
            one.name.node == "input" && one.ty.node.to_string() == format!("{own}Input!")
        };
        // A field without anything to say has no input: an input object cannot be empty.
        let input = match field.arguments.as_slice() {
            [] => true,
            [one] => takes(&one.node),
            _ => false,
        };
        let answers = schema.fields().any(|(parent, field)| {
            let (name, ty) = (field.name.node.as_str(), field.ty.node.to_string());
            parent == payload && name == "errors" && ty == "[UserError!]!"
        });
        !(input && payload == format!("{own}Payload") && !field.ty.node.nullable && answers)
    });
    none(
        "mutations",
        wrong.map(|field| field.node.name.node.to_string()),
    );
}

#[test]
fn lists_without_a_bound_are_connections() {
    let schema = Schema::read();
    let is_part = |parent: &str, name: &str| {
        matches!(name, "edges" | "nodes") && parent.ends_with("Connection")
            || name == "items" && parent.ends_with("Snapshot")
            || name == "errors" && parent.ends_with("Payload")
            || parent == "UserError"
    };
    let lists: BTreeSet<String> = schema
        .fields()
        .filter(|(parent, field)| is_list(&field.ty.node) && !is_part(parent, &field.name.node))
        .map(|(parent, field)| format!("{parent}.{}", field.name.node))
        .collect();
    let known = BOUNDED_LISTS
        .iter()
        .map(|(path, _)| (*path).to_owned())
        .collect();
    none(
        "make it a connection, or say what bounds it",
        &lists - &known,
    );
    none("listed as bounded, but no such list", &known - &lists);
}

#[test]
fn connections_are_paged_both_ways() {
    let schema = Schema::read();
    let pages = schema
        .fields()
        .filter(|(_, field)| named(&field.ty.node).ends_with("Connection"));
    let wrong = pages.filter(|(_, field)| {
        ["after", "before", "first", "last"].iter().any(|wanted| {
            let mut arguments = field
                .arguments
                .iter()
                .map(|one| one.node.name.node.as_str());
            !arguments.any(|name| name == *wanted)
        })
    });
    none(
        "pages",
        wrong.map(|(parent, field)| format!("{parent}.{}", field.name.node)),
    );
    let parts = ["edges", "nodes", "pageInfo"];
    let incomplete = schema.objects().filter(|(name, object)| {
        let has = |part: &&str| {
            object
                .fields
                .iter()
                .any(|field| field.node.name.node == **part)
        };
        name.ends_with("Connection") && !parts.iter().all(has)
    });
    none("connections", incomplete.map(|(name, _)| name.to_owned()));
}

#[test]
fn a_name_tells_a_time() {
    let schema = Schema::read();
    let says_time = |name: &str| name.ends_with("At") || TIMES.contains(&name);
    let fields = schema.fields().map(|(parent, field)| {
        let path = format!("{parent}.{}", field.name.node);
        (path, field.name.node.as_str(), named(&field.ty.node))
    });
    let inputs = schema
        .inputs()
        .map(|(path, one)| (path, one.name.node.as_str(), named(&one.ty.node)));
    let wrong = fields
        .chain(inputs)
        .filter(|(_, name, ty)| says_time(name) != (*ty == "DateTime"));
    none("times", wrong.map(|(path, ..)| path));
}

#[test]
fn what_has_an_id_is_a_node() {
    let schema = Schema::read();
    let without = schema.objects().filter(|(name, object)| {
        let has_id = object
            .fields
            .iter()
            .any(|field| field.node.name.node == "id");
        let is_node = object.implements.iter().any(|one| one.node == "Node");
        has_id && !is_node && !NO_NODES.iter().any(|(known, _)| known == name)
    });
    none(
        "not found by node(id)",
        without.map(|(name, _)| name.to_owned()),
    );
}

/// Types whose fields are other ones for other people of the same rights.
const PERSONAL: [&str; 9] = [
    "User", "Viewer", "Session", "ApiToken", "Passkey", "Group", "Page", "Post", "Comment",
];

#[test]
fn what_many_are_told_at_once_leads_to_nothing_personal() {
    let schema = Schema::read();
    // Pages and posts are told to each person alone.
    let alone = ["pageChanges", "commentChanges", "podLogLines"];
    let root = schema.root("Subscription").fields.iter();
    let shared = root.filter(|field| !alone.contains(&field.node.name.node.as_str()));
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<String> = shared
        .map(|field| named(&field.node.ty.node).to_owned())
        .collect();
    while let Some(name) = open.pop() {
        if !found.insert(name.clone()) {
            continue;
        }
        if let Some(TypeKind::Union(union)) = schema.0.get(&name).map(|one| &one.kind) {
            open.extend(union.members.iter().map(|member| member.node.to_string()));
        }
        let fields = schema.fields().filter(|(parent, _)| *parent == name);
        open.extend(fields.map(|(_, field)| named(&field.ty.node).to_owned()));
    }
    let personal = found
        .into_iter()
        .filter(|name| PERSONAL.contains(&name.as_str()));
    none("shared, but personal", personal);
}
