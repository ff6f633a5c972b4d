//! The frames of a connection as values. The server reads them from JSON and writes them as JSON.

use std::sync::Arc;

use callslot_core::{Call, CallId, CallView, DeclineCall, LeaseId, StartCall, UnknownCall};

/// A frame of the engine, as far as it could be read.
#[derive(Debug, Clone)]
pub struct Frame<R> {
    /// The client's number for it, which its answer repeats.
    pub reference: Option<u64>,
    /// What it asks, or why it is refused.
    pub asked: Result<Asked, R>,
}

/// What a frame asks.
#[derive(Debug, Clone)]
pub enum Asked {
    /// To start a call. The connection's lease replaces the one in the command.
    Start(StartCall),
    /// To claim a call for the connection's lease.
    Claim(CallId),
    /// To decline a call.
    Decline(DeclineCall),
    /// To end a call, with a note.
    End(CallId, Option<Arc<str>>),
    /// To adopt a call: the connection's lease has it from then on.
    Adopt(CallId),
    /// To continue a lease, with the calls that the engine believes are live.
    Resume(LeaseId, Vec<CallId>),
}

/// A `resume` after a `start`, an `adopt` or another `resume`: a connection keeps the lease that it has put to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateResume;

/// A frame to the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerFrame<R> {
    /// The first frame of a connection.
    Hello {
        /// The connection's lease.
        lease: LeaseId,
        /// How long it lives after the connection is gone.
        grace_s: u64,
    },
    /// The outcome of a frame of the engine.
    Answer {
        /// The number of that frame.
        reference: Option<u64>,
        /// The call, or why it was refused.
        outcome: Result<CallView, R>,
    },
    /// The outcome of a `resume`, or a part of it.
    Resumed(Resumed),
    /// Something happened to a call of the lease: the call as it is now.
    Told(Call),
    /// Another lease has adopted a call of this one: the call as it is now, which is no longer the engine's.
    Lost(Call),
    /// A queued call's position has changed, or what holds it.
    Position(Box<CallView>),
}

/// What an engine needs to know when it resumes a lease. A long answer comes in several of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumed {
    /// The number of the `resume`.
    pub reference: Option<u64>,
    /// The lease.
    pub lease: LeaseId,
    /// How long it lives after the connection is gone.
    pub grace_s: u64,
    /// Its live calls, oldest first.
    pub calls: Vec<CallView>,
    /// Those of the named calls that have ended.
    pub ended: Vec<CallView>,
    /// Those of the named calls that are neither.
    pub unknown: Vec<UnknownCall>,
    /// Whether another part follows.
    pub more: bool,
}
