//! The client at the other end of a connection, as its requests see it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::request::Parts;

use crate::connection::activity::{Activity, Place};

/// The client at the other end of a connection.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    pub(crate) activity: Arc<Activity>,
    /// Held by anything that outlives the connection's requests.
    pub(crate) place: Arc<Place>,
    /// It speaks TLS with this server itself.
    pub(crate) is_tls: bool,
}

/// Whether a request came over TLS that this server speaks itself.
pub(crate) fn is_our_tls(parts: &Parts) -> bool {
    parts.extensions.get().is_some_and(|peer: &Peer| peer.is_tls)
}
