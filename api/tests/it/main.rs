//! Tests through the front door: HTTP and WebSocket against a server on a free port, on SQLite and on PostgreSQL.

mod accounts;
mod alerts;
mod app;
mod boards;
mod cluster;
mod db;
mod discord;
mod graphql_http;
mod mail;
mod outbox;
mod scene;
mod schema;
mod socket;
mod webhooks;
