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
