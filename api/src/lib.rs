//! Porthole: a portal for people, and a window onto the cluster behind it.
//!
//! ```text
//! main ─► boot ─► http, schema ─► rooms: users · boards · alerts · cluster ─► graphql (floor)
//!                                   cluster ─► alerts ─► users ◄─ boards          │
//!                                   alerts ─► notify                              ▼
//!                                                       app · viewer · live · secrets · error ─► entity
//! ```
//! Arrows never point back.

pub mod admin;
pub mod alerts;
pub mod app;
pub mod audit;
pub mod boards;
pub mod boot;
pub mod clock;
pub mod cluster;
pub mod config;
pub mod db;
pub mod doctor;
pub mod error;
pub mod graphql;
pub mod http;
pub mod live;
pub mod locale;
pub mod memory;
pub mod notify;
pub mod pages;
pub mod schema;
pub mod secrets;
pub mod seed;
pub mod telemetry;
pub mod trace;
pub mod users;
pub mod viewer;
