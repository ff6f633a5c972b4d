//! Why a node did not do what it was asked to. Any part of this crate may use these types; they use none of it.

use callslot_core::Rejection;

/// The node cannot serve the request now. Assume that nothing was changed; retrying with the same id is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// Too many orders are waiting.
    #[error("too many orders are waiting to be decided")]
    Overloaded,
    /// The store failed, or still cannot write after an earlier failure.
    #[error("the store cannot write")]
    StoreFailed,
    #[error("the server is shutting down")]
    ShuttingDown,
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// The core refused it.
    #[error(transparent)]
    Refused(#[from] Rejection),
    /// It was not carried out.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}
