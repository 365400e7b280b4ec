//! People: how they sign in, and what a signed-in browser is.
//!
//! A password is checked on a small pool of blocking threads, and costs the same time for a name that does not exist.
//! Five wrong passwords lock an account. A sign-in makes a *session* row and two HttpOnly cookies: a short-lived access
//! token (a JWT that names the session) and a refresh secret that is rotated with each use; a refresh secret used twice
//! ends the session. Each request reads the session and its user in one statement, so that a lock, a deletion or a
//! sign-out takes effect at once, on every replica.
//!
//! A password the server made is temporary: until it is changed only `changePassword` and `signOut` work.
//!
//! A *passkey* signs in without a password, and counts as both factors: see `passkey`.
//!
//! A program comes with an *API token* instead, and does what its owner may, within the token's scopes. Who may open
//! which page, and what else somebody may do, is boxes, ticked for them or for a *group* of theirs: see `access`.

pub mod access;
pub mod api_token;
pub mod bootstrap;
pub mod cookie;
pub mod credential;
pub mod graphql;
pub mod input;
pub mod loader;
pub mod manage;
pub mod mutation;
pub mod own_password;
pub mod passkey;
pub mod password;
pub mod profile;
pub mod service;
pub mod session;
pub mod sign_in;
pub mod throttle;
pub mod token;
pub mod two_factor;
