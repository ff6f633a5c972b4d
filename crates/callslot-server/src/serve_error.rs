//! Why a server does not run, and what to do about it.

use std::net::SocketAddr;

use callslot_node::StartError;
use callslot_store::StoreError;

use crate::auth::limits::LEAST_OPERATOR_KEY_CHARS;

/// Why a server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address} ({source}); stop what listens there, or choose another address with --listen"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operator's key that the settings give is too easily guessed, or cannot stand in a header.
    #[error(
        "the operator's key must have at least {LEAST_OPERATOR_KEY_CHARS} characters, all of them visible ASCII; make one with \
         `openssl rand -hex 32`, or leave it out"
    )]
    OperatorKey,
    /// The first start could not be set up.
    #[error("the first start could not be set up: {0}")]
    SetUp(String),
}

impl From<StartError> for ServeError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Store(error) => Self::Store(error),
        }
    }
}
