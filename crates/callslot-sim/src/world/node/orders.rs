//! What waits in front of a simulated node: orders, what each asks, and where its answer comes out.

use callslot_core::{Ask as _, CallId, Command, OrgId};
use callslot_node::{Share, Unavailable};
use tokio::sync::oneshot;

use crate::judge::awaited::Awaited;
use crate::judge::{Sight, Taken};

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// To decide a command.
    Command(Command),
    /// To decide commands in one record.
    Batch(Vec<Command>),
    /// To be shown something.
    Look(Sight),
    /// To be told when a call has left the queue.
    Wait(OrgId, CallId),
}

impl Ask {
    /// Whose turn it waits for.
    pub(crate) fn share(&self) -> Share {
        let (org, commands) = match self {
            Self::Command(command) => (command.org().cloned(), 1),
            Self::Batch(commands) => {
                (commands.first().and_then(Command::org).cloned(), commands.len())
            }
            Self::Look(Sight::Org(org) | Sight::Call(org, _)) | Self::Wait(org, _) => {
                (Some(org.clone()), 1)
            }
        };
        Share { org, commands }
    }
}

/// A client that waits for a call to leave the queue.
pub(super) type Waiting = (OrgId, CallId, oneshot::Receiver<Result<(), Unavailable>>);

/// What an order asks: something that is answered with its record, or a wait, which is answered some other time.
#[derive(Debug)]
pub(super) enum Asked {
    Now(Taken),
    Wait(Waiting),
}

impl Asked {
    /// For how many commands it counts.
    pub(super) fn commands(&self) -> usize {
        match self {
            Self::Now(Taken::Batch(commands, _)) => commands.len(),
            Self::Now(Taken::Command(..) | Taken::Look(_) | Taken::Passage(_)) | Self::Wait(_) => 1,
        }
    }
}

/// What a node took for one record.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) taken: Vec<Taken>,
    pub(super) waits: Vec<Waiting>,
}

impl Group {
    pub(super) fn is_empty(&self) -> bool {
        self.taken.is_empty() && self.waits.is_empty()
    }
}

/// An answer that is known at once, as the node takes no more, or awaited.
#[derive(Debug)]
pub(crate) enum Pending<T> {
    Known(Result<T, Unavailable>),
    Awaited(Awaited<T>),
}

impl<T: Clone> Pending<T> {
    pub(crate) fn outcome(&self) -> Option<Result<T, Unavailable>> {
        match self {
            Self::Known(outcome) => Some(outcome.clone()),
            Self::Awaited(answer) => answer.outcome(),
        }
    }
}

/// Those who waited for a call were sent away.
pub(super) fn nobody_waits(waits: impl IntoIterator<Item = Waiting>) {
    for (org, call, mut answer) in waits {
        let is_over = answer.try_recv() != Err(oneshot::error::TryRecvError::Empty);
        assert!(is_over, "a client waits forever for {call} of {org}");
    }
}
