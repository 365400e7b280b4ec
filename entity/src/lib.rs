//! The tables of Porthole's database, one per file. No rules and no GraphQL live here.

pub mod api_token;
pub mod audit_event;
pub mod channel;
pub mod channel_target;
pub mod comment;
pub mod delivery;
pub mod group;
pub mod group_member;
pub mod group_page;
pub mod group_right;
pub mod idempotency_key;
pub mod incident;
pub mod page;
pub mod passkey;
pub mod passkey_challenge;
pub mod post;
pub mod recovery_code;
pub mod restarts;
pub mod session;
pub mod sign_in_window;
pub mod transition;
pub mod user;
pub mod user_page;
pub mod user_right;
