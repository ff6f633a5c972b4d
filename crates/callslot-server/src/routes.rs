//! The HTTP API: one file per resource, with its handlers.
//!
//! A handler parses the request, submits a command or reads, and answers. It decides nothing and calls no other handler.
//! Start reading at `router.rs`, the list of all addresses.

pub(crate) mod agents;
pub(crate) mod alerts;
pub(crate) mod atoms;
pub(crate) mod audit;
pub(crate) mod call_list;
pub(crate) mod call_types;
pub(crate) mod calls;
pub(crate) mod events;
pub(crate) mod gates;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod keys;
pub(crate) mod leases;
mod limits;
pub(crate) mod metrics;
pub(crate) mod orgs;
pub(crate) mod plans;
pub(crate) mod pool;
pub(crate) mod recent;
pub(crate) mod reference;
pub(crate) mod reservations;
pub(crate) mod router;
pub(crate) mod sign_in;
pub(crate) mod web_app;
pub(crate) mod webhooks;
