//! Traces reach whoever collects them, and hold nothing that a client chose.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, routing::post};
use serde_json::json;

use crate::{
    app::{ADMIN_PASSWORD, until},
    db::sqlite,
    processes::Server,
};

#[tokio::test]
async fn requests_and_operations_are_traced_and_tell_no_secret() {
    let collected: Arc<Mutex<Vec<u8>>> = Arc::default();
    let sink = Arc::clone(&collected);
    let collector = Router::new().route(
        "/v1/traces",
        post(move |body: Bytes| async move {
            sink.lock().expect("nobody panicked").extend(&body);
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, collector).await });
    let db = sqlite();
    let settings = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", address.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ];
    let server = Server::start_with(&db, &settings).await;
    let mut admin = server.client();
    admin.sign_in("admin", ADMIN_PASSWORD).await;
    let query = "query Chosen($id: ID!) { node(id: $id) { id } }";
    admin.ok(query, json!({ "id": "chosen-by-a-client" })).await;
    let text = until("the spans", async || {
        let bytes = collected.lock().expect("nobody panicked").clone();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        text.contains("GraphQL query").then_some(text)
    })
    .await;
    for told in ["porthole", "POST /graphql", "GraphQL mutation"] {
        assert!(text.contains(told), "{told}");
    }
    for kept in [ADMIN_PASSWORD, "chosen-by-a-client", "Chosen", "node(id"] {
        assert!(!text.contains(kept), "{kept}");
    }
}
