//! The tables of Porthole's database, one per file. No rules and no GraphQL live here.

pub mod comment;
pub mod idempotency_key;
pub mod post;
pub mod session;
pub mod sign_in_window;
pub mod user;
