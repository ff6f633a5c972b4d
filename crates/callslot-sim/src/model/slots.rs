//! Which slots are in use and who may have one: counted from the calls each time somebody asks.
//!
//! Start reading at [`Usage::admits`], the three conditions of admission.

use std::sync::Arc;

use callslot_core::{AgentId, AgentView, BlockedOn, Call, CallType, ClassView, PerType};

/// An agent and what is reserved for it.
#[derive(Debug)]
pub(super) struct Agent {
    pub(super) id: AgentId,
    pub(super) name: Arc<str>,
    pub(super) cap: Option<u32>,
    pub(super) reserved: PerType<u32>,
}

/// What one agent reserves and uses.
#[derive(Debug)]
struct AgentUse {
    id: AgentId,
    name: Arc<str>,
    cap: Option<u32>,
    reserved: PerType<u32>,
    active: PerType<u32>,
    queued: PerType<u32>,
}

/// What all agents reserve and use at this moment.
#[derive(Debug)]
pub(super) struct Usage {
    pub(super) limit: u32,
    agents: Vec<AgentUse>,
}

impl Usage {
    /// Counts.
    pub(super) fn of(limit: u32, agents: &[Agent], live: &[Call]) -> Self {
        let count = |agent: &Agent| {
            let mut usage = AgentUse {
                id: agent.id.clone(),
                name: Arc::clone(&agent.name),
                cap: agent.cap,
                reserved: agent.reserved,
                active: PerType::default(),
                queued: PerType::default(),
            };
            for call in live.iter().filter(|call| call.request.agent == agent.id) {
                let counted = if call.is_active() { &mut usage.active } else { &mut usage.queued };
                counted[call.request.call_type] += 1;
            }
            usage
        };
        Self { limit, agents: agents.iter().map(count).collect() }
    }

    /// Whether a call of this class may start now.
    pub(super) fn admits(&self, agent: &AgentId, call_type: CallType) -> bool {
        let is_below_limit = self.active() < self.limit;
        let has_slot =
            self.has_reserved_room(agent, call_type) || self.shared_in_use() < self.shared_size();
        is_below_limit && !self.is_at_cap(agent) && has_slot
    }

    /// Whether one of the class's own slots is free.
    pub(super) fn has_reserved_room(&self, agent: &AgentId, call_type: CallType) -> bool {
        let agent = self.agent(agent);
        agent.active[call_type] < agent.reserved[call_type]
    }

    /// Why a queued call of this agent is not started.
    pub(super) fn blocked_on(&self, agent: &AgentId) -> BlockedOn {
        if self.is_at_cap(agent) {
            BlockedOn::AgentCap
        } else if self.commitment() > self.limit {
            BlockedOn::Settling
        } else if self.active() >= self.limit {
            BlockedOn::Limit
        } else {
            BlockedOn::SharedFull
        }
    }

    /// `A`.
    pub(super) fn active(&self) -> u32 {
        self.sum_over_classes(|active, _| active)
    }

    /// `Σ r`.
    pub(super) fn reserved(&self) -> u32 {
        self.sum_over_classes(|_, reserved| reserved)
    }

    /// `S`.
    pub(super) fn shared_size(&self) -> u32 {
        self.limit - self.reserved()
    }

    /// `U`.
    pub(super) fn shared_in_use(&self) -> u32 {
        self.sum_over_classes(u32::saturating_sub)
    }

    /// `K`.
    pub(super) fn commitment(&self) -> u32 {
        self.sum_over_classes(u32::max)
    }

    /// All agents as readers see them, by id.
    pub(super) fn agent_views(&self) -> Vec<AgentView> {
        let mut views: Vec<AgentView> = self.agents.iter().map(AgentUse::view).collect();
        views.sort_by(|one, other| one.id.cmp(&other.id));
        views
    }

    fn is_at_cap(&self, agent: &AgentId) -> bool {
        let agent = self.agent(agent);
        agent.cap.is_some_and(|cap| sum(&agent.active) >= cap)
    }

    fn sum_over_classes(&self, value: impl Fn(u32, u32) -> u32) -> u32 {
        let classes = self.agents.iter().flat_map(|agent| {
            CallType::ALL.map(|call_type| (agent.active[call_type], agent.reserved[call_type]))
        });
        classes.map(|(active, reserved)| value(active, reserved)).sum()
    }

    fn agent(&self, id: &AgentId) -> &AgentUse {
        self.agents
            .iter()
            .find(|agent| agent.id == *id)
            .expect("an agent with live calls is not removed")
    }
}

impl AgentUse {
    fn view(&self) -> AgentView {
        let class = |call_type: CallType| {
            let (reserved, active) = (self.reserved[call_type], self.active[call_type]);
            ClassView {
                reserved,
                active,
                reserved_in_use: active.min(reserved),
                shared_in_use: active.saturating_sub(reserved),
                queued: self.queued[call_type],
            }
        };
        AgentView {
            id: self.id.clone(),
            name: Arc::clone(&self.name),
            cap: self.cap,
            reserved: sum(&self.reserved),
            active: sum(&self.active),
            queued: sum(&self.queued),
            types: PerType(CallType::ALL.map(class)),
        }
    }
}

fn sum(values: &PerType<u32>) -> u32 {
    values.0.iter().sum()
}
