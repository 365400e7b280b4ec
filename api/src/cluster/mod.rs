//! Watching clusters.

pub mod model;
