//! The committed schema is the server's.

use std::path::Path;

/// With PORTHOLE_WRITE_SCHEMA set (`make schema`) the file is written instead.
#[test]
fn the_committed_schema_is_the_servers() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema.graphql");
    let real = porthole::schema::sdl();
    if std::env::var_os("PORTHOLE_WRITE_SCHEMA").is_some() {
        std::fs::write(&file, &real).expect("written");
    }
    let committed = std::fs::read_to_string(&file).expect("schema.graphql");
    assert!(
        committed == real,
        "schema.graphql differs from the server's schema: run `make schema`"
    );
}

#[test]
fn everything_in_the_schema_is_described() {
    let sdl = porthole::schema::sdl();
    let mut lines = sdl.lines().map(str::trim);
    let (mut described, mut undescribed) = (false, Vec::new());
    while let Some(line) = lines.next() {
        if let Some(rest) = line.strip_prefix("\"\"\"") {
            if !rest.ends_with("\"\"\"") {
                for inner in lines.by_ref() {
                    if inner.ends_with("\"\"\"") {
                        break;
                    }
                }
            }
            described = true;
            continue;
        }
        let closes = line.is_empty() || line.starts_with([')', '}', '|', '@']);
        let is_schema = line.starts_with("schema") || line.starts_with("directive");
        if !closes && !is_schema && !described && !SCHEMA_ROOTS.contains(&line) {
            undescribed.push(line.to_owned());
        }
        if !closes {
            described = false;
        }
    }
    assert!(
        undescribed.is_empty(),
        "without a description: {undescribed:#?}"
    );
}

const SCHEMA_ROOTS: [&str; 3] = [
    "query: Query",
    "mutation: Mutation",
    "subscription: Subscription",
];
