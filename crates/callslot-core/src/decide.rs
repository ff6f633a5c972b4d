//! Decisions: every check first, then the events. A refused command changes nothing.

mod agents;
mod calls;
mod expiry;
mod leases;
mod reservations;
mod settings;

use alloc::vec::Vec;

use crate::command::OrgCommand;
use crate::event::Recorded;
use crate::org::Org;
use crate::rejection::Rejection;
use crate::reply::Reply;
use crate::time::Now;

impl Org {
    /// Decides a command to an organisation that exists. Creation and removal are the shard's.
    pub(crate) fn decide(
        &mut self,
        now: Now,
        command: OrgCommand,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        self.forget_ended(now.tick);
        match command {
            OrgCommand::StartCall(start) => self.start_call(now, start, events),
            OrgCommand::EndCall { call, note } => self.end_call(now, call, note, events),
            OrgCommand::ClaimCall { call } => self.claim_call(now, call, events),
            OrgCommand::RenewLease { lease, sum } => self.renew_lease(now, &lease, sum),
            OrgCommand::OpenLease { lease, ttl_ms } => self.open_lease(now, lease, ttl_ms, events),
            OrgCommand::ReconcileLease { lease, active } => {
                self.reconcile_lease(now, &lease, &active, events)
            }
            OrgCommand::EndLease { lease } => self.end_lease(now, &lease, events),
            OrgCommand::SetReservations { reservations, if_version } => {
                self.set_reservations(now, reservations, if_version, events)
            }
            OrgCommand::PutAgent { agent, name, cap } => {
                self.put_agent(now, agent, name, cap, events)
            }
            OrgCommand::DeleteAgent { agent } => self.delete_agent(now, agent, events),
            OrgCommand::ChangeOrg(change) => self.change_settings(now, change, events),
            OrgCommand::CreateOrg(_) => Err(Rejection::OrgExists { org: self.id.clone() }),
            OrgCommand::DeleteOrg => self.check_deletable(),
        }
    }
}
