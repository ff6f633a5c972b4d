//! How a call stands, for the program: [`Status`], and why it is over: [`Over`].

use std::time::Duration;

use callslot_api::{BlockedBy, BlockedOn, Call, EndReason, Problem};

/// How far a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was written down; the server has not answered yet.
    Asked,
    /// It waits in line.
    Queued,
    /// It has its slot.
    Active,
    /// It had a slot, and there was no contact with the server for the grace. It is active again if the server still has it.
    Lost,
    /// It is over; [`Status::over`] says why.
    Ended,
}

/// How a call stands, for all that is known.
#[derive(Debug, Clone)]
pub struct Status {
    /// Its id. It changes, to `<id>~1`, only if the call still waited when its lease ran out.
    pub id: String,
    /// How far it is.
    pub state: State,
    /// Its place in the organisation's line while it is queued; 1 is the head.
    pub position: Option<u64>,
    /// What it waits for.
    pub blocked_on: Option<BlockedOn>,
    /// Whose cap, pace, pause or hours that is.
    pub blocked_by: Option<BlockedBy>,
    /// About how long it still waits, if anything supports a number.
    pub estimated_wait: Option<Duration>,
    /// The call as the server showed it last.
    pub record: Option<Box<Call>>,
    /// Why it is lost or over.
    pub over: Option<Over>,
}

impl Status {
    /// Of a call that was written down, and nothing more.
    pub(crate) fn asked(id: String) -> Self {
        Self {
            id,
            state: State::Asked,
            position: None,
            blocked_on: None,
            blocked_by: None,
            estimated_wait: None,
            record: None,
            over: None,
        }
    }
}

/// Why a call is over, or has lost its slot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Over {
    /// The server ended it.
    #[error("it ended: {0:?}")]
    Ended(EndReason),
    /// The server did not take it.
    #[error("{}: {}", .0.code, .0.detail)]
    Refused(Box<Problem>),
    /// Another engine carries it on.
    #[error("another engine has adopted it")]
    Adopted,
    /// The server does not know it, for example after a backup was restored.
    #[error("the server does not know it")]
    NeverKnown,
    /// There was no contact for the grace.
    #[error("the server could not be reached for the grace")]
    Unreachable,
    /// This client has a call with that id already.
    #[error("this client has a call with that id that is not over")]
    InUse,
    /// The client was closed, or left the call to another engine.
    #[error("the client is closed")]
    Closed,
}

/// Why something came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The client cannot be made of what it was given.
    #[error("{0}")]
    Settings(String),
    /// The call is over.
    #[error("{id}: {why}")]
    Over {
        /// The call's id.
        id: String,
        /// The reason.
        why: Over,
    },
    /// The server refused a claim or a decline; the call is as before.
    #[error("{}: {}", .0.code, .0.detail)]
    Refused(Box<Problem>),
    /// The connection broke before the answer; how the call stands says what happened.
    #[error("the connection broke before there was an answer")]
    NoAnswer,
}
