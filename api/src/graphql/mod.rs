//! What all resolvers share: ids, pages of connections, user errors, limits.

pub mod guard;
pub mod id;
pub mod live;
pub mod loader;
pub mod observe;
pub mod page;
pub mod scope;
pub mod stream;
pub mod trusted;
pub mod user_error;

pub use id::NodeId;
pub use page::{Page, PageArgs, Total};
pub use user_error::{Outcome, UserError};
