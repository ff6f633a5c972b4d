//! Why a node did not do what it was asked to do. Every other part of this crate may use these types, and they use none.

use callslot_core::Rejection;

/// The node cannot take this now; nothing was changed that the caller may rely on. Retrying the same id is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// More waits than the bound allows.
    #[error("too much is waiting to be decided")]
    Overloaded,
    /// The store cannot write.
    #[error("the store cannot write")]
    StoreFailed,
    /// The node is shutting down.
    #[error("the server is shutting down")]
    ShuttingDown,
}

/// Why a command came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// The core refused it.
    #[error(transparent)]
    Refused(#[from] Rejection),
    /// It was not decided.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}
