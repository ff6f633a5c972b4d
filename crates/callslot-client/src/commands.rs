//! What the program asks of the connection's thread, and the way there: [`Commands`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{mpsc, watch};

use crate::ledger::{Handle, Opening, Request};
use crate::status::Status;

/// What the program asks of the thread.
pub(crate) enum Command {
    Write { handle: Handle, id: String, opening: Box<Opening>, told: watch::Sender<Status> },
    End { handle: Handle, note: Option<String> },
    Request(Request),
    Close,
    Leave,
}

/// The way to the thread, which ends once nobody has it any more.
#[derive(Debug, Clone)]
pub(crate) struct Commands {
    inbox: mpsc::UnboundedSender<Command>,
    next_handle: Arc<AtomicU64>,
}

impl Commands {
    /// The way, and what comes out at its end.
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<Command>) {
        let (inbox, commands) = mpsc::unbounded_channel();
        (Self { inbox, next_handle: Arc::default() }, commands)
    }

    /// Writes a call down; nobody tells of it if the client is closed.
    pub(crate) fn write(&self, id: String, opening: Opening) -> (Handle, watch::Receiver<Status>) {
        let handle = self.next_handle.fetch_add(1, Ordering::Relaxed);
        let (told, status) = watch::channel(Status::asked(id.clone()));
        self.send(Command::Write { handle, id, opening: Box::new(opening), told });
        (handle, status)
    }

    pub(crate) fn send(&self, command: Command) {
        // The thread is gone once the client is closed; calls see that by their status.
        let _ = self.inbox.send(command);
    }
}
