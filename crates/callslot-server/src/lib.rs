//! The doors: HTTP, server-sent events and the stream for call engines; keys and sessions, metrics, the API reference, and the
//! dashboard's files.
//!
//! A door parses, authenticates, submits a command and says what came of it; it decides nothing. Start reading at
//! [`Server`]; all addresses are in `routes/router.rs`, what is done to every request in `accept.rs`.

mod accept;
mod auth {
    pub(crate) mod browser_sessions;
    pub(crate) mod csrf;
    pub(crate) mod key_ring;
    pub(crate) mod roles;
    pub(crate) mod secrets;
    pub(crate) mod sign_in_codes;
}
mod connect;
mod connection {
    pub(crate) mod drain_body;
    pub(crate) mod watchdog;
}
mod convert;
mod extract {
    pub(crate) mod body;
    pub(crate) mod csv;
    pub(crate) mod pagination;
}
#[cfg(fuzzing)]
pub mod fuzz_server;
mod limits;
mod metrics;
mod past;
mod reference {
    mod curl;
    mod example;
    pub(crate) mod openapi;
    pub(crate) mod page;
}
mod refusal;
mod routes {
    pub(crate) mod agents;
    pub(crate) mod atoms;
    pub(crate) mod call_list;
    pub(crate) mod calls;
    pub(crate) mod events;
    pub(crate) mod health;
    pub(crate) mod history;
    pub(crate) mod keys;
    pub(crate) mod leases;
    pub(crate) mod orgs;
    pub(crate) mod reservations;
    pub(crate) mod router;
    pub(crate) mod sign_in;
}
mod server;
mod state;
mod web_app {
    pub(crate) mod files;
}

pub use callslot_node::{Stopwatch, wall_now};
pub use limits::MAX_CONNECTIONS;
pub use past::{Caller, Past, write_past};
pub use routes::router::openapi_json;
pub use server::{FirstStart, ServeError, Server, ServerConfig, backup, check_store, restore};
pub use web_app::files::{Dashboard, DashboardFile, Naming};
