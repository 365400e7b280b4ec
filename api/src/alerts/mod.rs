//! Incidents, and who is told.
pub mod finding;
