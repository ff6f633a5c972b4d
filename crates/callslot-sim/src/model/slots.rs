//! Which slots are in use and who may have one: counted from the calls each time somebody asks.
//!
//! Start reading at [`Usage::admits`], the rule of admission.

use std::sync::Arc;

use callslot_core::{
    AgentId, AgentView, BlockedBy, BlockedOn, Call, CallType, ClassView, Pace, PerType, SlotKind,
};

use crate::model::bucket::Bucket;

/// An agent and what is reserved for it.
#[derive(Debug, Clone)]
pub(super) struct Agent {
    pub(super) id: AgentId,
    pub(super) name: Arc<str>,
    pub(super) cap: Option<u32>,
    pub(super) bucket: Option<Bucket>,
    pub(super) reserved: PerType<u32>,
}

/// What one agent reserves and uses.
#[derive(Debug)]
struct AgentUse {
    id: AgentId,
    name: Arc<str>,
    cap: Option<u32>,
    pace: Option<Pace>,
    reserved: PerType<u32>,
    active: PerType<u32>,
    queued: PerType<u32>,
}

/// A limit that holds over a set of classes, and what these use and are promised.
#[derive(Debug)]
struct Bound {
    /// What a call that it holds says of it.
    told: (BlockedOn, Option<BlockedBy>),
    limit: u32,
    /// `A` of the set.
    active: u32,
    /// `K` of the set.
    commitment: u32,
}

/// What a set of classes uses and has reserved.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct SetUse {
    pub(super) active: u64,
    pub(super) reserved: u64,
    /// Shared slots in use.
    pub(super) shared: u64,
}

/// What all agents reserve and use at this moment.
#[derive(Debug)]
pub(super) struct Usage {
    pub(super) limit: u32,
    type_caps: PerType<Option<u32>>,
    agents: Vec<AgentUse>,
}

impl Usage {
    /// Counts.
    pub(super) fn of(
        limit: u32,
        type_caps: PerType<Option<u32>>,
        agents: &[Agent],
        live: &[Call],
    ) -> Self {
        let count = |agent: &Agent| {
            let mut usage = AgentUse {
                id: agent.id.clone(),
                name: Arc::clone(&agent.name),
                cap: agent.cap,
                pace: agent.bucket.map(|bucket| bucket.pace),
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
        Self { limit, type_caps, agents: agents.iter().map(count).collect() }
    }

    /// Whether a call of this class may start now: on a reserved slot if every set that holds the class has fewer active
    /// calls than its limit, else on a shared one if less than its limit is in use or promised in every such set.
    pub(super) fn admits(&self, agent: &AgentId, call_type: CallType) -> bool {
        let slot = self.next_slot(agent, call_type);
        self.bounds_on(agent, call_type).iter().all(|bound| !bound.holds(slot))
    }

    /// The kind of slot that the class's next call takes: one of its own if one is free.
    pub(super) fn next_slot(&self, agent: &AgentId, call_type: CallType) -> SlotKind {
        let agent = self.agent(agent);
        if agent.active[call_type] < agent.reserved[call_type] {
            SlotKind::Reserved
        } else {
            SlotKind::Shared
        }
    }

    /// Why a queued call of this class is not started and whose cap that is, as far as slots hold it: [`BlockedOn::SharedFull`] may be
    /// told of one that they do not.
    pub(super) fn blocked_on(
        &self,
        agent: &AgentId,
        call_type: CallType,
    ) -> (BlockedOn, Option<BlockedBy>) {
        if self.agent(agent).reserved[call_type] == 0 {
            if self.shared_size() == 0 {
                return (BlockedOn::NothingShared, None);
            }
            if let Some(none) = self.bounds_on(agent, call_type).iter().find(|b| b.limit == 0) {
                return (BlockedOn::NothingShared, none.told.1);
            }
        }
        if self.active() >= self.limit {
            return (BlockedOn::Limit, None);
        }
        let slot = self.next_slot(agent, call_type);
        if slot == SlotKind::Shared && self.commitment() > self.limit {
            return (BlockedOn::Settling, None);
        }
        let bounds = self.bounds_on(agent, call_type).into_iter();
        let mut caps = bounds.filter(|bound| bound.told.1.is_some());
        let holding = caps.find(|cap| cap.holds(slot));
        holding.map_or((BlockedOn::SharedFull, None), |cap| cap.told)
    }

    /// The limits over the sets that hold the class: the pool's, the agent's cap and the type's cap.
    fn bounds_on(&self, agent: &AgentId, call_type: CallType) -> Vec<Bound> {
        let mut bounds = vec![Bound {
            told: (BlockedOn::Limit, None),
            limit: self.limit,
            active: self.active(),
            commitment: self.commitment(),
        }];
        let own = self.agent(agent);
        if let Some(limit) = own.cap {
            let of_agent = CallType::ALL.map(|of| (own.active[of], own.reserved[of]));
            let told = (BlockedOn::AgentCap, Some(BlockedBy::Agent));
            bounds.push(Bound::over(told, limit, &of_agent));
        }
        if let Some(limit) = self.type_caps[call_type] {
            let agents = self.agents.iter();
            let of_type: Vec<_> =
                agents.map(|of| (of.active[call_type], of.reserved[call_type])).collect();
            let told = (BlockedOn::TypeCap, Some(BlockedBy::Type));
            bounds.push(Bound::over(told, limit, &of_type));
        }
        bounds
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

    /// What the classes that `holds` says are in the set use.
    pub(super) fn over(&self, holds: impl Fn(&AgentId, CallType) -> bool) -> SetUse {
        let mut sum = SetUse::default();
        for agent in &self.agents {
            for of in CallType::ALL.into_iter().filter(|of| holds(&agent.id, *of)) {
                let (active, reserved) = (agent.active[of], agent.reserved[of]);
                sum.active += u64::from(active);
                sum.reserved += u64::from(reserved);
                sum.shared += u64::from(active.saturating_sub(reserved));
            }
        }
        sum
    }

    /// The limits over a class, and what the sets that they hold over use.
    pub(super) fn limits_over(&self, agent: &AgentId, call_type: CallType) -> Vec<(u64, SetUse)> {
        let mut limits = vec![(self.limit.into(), self.over(|_, _| true))];
        if let Some(cap) = self.agent_cap(agent) {
            limits.push((cap.into(), self.over(|id, _| id == agent)));
        }
        if let Some(cap) = self.type_caps[call_type] {
            limits.push((cap.into(), self.over(|_, of| of == call_type)));
        }
        limits
    }

    pub(super) fn agent_cap(&self, agent: &AgentId) -> Option<u32> {
        self.agent(agent).cap
    }

    /// All agents as readers see them, by id.
    pub(super) fn agent_views(&self) -> Vec<AgentView> {
        let mut views: Vec<AgentView> = self.agents.iter().map(AgentUse::view).collect();
        views.sort_by(|one, other| one.id.cmp(&other.id));
        views
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

impl Bound {
    /// A limit over classes, of which the active calls and the reserved slots are given.
    fn over(told: (BlockedOn, Option<BlockedBy>), limit: u32, classes: &[(u32, u32)]) -> Self {
        let active = classes.iter().map(|(active, _)| active).sum();
        let commitment = classes.iter().map(|(active, reserved)| active.max(reserved)).sum();
        Self { told, limit, active, commitment }
    }

    /// Whether it holds back a call that would take a slot of this kind.
    fn holds(&self, slot: SlotKind) -> bool {
        match slot {
            SlotKind::Reserved => self.active >= self.limit,
            SlotKind::Shared => self.commitment >= self.limit,
        }
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
            pace: self.pace,
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
