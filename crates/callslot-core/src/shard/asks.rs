//! What can be asked of a shard: commands to one organisation, creating and deleting one, and commands to all of them.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::command::{
    Command, CreateOrg, DeleteOrg, ExpireDue, OrgCommand, SetPlanLimit, StartCall,
};
use crate::decide::AskOrg;
use crate::event::{OrgEvent, Recorded};
use crate::id::OrgId;
use crate::rejection::Rejection;
use crate::reply::Reply;
use crate::shard::{Ask, Shard};
use crate::time::Now;
use crate::view::OrgView;

impl<A: AskOrg> Ask for (OrgId, A) {
    type Reply = A::Reply;

    fn decide(
        self,
        shard: &mut Shard,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<A::Reply, Rejection> {
        let (place, org) = shard.org_mut(&self.0)?;
        org.forget_ended(now.tick);
        let reply = self.1.decide(org, now, events);
        shard.relist(place);
        reply
    }

    fn slot_wanted(&self) -> Option<(&OrgId, &StartCall)> {
        Some((&self.0, self.1.slot_wanted()?))
    }
}

impl Ask for (OrgId, CreateOrg) {
    type Reply = OrgView;

    fn decide(
        self,
        shard: &mut Shard,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<OrgView, Rejection> {
        let (id, CreateOrg(settings)) = self;
        if shard.by_id.contains_key(&id) {
            return Err(Rejection::OrgExists { org: id });
        }
        let created = OrgView { settings: settings.clone(), live_calls: 0 };
        shard.record(now, events, id, OrgEvent::Created(Box::new(settings)));
        Ok(created)
    }
}

impl Ask for (OrgId, DeleteOrg) {
    type Reply = ();

    fn decide(
        self,
        shard: &mut Shard,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        shard.org_mut(&self.0)?.1.check_deletable()?;
        shard.record(now, events, self.0, OrgEvent::Deleted);
        Ok(())
    }
}

impl Ask for SetPlanLimit {
    type Reply = ();

    fn decide(
        self,
        shard: &mut Shard,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        shard.set_plan_limit(now, &self.plan, self.limit, events)
    }
}

impl Ask for ExpireDue {
    type Reply = ();

    fn decide(
        self,
        shard: &mut Shard,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        shard.expire_due(now, events);
        Ok(())
    }
}

impl Ask for Command {
    type Reply = Reply;

    fn decide(
        self,
        shard: &mut Shard,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        /// Decides a command, and makes its answer one of any kind.
        macro_rules! decide {
            ($ask:expr) => {
                $ask.decide(shard, now, events).map(Reply::from)
            };
        }
        match self {
            Self::SetPlanLimit(command) => decide!(command),
            Self::ExpireDue => decide!(ExpireDue),
            Self::Org(org, command) => match command {
                OrgCommand::StartCall(command) => decide!((org, command)),
                OrgCommand::EndCall(command) => decide!((org, command)),
                OrgCommand::ClaimCall(command) => decide!((org, command)),
                OrgCommand::OpenLease(command) => decide!((org, command)),
                OrgCommand::RenewLease(command) => decide!((org, command)),
                OrgCommand::ReconcileLease(command) => decide!((org, command)),
                OrgCommand::EndLease(command) => decide!((org, command)),
                OrgCommand::SetReservations(command) => decide!((org, command)),
                OrgCommand::PutAgent(command) => decide!((org, command)),
                OrgCommand::DeleteAgent(command) => decide!((org, command)),
                OrgCommand::ChangeOrg(change) => decide!((org, change)),
                OrgCommand::CreateOrg(settings) => decide!((org, CreateOrg(settings))),
                OrgCommand::DeleteOrg => decide!((org, DeleteOrg)),
            },
        }
    }

    fn slot_wanted(&self) -> Option<(&OrgId, &StartCall)> {
        match self {
            Self::Org(org, OrgCommand::StartCall(start)) => Some((org, start)),
            Self::Org(..) | Self::SetPlanLimit(_) | Self::ExpireDue => None,
        }
    }
}
