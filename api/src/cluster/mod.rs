//! Watching clusters.
