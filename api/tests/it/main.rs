//! Tests through the front door: HTTP and WebSocket against a server on a free port, on SQLite and on PostgreSQL.

mod access;
mod accounts;
mod alerts;
mod app;
mod audit;
mod authz;
mod boards;
mod cluster;
mod db;
mod discord;
mod discovery;
mod graphql_http;
mod mail;
mod matrix;
mod outbox;
mod processes;
mod proxies;
mod scene;
mod schema;
mod sessions;
mod socket;
mod sse;
mod timing;
mod tokens;
mod two_factor;
mod webhooks;
