//! The server: the HTTP API, server-sent events and the stream for call engines; keys and sign-in, metrics, the API reference,
//! and the dashboard's files.
//!
//! These public interfaces are called *doors*. A door parses, authenticates, submits a command and answers with the outcome;
//! it decides nothing. Start reading at [`Server`]; `routes/router.rs` lists all addresses, and `middleware/answer.rs` shows
//! what every request passes.
//!
//! A server on a new data directory, and one request to it:
//!
//! ```
//! use std::sync::Arc;
//!
//! use callslot_server::{Server, ServerConfig};
//! use callslot_store_sqlite::SqliteStore;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let directory = tempfile::tempdir()?;
//! let config = ServerConfig {
//!     listen: ([127, 0, 0, 1], 0).into(), // any free port
//!     data: directory.path().join("data"),
//!     ..ServerConfig::default()
//! };
//! let server = Server::start(config, |data| Ok(Arc::new(SqliteStore::open(data)?))).await?;
//! let address = server.local_addr()?;
//! let key = server.first_start().expect("the data directory is new").admin_key.clone();
//!
//! let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
//! let running = tokio::spawn(server.run_until(async { stopped.await.unwrap_or_default() }));
//! let pool = tokio::task::spawn_blocking(move || {
//!     let request = ureq::get(format!("http://{address}/v1/concurrency"));
//!     request.header("authorization", format!("Bearer {key}")).call()?.body_mut().read_to_string()
//! });
//! assert!(pool.await??.contains(r#""limit":20"#));
//!
//! let _ = stop.send(());
//! running.await?;
//! # Ok(())
//! # })
//! # }
//! ```

mod accept;
mod actions;
mod auth;
mod config;
mod connection;
mod convert;
mod csv_answer;
mod engine_stream;
mod extract;
mod first_start;
#[cfg(fuzzing)]
pub mod fuzz_server;
mod hex;
mod limits;
mod metrics;
mod middleware;
mod reference;
mod refusal;
mod routes;
mod seats;
mod serve_error;
mod server;
mod shares;
mod shutdown;
mod state;
mod tls;
mod turns;
mod web_app;
mod webhooks;

pub use callslot_core::{AgentId, GateId};
pub use callslot_node::{Stopwatch, doubted_ms, move_numbers_on, wall_now, with_advice};
pub use callslot_webhooks::{Allowed, Network};
pub use config::ServerConfig;
pub use first_start::{FirstStart, first_org, first_org_settings, first_plans};
pub use limits::MAX_CONNECTIONS;
pub use routes::router::openapi_json;
pub use serve_error::ServeError;
pub use server::Server;
pub use tls::{CertificateFound, CertificateRenewal, TlsError, TlsFiles, inspect_certificate};
pub use web_app::files::{Dashboard, DashboardFile, Naming};
