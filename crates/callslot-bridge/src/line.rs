//! How a call stands with Callslot, in the terms in which the doors decide.

use callslot_api::EndReason;
use callslot_client::{Error, Over, State, Status};

/// How the call stands with Callslot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// The server has not answered yet.
    Asked,
    /// It waits in line.
    Queued { position: u64, estimate_ms: Option<u64> },
    /// It has its slot.
    Active,
    /// It has waited too long, or was not taken.
    NotTaken,
    /// The server ended it: an operator, or its time was over.
    Ended,
    /// Its slot may be gone, as the server was out of reach for the grace; or it is another bridge's.
    OutOfSight,
}

impl Line {
    /// How a call stands that came to nothing.
    pub(crate) fn of_error(error: &Error) -> Self {
        match error {
            Error::Over { why, .. } => Self::of_over(why),
            Error::Refused(_) | Error::Settings(_) => Self::NotTaken,
            Error::NoAnswer => Self::OutOfSight,
        }
    }

    /// How a call stands.
    pub(crate) fn of(status: &Status) -> Self {
        match status.state {
            State::Asked => Self::Asked,
            State::Queued => Self::Queued {
                position: status.position.unwrap_or(1),
                estimate_ms: status
                    .estimated_wait
                    .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
            },
            State::Active => Self::Active,
            State::Lost => Self::OutOfSight,
            State::Ended => status.over.as_ref().map_or(Self::Ended, Self::of_over),
        }
    }

    fn of_over(over: &Over) -> Self {
        match over {
            Over::Refused(_)
            | Over::Ended(EndReason::MaxWait | EndReason::Unclaimed | EndReason::Declined) => {
                Self::NotTaken
            }
            Over::Ended(EndReason::Completed | EndReason::Canceled | EndReason::MaxDuration) => {
                Self::Ended
            }
            Over::Ended(EndReason::LeaseExpired | EndReason::Reconciled)
            | Over::Adopted
            | Over::NeverKnown
            | Over::Unreachable
            | Over::InUse
            | Over::Closed => Self::OutOfSight,
        }
    }
}
