//! The figures that the rules of alerts look at, and what readers see of alerts. Nothing here changes anything.
//!
//! All rules of an organisation are looked at in one go: what takes a way through its agents or lanes is gathered once, however
//! many rules ask for it.

use alloc::vec::Vec;

use hashbrown::HashMap;

use crate::alert::{AlertClosing, AlertRule, AlertWhen};
use crate::call::{CallType, PerType};
use crate::id::{AlertId, Ticket};
use crate::org::Org;
use crate::org::index::{AgentIndex, CallIndex, ClassIndex, GateIndex};
use crate::time::Now;
use crate::view::AlertView;

/// A whole, in thousandths of a per cent.
const WHOLE_MILLI: u64 = 100_000;

/// Whose calls a rule is about, as far as there are such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Scope {
    All,
    Agent(AgentIndex),
    Type(CallType),
    Class(ClassIndex),
    /// Of all agents and types.
    Gate(GateIndex),
}

/// What the types use and wait for, over all agents.
#[derive(Debug, Clone, Copy, Default)]
struct OfType {
    reserved: u64,
    reserved_in_use: u64,
    queued: u64,
}

/// What the rules of an organisation need.
struct Gathered {
    types: PerType<OfType>,
    /// The earliest queued call of each scope that is asked for.
    heads: HashMap<Scope, CallIndex>,
}

impl Org {
    /// Its alerts: all rules by id, then what is open without a rule.
    #[must_use]
    pub fn alerts(&self, now: Now) -> Vec<AlertView> {
        let gathered = self.gather(self.alerts.rules().map(|(_, rule)| rule));
        let of_rules = self.alerts.rules().map(|(id, rule)| self.view_of(id, rule, &gathered, now));
        let built_in = self.alerts.open().filter(|opening| opening.alert.is_built_in());
        let built_in = built_in.map(|opening| AlertView {
            id: opening.alert.clone(),
            rule: opening.rule.clone(),
            figure_milli: None,
            open: Some(opening.clone()),
        });
        of_rules.chain(built_in).collect()
    }

    /// One of them.
    #[must_use]
    pub fn alert(&self, id: &AlertId, now: Now) -> Option<AlertView> {
        if let Some(rule) = self.alerts.rule(id) {
            let gathered = self.gather(core::iter::once(rule));
            return Some(self.view_of(id, rule, &gathered, now));
        }
        let opening = self.alerts.opening(id)?.clone();
        let (id, rule) = (id.clone(), opening.rule.clone());
        Some(AlertView { id, rule, figure_milli: None, open: Some(opening) })
    }

    /// Up to `most` of the alerts that closed last, the last first; only those with lower numbers than `before`.
    #[must_use]
    pub fn past_alerts(&self, before: Option<u64>, most: usize) -> Vec<AlertClosing> {
        let past = self.alerts.past().rev();
        let asked = past.filter(|it| before.is_none_or(|before| it.number < before));
        asked.take(most).cloned().collect()
    }

    /// How many rules it has.
    #[must_use]
    pub fn alert_rule_count(&self) -> usize {
        self.alerts.len()
    }

    /// How much there is to go through for the figures of its rules: agents, lanes with gates and rules.
    #[must_use]
    pub fn alert_cost(&self) -> usize {
        self.pool.agent_count() + self.pool.lanes.len() + self.alerts.len()
    }

    /// How many of its alerts are open.
    #[must_use]
    pub fn open_alert_count(&self) -> usize {
        self.alerts.open_count()
    }

    /// The ids of those of them that no rule is for.
    pub fn open_built_in_alerts(&self) -> impl Iterator<Item = &AlertId> {
        self.alerts.open().map(|opening| &opening.alert).filter(|alert| alert.is_built_in())
    }

    fn view_of(&self, id: &AlertId, rule: &AlertRule, gathered: &Gathered, now: Now) -> AlertView {
        AlertView {
            id: id.clone(),
            rule: rule.clone(),
            figure_milli: self.figure(rule, gathered, now),
            open: self.alerts.opening(id).cloned(),
        }
    }

    /// A rule's figure; nothing if its agent or gate is gone. None if the core does not count it.
    fn figure(&self, rule: &AlertRule, gathered: &Gathered, now: Now) -> Option<u64> {
        let scope = self.scope(rule);
        match rule.when {
            AlertWhen::Refused | AlertWhen::WebhookDisabled => None,
            AlertWhen::Utilization => Some(scope.map_or(0, |scope| self.utilization(scope))),
            AlertWhen::Queued => {
                Some(scope.map_or(0, |scope| self.queued_of(scope, gathered) * 1_000))
            }
            AlertWhen::ReservationFull => {
                Some(scope.map_or(0, |scope| self.reservation_use(scope, gathered)))
            }
            AlertWhen::OldestWait => {
                let head = scope.and_then(|scope| gathered.heads.get(&scope));
                Some(head.map_or(0, |call| self.calls[*call].waited_ms(now)))
            }
        }
    }

    /// None if the rule's agent or gate is gone.
    fn scope(&self, rule: &AlertRule) -> Option<Scope> {
        let agent = match &rule.agent {
            Some(id) => Some(self.pool.find(id)?),
            None => None,
        };
        if let Some(gate) = &rule.gate {
            return self.pool.gates.find(gate).map(Scope::Gate);
        }
        Some(match (agent, rule.call_type) {
            (None, None) => Scope::All,
            (Some(agent), None) => Scope::Agent(agent),
            (None, Some(call_type)) => Scope::Type(call_type),
            (Some(agent), Some(call_type)) => Scope::Class(ClassIndex { agent, call_type }),
        })
    }

