//! What can be asked of a shard: commands to one organisation, creating and deleting one, and commands to all of them.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::actor::Actor;
use crate::command::{
    By, Command, CreateOrg, DeleteOrg, ExpireDue, OrgCommand, SetPlanLimit, StartCall, TakeStep,
};
use crate::decide::AskOrg;
use crate::decide::by::ChangesSettings;
use crate::event::{OrgEvent, Recorded};
use crate::id::OrgId;
use crate::rejection::Rejection;
use crate::reply::Reply;
use crate::shard::{Ask, Shard};
use crate::signature::sign;
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
        let (id, command) = self;
        shard.in_org(now, &id, |org| command.decide(org, now, events))
    }

    fn org(&self) -> Option<&OrgId> {
        Some(&self.0)
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
        let created = OrgView { settings: settings.clone(), live_calls: 0, queued: 0 };
        shard.record(now, events, id, OrgEvent::Created(Box::new(settings)));
        Ok(created)
    }

    fn org(&self) -> Option<&OrgId> {
        Some(&self.0)
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
        shard.in_org(now, &self.0, |org| {
            org.check_deletable()?;
            org.finish_sweeps(now, events);
            Ok(())
        })?;
        shard.record(now, events, self.0, OrgEvent::Deleted);
        Ok(())
    }

    fn org(&self) -> Option<&OrgId> {
        Some(&self.0)
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
        shard.set_plan_limit(now, &self, None, events)
    }

    fn org(&self) -> Option<&OrgId> {
        None
    }
}

impl Ask for By<SetPlanLimit> {
    type Reply = ();

    fn decide(
        self,
        shard: &mut Shard,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        shard.set_plan_limit(now, &self.command, Some(&self.actor), events)
    }

    fn org(&self) -> Option<&OrgId> {
        None
    }
}

impl Ask for (OrgId, By<CreateOrg>) {
    type Reply = OrgView;

    fn decide(
        self,
        shard: &mut Shard,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<OrgView, Rejection> {
        let (id, By { actor, command }) = self;
        let first = events.len();
        let created = (id, command).decide(shard, now, events)?;
        sign(events, first, &actor, &[]);
        Ok(created)
    }

    fn org(&self) -> Option<&OrgId> {
        Some(&self.0)
    }
}

impl Ask for (OrgId, By<DeleteOrg>) {
    type Reply = ();

    fn decide(
        self,
        shard: &mut Shard,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        let (id, By { actor, command }) = self;
        let first = events.len();
        (id, command).decide(shard, now, events)?;
        sign(events, first, &actor, &[]);
        Ok(())
    }

    fn org(&self) -> Option<&OrgId> {
        Some(&self.0)
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

    fn org(&self) -> Option<&OrgId> {
        None
    }
}

impl Ask for TakeStep {
    type Reply = ();

    fn decide(
        self,
        shard: &mut Shard,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        shard.take_step(now, events);
        Ok(())
    }

    fn org(&self) -> Option<&OrgId> {
        None
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
        match self {
            Self::Org(id, OrgCommand::CreateOrg(settings)) => {
                (id, CreateOrg(settings)).decide(shard, now, events).map(Reply::from)
            }
            Self::Org(id, OrgCommand::DeleteOrg) => {
                (id, DeleteOrg).decide(shard, now, events).map(Reply::from)
            }
            Self::Org(id, command) => {
                shard.in_org(now, &id, |org| command.decide(org, now, events))
            }
            Self::By(actor, command) => command.decide_by(&actor, shard, now, events),
            Self::SetPlanLimit(command) => command.decide(shard, now, events).map(Reply::from),
            Self::ExpireDue => ExpireDue.decide(shard, now, events).map(Reply::from),
            Self::TakeStep => TakeStep.decide(shard, now, events).map(Reply::from),
        }
    }

    fn org(&self) -> Option<&OrgId> {
        match self {
            Self::Org(org, _) => Some(org),
            Self::By(_, command) => command.org(),
            Self::SetPlanLimit(_) | Self::ExpireDue | Self::TakeStep => None,
        }
    }

    fn slot_wanted(&self) -> Option<(&OrgId, &StartCall)> {
        match self {
            Self::Org(org, OrgCommand::StartCall(start)) => Some((org, start)),
            Self::By(_, command) => command.slot_wanted(),
            Self::Org(..) | Self::SetPlanLimit(_) | Self::ExpireDue | Self::TakeStep => None,
        }
    }
}

impl Command {
    /// The command without who gives it.
    #[must_use]
    pub fn itself(&self) -> &Self {
        if let Self::By(_, command) = self { command.itself() } else { self }
    }

    /// Who gives it, if it says so.
    #[must_use]
    pub fn actor(&self) -> Option<&Arc<Actor>> {
        if let Self::By(actor, _) = self { Some(actor) } else { None }
    }

    fn decide_by(
        self,
        actor: &Arc<Actor>,
        shard: &mut Shard,
        now: Now,
        events: &mut Vec<Recorded>,
    ) -> Result<Reply, Rejection> {
        let (formers, first) = match &self {
            Self::SetPlanLimit(command) => {
                return shard.set_plan_limit(now, command, Some(actor), events).map(Reply::from);
            }
            Self::Org(id, command) => {
                let formers = shard.org(id).map(|org| command.formers(org));
                (formers.unwrap_or_default(), events.len())
            }
            Self::By(..) | Self::ExpireDue | Self::TakeStep => (Vec::new(), events.len()),
        };
        let reply = self.decide(shard, now, events)?;
        sign(events, first, actor, &formers);
        Ok(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::CallType;
    use crate::command::EndCall;
    use crate::gate::CallGates;
    use crate::id::{AgentId, CallId};

    #[test]
    fn only_a_start_asks_for_a_slot() {
        let org = OrgId::parse("o").expect("an organisation id");
        let id = CallId::parse("1").expect("a call id");
        let start = StartCall {
            id: id.clone(),
            agent: AgentId::parse("a").expect("an agent id"),
            call_type: CallType::Chat,
            lease: None,
            max_wait_ms: None,
            max_duration_ms: None,
            claim_within_ms: None,
            gates: CallGates::default(),
            metadata: None,
        };
        let end = EndCall { call: id, note: None };
        let wanted = Some((&org, &start));
        assert_eq!((org.clone(), start.clone()).slot_wanted(), wanted);
        assert_eq!(
            Command::Org(org.clone(), OrgCommand::StartCall(start.clone())).slot_wanted(),
            wanted
        );
        assert_eq!((org.clone(), end.clone()).slot_wanted(), None);
        assert_eq!(Command::Org(org.clone(), OrgCommand::EndCall(end)).slot_wanted(), None);
        assert_eq!(ExpireDue.slot_wanted(), None);
    }
}
