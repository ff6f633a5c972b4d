//! The client at the other end of a connection, as its requests see it.

use std::net::IpAddr;
use std::sync::Arc;

use crate::connection::activity::{Activity, Place};

/// The client at the other end of a connection.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    pub(crate) activity: Arc<Activity>,
    /// Held by anything that outlives the connection's requests.
    pub(crate) place: Arc<Place>,
}