    fn utilization(&self, scope: Scope) -> u64 {
        let (active, caps) = match scope {
            Scope::All => (self.pool.active(), [None, None]),
            Scope::Agent(agent) => {
                let agent = self.pool.agent(agent);
                (agent.usage.active, [agent.cap, None])
            }
            Scope::Type(call_type) => {
                let of_type = self.pool.type_use(call_type);
                (of_type.usage.active, [of_type.cap, None])
            }
            Scope::Class(class) => {
                let (agent, of_type) =
                    (self.pool.agent(class.agent), self.pool.type_use(class.call_type));
                (self.pool.class(class).active, [agent.cap, of_type.cap])
            }
            Scope::Gate(gate) => {
                let gate = self.pool.gates.gate(gate);
                (gate.active, [gate.settings.cap, None])
            }
        };
        let limit = self.pool.limit();
        let room = caps.into_iter().flatten().fold(limit, u32::min);
        per_cent_milli(active.into(), u64::from(room).max(1))
    }

    fn queued_of(&self, scope: Scope, gathered: &Gathered) -> u64 {
        match scope {
            Scope::All => self.queue.len() as u64,
            Scope::Agent(agent) => self.pool.agent(agent).queued().into(),
            Scope::Type(call_type) => gathered.types[call_type].queued,
            Scope::Class(class) => self.pool.class(class).queued().into(),
            Scope::Gate(gate) => self.pool.gates.gate(gate).queued.into(),
        }
    }

    fn reservation_use(&self, scope: Scope, gathered: &Gathered) -> u64 {
        let of_class = |class: ClassIndex| {
            let class = self.pool.class(class);
            (u64::from(class.active.min(class.reserved)), u64::from(class.reserved))
        };
        let of_type = |call_type: CallType| {
            let of_type = &gathered.types[call_type];
            (of_type.reserved_in_use, of_type.reserved)
        };
        let sum =
            |(used, of): (u64, u64), (more_used, more): (u64, u64)| (used + more_used, of + more);
        let (used, reserved) = match scope {
            Scope::All => CallType::ALL.into_iter().map(of_type).fold((0, 0), sum),
            Scope::Agent(agent) => {
                let classes = CallType::ALL.map(|call_type| ClassIndex { agent, call_type });
                classes.into_iter().map(of_class).fold((0, 0), sum)
            }
            Scope::Type(call_type) => of_type(call_type),
            Scope::Class(class) => of_class(class),
            // Nothing is reserved for gates.
            Scope::Gate(_) => (0, 0),
        };
        per_cent_milli(used, reserved)
    }

    fn gather<'a>(&self, rules: impl Iterator<Item = &'a AlertRule> + Clone) -> Gathered {
        let mut gathered = Gathered { types: PerType::default(), heads: HashMap::new() };
        let needs_types = |rule: &AlertRule| match rule.when {
            AlertWhen::Queued | AlertWhen::ReservationFull => {
                rule.agent.is_none() && rule.gate.is_none()
            }
            AlertWhen::Utilization
            | AlertWhen::OldestWait
            | AlertWhen::Refused
            | AlertWhen::WebhookDisabled => false,
        };
        if rules.clone().any(needs_types) {
            gathered.types = self.types_in_all();
        }
        let waits = rules.filter(|rule| rule.when == AlertWhen::OldestWait);
        let asked: Vec<Scope> = waits.filter_map(|rule| self.scope(rule)).collect();
        if !asked.is_empty() {
            gathered.heads = self.heads_of(&asked);
        }
        gathered
    }

    fn types_in_all(&self) -> PerType<OfType> {
        let mut types = PerType::<OfType>::default();
        for agent in self.pool.agents() {
            for call_type in CallType::ALL {
                let (class, sum) = (&agent.classes[call_type], &mut types[call_type]);
                sum.reserved += u64::from(class.reserved);
                sum.reserved_in_use += u64::from(class.active.min(class.reserved));
                sum.queued += u64::from(class.queued());
            }
        }
        types
    }

    /// The earliest queued call of each of these scopes that has one.
    fn heads_of(&self, asked: &[Scope]) -> HashMap<Scope, CallIndex> {
        let mut heads = HashMap::new();
        if asked.contains(&Scope::All)
            && let Some((_, first)) = self.queue.after(Ticket(0)).next()
        {
            heads.insert(Scope::All, first);
        }
        if asked.iter().all(|scope| *scope == Scope::All) {
            return heads;
        }
        let asked: hashbrown::HashSet<Scope> = asked.iter().copied().collect();
        let mut note = |scope: Scope, call: CallIndex| {
            if asked.contains(&scope) {
                let first = heads.entry(scope).or_insert(call);
                if self.calls[call].ticket < self.calls[*first].ticket {
                    *first = call;
                }
            }
        };
        let mut of_class = |class: ClassIndex, call: CallIndex| {
            note(Scope::Agent(class.agent), call);
            note(Scope::Type(class.call_type), call);
            note(Scope::Class(class), call);
        };
        for (agent, _) in self.pool.indexed_agents() {
            for call_type in CallType::ALL {
                let class = ClassIndex { agent, call_type };
                if let Some(call) = self.pool.head(class, None) {
                    of_class(class, call);
                }
            }
        }
        for lane in self.pool.lanes.iter() {
            let Some(call) = lane.queue.head() else { continue };
            of_class(lane.class, call);
        }
        for lane in self.pool.lanes.iter() {
            let Some(call) = lane.queue.head() else { continue };
            for gate in lane.gates.iter() {
                note(Scope::Gate(gate), call);
            }
        }
        heads
    }
}

/// A share of a whole in thousandths of a per cent; nothing of nothing.
fn per_cent_milli(part: u64, whole: u64) -> u64 {
    (part * WHOLE_MILLI).checked_div(whole).unwrap_or(0)
}
