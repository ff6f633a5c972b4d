//! What is listed: the calls and the pool as they were read, and the agents, calls and events of them that a view shows.

use std::cmp::Reverse;
use std::collections::VecDeque;

use callslot_api::{Call, CallState, CallType, ClassUse, Gate, Pool, PoolAgent};

use super::sorting::{AgentFilter, AgentOrder, CALL_TYPES, CallOrder, Reversed, Selection, class};
use super::ticker::Happening;
use crate::output::word;

/// Which calls are to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Queued or active.
    pub state: CallState,
    /// Only this agent's.
    pub agent: Option<String>,
    /// Only of this type.
    pub call_type: Option<CallType>,
}

/// The pool and the calls as they were read.
#[derive(Debug, Clone)]
pub struct Reading {
    pub pool: Pool,
    /// The first gates by id.
    pub gates: Vec<Gate>,
    /// Whether there are more gates.
    pub has_more_gates: bool,
    /// The first calls that were wanted.
    pub calls: Vec<Call>,
    /// Whether there are more.
    pub has_more: bool,
    /// Which calls these are.
    pub wanted: Wanted,
}

/// The data on the screen.
#[derive(Debug, Clone)]
pub struct Shown {
    pub reading: Reading,
    /// What happened, newest first.
    pub happenings: VecDeque<Happening>,
}

/// The list that keys act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    Agents,
    /// Queued or active calls.
    Calls,
}

/// The filters, orders and selections.
#[derive(Debug)]
pub struct View {
    /// The list that keys act on.
    pub focus: Focus,
    /// Whether queued or active calls are listed.
    pub listed: CallState,
    pub agent_filter: AgentFilter,
    pub call_type: Option<CallType>,
    pub agent_order: AgentOrder,
    pub call_order: CallOrder,
    /// Whether agents are listed in reverse.
    pub agents_reversed: Reversed,
    /// Whether calls are listed in reverse.
    pub calls_reversed: Reversed,
    pub agent: Selection,
    pub call: Selection,
}

impl View {
    /// Whether no filter is set.
    pub fn is_everything(&self) -> bool {
        self.agent_filter == AgentFilter::All && self.call_type.is_none()
    }

    /// How the list that keys act on is ordered, in words.
    pub fn order(&self) -> String {
        let (by, reversed) = match self.focus {
            Focus::Agents => (self.agent_order.words(), self.agents_reversed),
            Focus::Calls => (self.call_order.words(self.listed), self.calls_reversed),
        };
        let turned = if reversed == Reversed::Yes { ", reversed" } else { "" };
        format!("{by}{turned}")
    }
}

impl Shown {
    /// The agents listed: those that pass the filters and have a reservation or calls.
    pub fn agents(&self, view: &View) -> Vec<&PoolAgent> {
        let is_used = |class: ClassUse| class.reserved + class.active + class.queued > 0;
        let has_part = |agent: &PoolAgent| match view.call_type {
            Some(call_type) => is_used(class(agent, call_type)),
            None => CALL_TYPES.iter().any(|&call_type| is_used(class(agent, call_type))),
        };
        let mut agents: Vec<&PoolAgent> = self.reading.pool.agents.iter().collect();
        agents.retain(|agent| {
            view.agent_filter.passes(&agent.id, &agent.name)
                && (has_part(agent) || view.agent_filter != AgentFilter::All)
        });
        match view.agent_order {
            AgentOrder::Reserved => agents.sort_by_key(|agent| Reverse(agent.reserved)),
            AgentOrder::Active => agents.sort_by_key(|agent| Reverse(agent.active)),
            AgentOrder::Queued => agents.sort_by_key(|agent| Reverse(agent.queued)),
            AgentOrder::Id => agents.sort_by(|one, other| one.id.cmp(&other.id)),
        }
        turn(&mut agents, view.agents_reversed);
        agents
    }

    /// The gates listed: those that hold or let through most first.
    pub fn gates(&self) -> Vec<&Gate> {
        let mut gates: Vec<&Gate> = self.reading.gates.iter().collect();
        gates.sort_by_key(|gate| (Reverse(gate.queued), Reverse(gate.active)));
        gates
    }

    /// The calls listed: those of the last reading that pass the filters.
    pub fn calls(&self, view: &View) -> Vec<&Call> {
        if self.reading.wanted.state != view.listed {
            return Vec::new();
        }
        let mut calls: Vec<&Call> = self.reading.calls.iter().collect();
        calls.retain(|call| self.is_looked_at(view, Some(&call.agent), Some(call.call_type)));
        match view.call_order {
            CallOrder::Line => calls.sort_by_key(|call| (call.position, call.started_at)),
            CallOrder::Agent => calls.sort_by(|one, other| one.agent.cmp(&other.agent)),
            CallOrder::CallType => calls.sort_by_key(|call| word(&call.call_type)),
        }
        turn(&mut calls, view.calls_reversed);
        calls
    }

    /// The events that pass the filters, newest first.
    pub fn happenings(&self, view: &View) -> impl Iterator<Item = &Happening> {
        self.happenings.iter().filter(|happening| {
            self.is_looked_at(view, happening.agent.as_deref(), happening.call_type)
        })
    }

    /// How many queued and active calls pass the filters, listed or not.
    pub fn counts(&self, view: &View) -> (u32, u32) {
        let agents = self.reading.pool.agents.iter();
        let looked_at = agents.filter(|agent| view.agent_filter.passes(&agent.id, &agent.name));
        let classes = looked_at.flat_map(|agent| {
            CALL_TYPES
                .into_iter()
                .filter(|&call_type| view.call_type.is_none_or(|wanted| wanted == call_type))
                .map(|call_type| class(agent, call_type))
        });
        classes
            .fold((0, 0), |(queued, active), class| (queued + class.queued, active + class.active))
    }

    /// Whether something about an agent and a type passes the filters. Anything about the whole organisation passes.
    fn is_looked_at(&self, view: &View, agent: Option<&str>, call_type: Option<CallType>) -> bool {
        let passes = |agent: &str| {
            let known = self.reading.pool.agents.iter().find(|known| known.id == agent);
            view.agent_filter.passes(agent, known.map_or("", |known| &known.name))
        };
        let is_everything = view.agent_filter == AgentFilter::All;
        (is_everything || agent.is_none_or(passes))
            && view.call_type.is_none_or(|wanted| call_type.is_none_or(|found| found == wanted))
    }
}

fn turn<T>(list: &mut [T], reversed: Reversed) {
    if reversed == Reversed::Yes {
        list.reverse();
    }
}
