//! Incidents, deliveries and channels in the schema.

pub mod channel;
pub mod delivery;
pub mod incident;
pub mod query;

pub use self::{
    channel::Channel,
    delivery::Delivery,
    incident::{Incident, Owner},
    query::{AlertQuery, incidents_at},
};
