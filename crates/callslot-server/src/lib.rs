//! The doors: HTTP, server-sent events and the stream for call engines; keys and sessions, metrics, the API reference, and the
//! dashboard's files.
//!
//! A door parses, authenticates, submits a command and says what came of it; it decides nothing. Start reading at
//! [`Server`]; all addresses are in `routes/router.rs`, what is done to every request in `accept.rs`.

mod accept;
mod actions;
mod auth;
mod closing;
mod config;
mod connection;
mod convert;
mod data_directory;
mod engine_stream;
mod extract;
mod first_start;
#[cfg(fuzzing)]
pub mod fuzz_server;
mod limits;
mod metrics;
mod middleware;
mod past;
mod reference;
mod refusal;
mod routes;
mod serve_error;
mod server;
mod state;
mod web_app;

pub use callslot_node::{Stopwatch, wall_now};
pub use config::ServerConfig;
pub use data_directory::{backup, check_store, restore};
pub use first_start::FirstStart;
pub use limits::MAX_CONNECTIONS;
pub use past::{Caller, Past, write_past};
pub use routes::router::openapi_json;
pub use serve_error::ServeError;
pub use server::Server;
pub use web_app::files::{Dashboard, DashboardFile, Naming};
