//! The two boards: notices, written by admins for everybody, and requests, written by anybody for the admins.
//!
//! Every query starts from what the viewer may see (`service::visible_posts`): a request of somebody else is not
//! forbidden, it does not exist. A comment is announced in the transaction that stores it; whoever watches the post
//! reads it again with their own rights.

pub mod graphql;
pub mod input;
pub mod live;
pub mod loader;
pub mod mutation;
pub mod service;
pub mod text;
