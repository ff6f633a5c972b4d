//! The doors: HTTP, server-sent events and the stream for call engines; keys and sessions, metrics, the API reference, and the
//! dashboard's files.
//!
//! A door parses, authenticates, submits a command and says what came of it; it decides nothing. Start reading at
//! [`Server`]; all addresses are in `routes.rs`, what is done to every request in `accept.rs`.

mod accept;
mod agents;
mod app;
mod atoms;
mod auth;
mod browser;
mod call_list;
mod calls;
mod codes;
mod concurrency;
mod connect;
mod connection;
mod csv;
mod dashboard;
mod docs;
mod events;
#[cfg(fuzzing)]
pub mod fuzzing;
mod health;
mod history;
mod input;
mod keyring;
mod keys;
mod leases;
mod limits;
mod metrics;
mod openapi;
mod orgs;
mod page;
mod past;
mod refusal;
mod routes;
mod secrets;
mod server;
mod sessions;
mod unread;
mod wire;

pub use callslot_node::{Stopwatch, wall_now};
pub use dashboard::{Dashboard, DashboardFile, Naming};
pub use limits::MAX_CONNECTIONS;
pub use past::{Caller, Past, write_past};
pub use routes::openapi_json;
pub use server::{FirstStart, ServeError, Server, ServerConfig, backup, check_store, restore};
