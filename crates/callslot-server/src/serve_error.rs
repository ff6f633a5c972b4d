//! Why a server cannot run, and what to do about it.

use std::net::SocketAddr;

use callslot_node::{StartError, with_advice};
use callslot_store::StoreError;

use crate::auth::limits::LEAST_OPERATOR_KEY_BITS;
use crate::tls::TlsError;

/// Why a server cannot run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address} ({source}); stop the program that listens there, or choose another address with --listen"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's error.
        source: std::io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The store cannot be used.
    #[error("{}", with_advice(.0))]
    Store(#[from] StoreError),
    /// The operator's key in the settings cannot be sent in a header.
    #[error(
        "the operator's key must have visible ASCII characters only; create one with `openssl rand -hex 32`, or omit it"
    )]
    OperatorKeyUnsendable,
    /// The operator's key in the settings is too easy to guess.
    #[error(
        "the operator's key has at most {bits} bits and could be guessed; it must have at least {LEAST_OPERATOR_KEY_BITS}: \
         create one with `openssl rand -hex 32`, or omit it"
    )]
    OperatorKeyGuessable {
        /// How many it has at most.
        bits: u32,
    },
    /// The first start failed.
    #[error("the first start failed: {0}")]
    SetUp(String),
}

impl From<StartError> for ServeError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Store(error) => Self::Store(error),
        }
    }
}
