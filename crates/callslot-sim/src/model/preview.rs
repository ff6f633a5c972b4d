//! What replacing reservations would lead to: worked out on a copy of the live calls, which start one after the other.

use callslot_core::limits::MAX_FIRST_STARTS;
use callslot_core::{
    Active, AgentId, AgentView, Call, CallState, CallType, MayWaitLonger, OverReservation, PerType,
    Rejection, ReservationsPreview, StartsOfClass, Tick, Timestamp,
};

use crate::model::org::OrgModel;
use crate::model::slots::{Agent, Usage};

impl OrgModel {
    pub(super) fn preview(
        &self,
        batch: &[(AgentId, PerType<u32>)],
        tick: Tick,
    ) -> Result<ReservationsPreview, Rejection> {
        self.check_batch(batch)?;
        let agents: Vec<Agent> =
            self.agents.iter().map(|agent| with_wanted(agent, batch)).collect();
        let mut live = self.live.clone();
        let usage_of =
            |live: &[Call]| Usage::of(self.settings.limit(), self.type_caps, &agents, live);
        let mut started: Vec<Call> = Vec::new();
        let mut doors = self.doors(tick);
        loop {
            let usage = usage_of(&live);
            let is_admissible = |call: &Call| {
                let (agent, call_type) = (&call.request.agent, call.request.call_type);
                call.is_queued()
                    && usage.admits(agent, call_type)
                    && doors.let_through((agent, call_type), &call.request.gates)
            };
            let Some(call) = live.iter_mut().find(|call| is_admissible(call)) else { break };
            started.push(call.clone());
            let (agent, call_type) = (&call.request.agent, call.request.call_type);
            doors.pass((agent, call_type), &call.request.gates);
            call.state = CallState::Active(Active {
                slot: usage.next_slot(agent, call_type),
                started_at: Timestamp(0),
                dispatched: None,
                deadline: None,
                is_claim_due: false,
                misses: 0,
            });
        }
        let (now, then) = (self.usage(), usage_of(&live));
        let views = then.agent_views();
        let settling = then.commitment().saturating_sub(then.limit);
        Ok(ReservationsPreview {
            version: self.version,
            starts: starts_by_class(&views, &started),
            first_starts: started
                .iter()
                .take(MAX_FIRST_STARTS)
                .map(|call| call.request.id.clone())
                .collect(),
            waits_longer: waits_longer(&now, &then),
            settling,
            over_reservation: if settling > 0 { over_reservation(&views) } else { Vec::new() },
            shared_after: then.shared_size(),
        })
    }
}

fn with_wanted(agent: &Agent, batch: &[(AgentId, PerType<u32>)]) -> Agent {
    let wanted = batch.iter().find(|(id, _)| *id == agent.id);
    Agent { reserved: wanted.map_or(agent.reserved, |(_, wanted)| *wanted), ..agent.clone() }
}

fn starts_by_class(views: &[AgentView], started: &[Call]) -> Vec<StartsOfClass> {
    let mut starts = Vec::new();
    for AgentView { id: agent, .. } in views {
        for call_type in CallType::ALL {
            let is_of =
                |call: &&Call| call.request.agent == *agent && call.request.call_type == call_type;
            let count = started.iter().filter(is_of).count();
            if count > 0 {
                let count = u32::try_from(count).expect("a model has few calls");
                starts.push(StartsOfClass { agent: agent.clone(), call_type, count });
            }
        }
    }
    starts
}

fn waits_longer(now: &Usage, then: &Usage) -> Vec<MayWaitLonger> {
    let mut longer = Vec::new();
    for (before, after) in now.agent_views().iter().zip(then.agent_views()) {
        for call_type in CallType::ALL {
            let (slots_now, slots_after) =
                (most_slots(now, before, call_type), most_slots(then, &after, call_type));
            let (own_now, own_then) = (before.types[call_type].reserved, after.types[call_type]);
            let is_worse = slots_after < slots_now || own_then.reserved < own_now;
            if own_then.queued > 0 && is_worse {
                let (agent, queued) = (after.id.clone(), own_then.queued);
                longer.push(MayWaitLonger { agent, call_type, queued, slots_now, slots_after });
            }
        }
    }
    longer
}

/// How many slots the class could have if no other call was active: as many as each limit has beyond what is reserved for others.
fn most_slots(usage: &Usage, agent: &AgentView, call_type: CallType) -> u32 {
    let own = u64::from(agent.types[call_type].reserved);
    let limits = usage.limits_over(&agent.id, call_type).into_iter();
    let most = limits.map(|(limit, set)| limit - (set.reserved - own)).min();
    u32::try_from(most.expect("the pool has a limit")).expect("limits are small")
}

fn over_reservation(views: &[AgentView]) -> Vec<OverReservation> {
    let calls = |view: &AgentView| view.types.0.iter().map(|class| class.shared_in_use).sum();
    let over =
        views.iter().map(|view| OverReservation { agent: view.id.clone(), calls: calls(view) });
    over.filter(|over| over.calls > 0).collect()
}
