//! What a session has its caller do, and how the outcome comes back.

use std::sync::Arc;

use callslot_core::{
    AdoptCall, CallId, CallView, ClaimCall, Claimant, DeclineCall, EndCall, KeyId, LeaseId, Now,
    OpenLease, Org, OrgCommand, Rejection, Reply, StartCall,
};

use crate::resume::Resume;

/// Queued calls, and what can be said of their waits.
pub type Waits = Vec<CallView>;

/// What a session has its caller do.
#[derive(Debug)]
pub enum Work<R> {
    /// Have a batch decided, behind those before it. Then [`Session::handle_answers`](crate::Session::handle_answers).
    Decide(Batch<R>),
    /// Resume a lease. Then [`Session::handle_resumed`](crate::Session::handle_resumed), in turn with the batches.
    Resume(Resume),
    /// Look up how these queued calls wait, with [`waits`]. Then [`Session::handle_positions`](crate::Session::handle_positions).
    LookAtPositions(Vec<CallId>),
    /// Renew the lease. The outcome does not matter: the end of a lease is an event, and a renewal that fails is tried
    /// again.
    Renew(LeaseId),
}

/// Frames of a message that are decided together.
#[derive(Debug)]
pub struct Batch<R> {
    /// The lease to open first, and for how many milliseconds.
    pub opens: Option<(LeaseId, u64)>,
    /// What each frame asks, or why it is refused.
    pub actions: Vec<(Option<u64>, Result<Action, R>)>,
}

/// What a frame asks of the core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// To start a call.
    Start(StartCall),
    /// To claim a call for a lease.
    Claim(CallId, LeaseId),
    /// To decline a call.
    Decline(DeclineCall),
    /// To adopt a call under a lease.
    Adopt(CallId, LeaseId),
    /// To end a call.
    End(CallId, Option<Arc<str>>),
}

impl Action {
    /// The call that it is about.
    #[must_use]
    pub const fn call(&self) -> &CallId {
        match self {
            Self::Start(start) => &start.id,
            Self::Decline(decline) => &decline.call,
            Self::Claim(call, _) | Self::Adopt(call, _) | Self::End(call, _) => call,
        }
    }

    fn command(&self) -> OrgCommand {
        match self {
            Self::Start(start) => OrgCommand::StartCall(start.clone()),
            Self::Claim(call, lease) => {
                let (call, caller) = (call.clone(), Claimant::from(lease));
                OrgCommand::ClaimCall(ClaimCall { call, claimant: Some(caller.clone()), caller })
            }
            Self::Decline(decline) => OrgCommand::DeclineCall(decline.clone()),
            Self::Adopt(call, lease) => {
                OrgCommand::AdoptCall(AdoptCall { call: call.clone(), lease: lease.clone() })
            }
            Self::End(call, note) => {
                OrgCommand::EndCall(EndCall { call: call.clone(), note: note.clone() })
            }
        }
    }
}

impl<R> Default for Batch<R> {
    fn default() -> Self {
        Self { opens: None, actions: Vec::new() }
    }
}

impl<R> Batch<R> {
    /// The commands of an engine with this key, in order: one that opens the lease if it opens one, then one for each frame that is not
    /// refused.
    #[must_use]
    pub fn commands(&self, key: Option<&KeyId>) -> Vec<OrgCommand> {
        let open = self.opens.iter().map(|(lease, ttl_ms)| {
            let (lease, key) = (lease.clone(), key.cloned());
            OrgCommand::OpenLease(OpenLease { lease, ttl_ms: *ttl_ms, key })
        });
        let actions = self.actions.iter().filter_map(|(_, action)| action.as_ref().ok());
        open.chain(actions.map(Action::command)).collect()
    }
}

/// The outcome of a batch.
#[derive(Debug)]
pub struct Answers<R> {
    /// Whether the lease is open now; none if the batch did not open it, or it is not known.
    pub opened: Option<Result<(), Rejection>>,
    /// The outcome of each frame, in order.
    pub answers: Vec<Answered<R>>,
}

/// What was decided of a frame, given whether its batch has opened the lease: where that was refused, the lease is no lease that
/// expired.
///
/// # Errors
/// Why the frame is refused.
pub fn under_lease(
    opened: Option<&Result<(), Rejection>>,
    decided: Result<Reply, Rejection>,
) -> Result<Reply, Rejection> {
    match (opened, decided) {
        (Some(Err(why)), Err(Rejection::UnknownLease)) if *why != Rejection::LeaseExists => {
            Err(why.clone())
        }
        (_, decided) => decided,
    }
}

/// What a command did: which event among those of its call is its own. Others may look like it, as a call can go to another lease and
/// come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: it was a repetition, or it was refused.
    None,
    /// It took the call to the state in the answer.
    State,
    /// It moved the call to the lease.
    Adoption,
}

impl Effect {
    /// The effect of an action, by what was decided.
    #[must_use]
    pub const fn of(action: &Action, decided: &Result<Reply, Rejection>) -> Self {
        match (action, decided) {
            (Action::Start(_), Ok(Reply::Call { is_new: true, .. }))
            | (Action::End(..) | Action::Decline(_), Ok(_)) => Self::State,
            (Action::Adopt(..), Ok(Reply::Call { is_new: true, .. })) => Self::Adoption,
            (Action::Start(_) | Action::Adopt(..) | Action::Claim(..), _)
            | (Action::End(..) | Action::Decline(_), Err(_)) => Self::None,
        }
    }
}

/// The outcome of one frame.
#[derive(Debug)]
pub struct Answered<R> {
    /// By which number the frame is known.
    pub reference: Option<u64>,
    /// The call that a command was about; none for a frame that was refused before.
    pub about: Option<CallId>,
    /// What the command did.
    pub effect: Effect,
    /// The call, or why it was refused.
    pub outcome: Result<CallView, R>,
}

/// The waits of these queued calls. It is short: the node decides nothing else meanwhile.
#[must_use]
pub fn waits(org: Option<&Org>, ids: &[CallId], now: Now) -> Waits {
    let call = |id: &CallId| org?.call(id, now).filter(|view| view.wait.is_some());
    ids.iter().filter_map(call).collect()
}
