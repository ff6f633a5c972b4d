//! The settings of a server.

use std::net::SocketAddr;
use std::path::PathBuf;

use callslot_node::NodeConfig;
use callslot_webhooks::Allowed;

use crate::limits::{SEATS_PER_KEY, SEATS_PER_ORG};
use crate::web_app::files::Dashboard;

/// Settings of a server.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Where to listen. Port 0: any free port.
    pub listen: SocketAddr,
    /// The certificate to speak TLS with, a PEM file; `None`: plain HTTP.
    pub tls_cert: Option<PathBuf>,
    /// Its key, a PEM file; `None`: it is in the certificate's.
    pub tls_key: Option<PathBuf>,
    /// The data directory.
    pub data: PathBuf,
    /// Where to serve metrics; `None`: on the main address.
    pub metrics_listen: Option<SocketAddr>,
    /// The operator's key; `None`: one is created at the first start.
    pub operator_key: Option<String>,
    /// How many commands per second one key may send; 0: no limit.
    pub commands_per_second_per_key: u32,
    /// How many clients may wait, follow events or stream with one key; 0: as many as the server has seats.
    pub seats_per_key: u32,
    /// Likewise in one organisation.
    pub seats_per_org: u32,
    /// How long events are kept for cursors, in milliseconds.
    pub cursor_retention_ms: u64,
    /// How long ended calls are kept, in milliseconds.
    pub ended_retention_ms: u64,
    /// How long per-minute figures are kept, in milliseconds.
    pub minute_retention_ms: u64,
    /// How long hourly figures are kept, in milliseconds.
    pub history_retention_ms: u64,
    /// Whether the system's clock is right, however far it is ahead of the log's last time. For one start.
    pub confirms_clock: bool,
    /// The networks that webhooks may be sent to beside the public internet.
    pub webhook_allow: Allowed,
    /// The dashboard; `None`: a page that says how to get it.
    pub dashboard: Option<Dashboard>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        let node = NodeConfig::default();
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7070)),
            tls_cert: None,
            tls_key: None,
            data: PathBuf::from("./callslot-data"),
            metrics_listen: None,
            operator_key: None,
            commands_per_second_per_key: 0,
            seats_per_key: SEATS_PER_KEY,
            seats_per_org: SEATS_PER_ORG,
            cursor_retention_ms: node.cursor_retention_ms,
            ended_retention_ms: node.ended_retention_ms,
            minute_retention_ms: node.minute_retention_ms,
            history_retention_ms: node.history_retention_ms,
            confirms_clock: node.confirms_clock,
            webhook_allow: Allowed::default(),
            dashboard: None,
        }
    }
}
