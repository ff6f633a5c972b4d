//! The client at the other end of a connection, as its requests see it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::request::Parts;

use crate::connection::activity::{Activity, Place};
use crate::refusal::Refusal;

/// The client at the other end of a connection.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    pub(crate) activity: Arc<Activity>,
    /// Held by anything that outlives the connection's requests.
    pub(crate) place: Arc<Place>,
    pub(crate) channel: Channel,
}

impl Peer {
    /// Refuses a client that does not know that this port speaks TLS.
    pub(crate) fn check_channel(&self) -> Result<(), Refusal> {
        match self.channel {
            Channel::Plain | Channel::OurTls => Ok(()),
            Channel::PlainInsteadOfTls => Err(Refusal::no_tls()),
        }
    }
}

/// What requests come over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    /// The bare connection. A proxy before it may speak TLS with the client.
    Plain,
    /// TLS that this server speaks itself.
    OurTls,
    /// The bare connection, where the client should have begun a handshake.
    PlainInsteadOfTls,
}

/// Whether a request came over TLS that this server speaks itself.
pub(crate) fn is_our_tls(parts: &Parts) -> bool {
    parts.extensions.get().is_some_and(|peer: &Peer| peer.channel == Channel::OurTls)
}
