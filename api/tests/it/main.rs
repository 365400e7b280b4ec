//! Tests through the front door: HTTP and WebSocket against a server on a free port, on SQLite and on PostgreSQL.

mod accounts;
mod app;
mod boards;
mod db;
mod graphql_http;
mod schema;
mod socket;
