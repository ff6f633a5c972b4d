//! Why a command fails, as people read it on standard error.

use callslot_api::ClientError;
use callslot_server::ServeError;

/// Why a command fails.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The server refused, or could not be reached.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The server cannot run.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// Something typed, or in the settings, is wrong.
    #[error("{0}")]
    Said(String),
}

impl Failure {
    /// A failure with its sentence and next step.
    pub fn said(sentence: impl Into<String>) -> Self {
        Self::Said(sentence.into())
    }
}
