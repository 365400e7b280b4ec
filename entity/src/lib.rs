//! The tables of Porthole's database, one per file. No rules and no GraphQL live here.

pub mod channel;
pub mod channel_target;
pub mod comment;
pub mod delivery;
pub mod idempotency_key;
pub mod incident;
pub mod post;
pub mod session;
pub mod sign_in_window;
pub mod transition;
pub mod user;
