//! Whether the server is stopping. Everything that waits for something else also waits for this.

use tokio::sync::watch;

/// Tells when the server begins to stop.
#[derive(Debug, Clone)]
pub(crate) struct Closing(watch::Receiver<bool>);

/// Makes the server begin to stop, when `true` is sent or when it is dropped.
pub(crate) type Stop = watch::Sender<bool>;

impl Closing {
    pub(crate) fn new() -> (Stop, Self) {
        let (stop, stopping) = watch::channel(false);
        (stop, Self(stopping))
    }

    /// Whether it has begun.
    pub(crate) fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it begins.
    pub(crate) async fn begun(&self) {
        // A dropped sender means the same.
        let _ = self.0.clone().wait_for(|is_stopping| *is_stopping).await;
    }
}
