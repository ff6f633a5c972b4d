//! Who is at the other end of a connection, as requests on it know it.

use std::net::IpAddr;
use std::sync::Arc;

use crate::connection::pulse::{Place, Pulse};

/// Who is at the other end of a connection.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    pub(crate) pulse: Arc<Pulse>,
    /// Kept by whatever outlives the requests of the connection.
    pub(crate) place: Arc<Place>,
}
