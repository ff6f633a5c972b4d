//! Decisions: every check first, then the events. A refused command changes nothing.
//!
//! The table below says which command has which answer, and who decides it. Creating and deleting organisations is the
//! shard's.

mod agents;
mod alerts;
pub(crate) mod by;
mod call_types;
mod calls;
mod gates;
mod leases;
mod reconcile;
mod reservations;
mod settings;
mod steps;
mod sweeps;

use alloc::vec::Vec;

use crate::command::{
    AdoptCall, ClaimCall, DeclineCall, DeleteAgent, DeleteAlert, DeleteGate, EndCall, EndCalls,
    EndLease, EraseCall, HangUp, OpenLease, OrgCommand, PutAgent, PutAlert, PutGate,
    ReconcileLease, RenewLease, SetAlertState, SetReservations, SetType, SetWithinHours, StartCall,
};
use crate::event::Recorded;
use crate::org::Org;
use crate::rejection::Rejection;
use crate::reply::{
    AgentWritten, AlertWritten, GateWritten, LeaseTime, Reconciling, Reply, Started, SweepBegun,
};
use crate::settings::OrgChange;
use crate::time::Now;
use crate::view::{CallView, OrgView, PoolView};

/// Something that can be asked of one organisation, and the type of its answer.
pub trait AskOrg {
    /// The answer when it is carried out.
    type Reply;

    /// Decides it: changes the state and adds what happened to `events`, or changes nothing.
    ///
    /// # Errors
    /// [`Rejection`] says why it is refused.
    fn decide(
        self,
        org: &mut Org,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<Self::Reply, Rejection>;

    /// The call that asks for a slot, if one does.
    fn slot_wanted(&self) -> Option<&StartCall> {
        None
    }
}

/// Commands that ask for no slot.
macro_rules! commands {
    ($($command:ident -> $reply:ty: $decide:ident;)+) => {$(
        impl AskOrg for $command {
            type Reply = $reply;

            fn decide(
                self,
                org: &mut Org,
                now: Now,
                events: &mut Vec<Recorded>,
            ) -> Result<$reply, Rejection> {
                org.$decide(now, self, events)
            }
        }
    )+};
}

commands! {
    ClaimCall -> CallView: claim_call;
    DeclineCall -> CallView: decline_call;
    EndCall -> Option<CallView>: end_call;
    EndCalls -> SweepBegun: end_calls;
    EraseCall -> (): erase_call;
    HangUp -> (): hang_up;
    OpenLease -> LeaseTime: open_lease;
    RenewLease -> LeaseTime: renew_lease;
    ReconcileLease -> Reconciling: reconcile_lease;
    AdoptCall -> Started: adopt_call;
    EndLease -> (): end_lease;
    SetReservations -> PoolView: set_reservations;
    PutAgent -> AgentWritten: put_agent;
    SetType -> (): set_type;
    DeleteAgent -> (): delete_agent;
    PutGate -> GateWritten: put_gate;
    SetWithinHours -> (): set_within_hours;
    DeleteGate -> (): delete_gate;
    PutAlert -> AlertWritten: put_alert;
    DeleteAlert -> (): delete_alert;
    SetAlertState -> (): set_alert_state;
    OrgChange -> OrgView: change_settings;
}

impl AskOrg for StartCall {
    type Reply = Started;

    fn decide(
        self,
        org: &mut Org,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<Started, Rejection> {
        org.start_call(now, self, events)
    }

    fn slot_wanted(&self) -> Option<&StartCall> {
        Some(self)
    }
}

impl OrgCommand {
    /// Decides a command of any kind.
    pub(crate) fn decide(
        self,
        org: &mut Org,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        match self {
            Self::StartCall(command) => command.decide(org, now, events).map(Reply::from),
            Self::EndCall(command) => command.decide(org, now, events).map(Reply::from),
            Self::EndCalls(command) => command.decide(org, now, events).map(Reply::from),
            Self::EraseCall(command) => command.decide(org, now, events).map(Reply::from),
            Self::HangUp(command) => command.decide(org, now, events).map(Reply::from),
            Self::ClaimCall(command) => command.decide(org, now, events).map(Reply::from),
            Self::DeclineCall(command) => command.decide(org, now, events).map(Reply::from),
            Self::OpenLease(command) => command.decide(org, now, events).map(Reply::from),
            Self::RenewLease(command) => command.decide(org, now, events).map(Reply::from),
            Self::ReconcileLease(command) => command.decide(org, now, events).map(Reply::from),
            Self::AdoptCall(command) => command.decide(org, now, events).map(Reply::from),
            Self::EndLease(command) => command.decide(org, now, events).map(Reply::from),
            Self::SetReservations(command) => command.decide(org, now, events).map(Reply::from),
            Self::SetType(command) => command.decide(org, now, events).map(Reply::from),
            Self::PutAgent(command) => command.decide(org, now, events).map(Reply::from),
            Self::DeleteAgent(command) => command.decide(org, now, events).map(Reply::from),
            Self::PutGate(command) => command.decide(org, now, events).map(Reply::from),
            Self::SetWithinHours(command) => command.decide(org, now, events).map(Reply::from),
            Self::DeleteGate(command) => command.decide(org, now, events).map(Reply::from),
            Self::PutAlert(command) => command.decide(org, now, events).map(Reply::from),
            Self::DeleteAlert(command) => command.decide(org, now, events).map(Reply::from),
            Self::SetAlertState(command) => command.decide(org, now, events).map(Reply::from),
            Self::ChangeOrg(change) => change.decide(org, now, events).map(Reply::from),
            Self::CreateOrg(_) => Err(Rejection::OrgExists { org: org.id.clone() }),
            Self::DeleteOrg => org.check_deletable().map(Reply::from),
        }
    }
}
