//! The listed agents and calls: filters, orders, and the selection.

use std::cmp::Reverse;

use callslot_api::{Call, CallState, CallType, ClassUse, PoolAgent};

use super::state::{Focus, Shown, View};
use super::ticker::Happening;
use crate::output::word;

/// All call types, in the order in which they are always named.
pub const CALL_TYPES: [CallType; 4] =
    [CallType::Webcall, CallType::Chat, CallType::Outbound, CallType::Inbound];

/// Which agents are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgentFilter {
    All,
    /// Those whose id or name contains this, in lower case.
    Like(String),
    /// The one with this id.
    Only(String),
}

/// The orders of agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentOrder {
    /// Most reserved slots first: an order that rarely changes.
    Reserved,
    /// Most active calls first.
    Active,
    /// Most queued calls first.
    Queued,
    Id,
}

/// The orders of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallOrder {
    /// Queued calls by position, active ones the longest first.
    Line,
    Agent,
    CallType,
}

/// Whether an order is reversed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reversed {
    No,
    Yes,
}

impl AgentFilter {
    /// The filter for a typed text.
    pub fn typed(text: &str) -> Self {
        if text.is_empty() { Self::All } else { Self::Like(text.to_lowercase()) }
    }

    /// The text of the filter.
    pub fn text(&self) -> &str {
        match self {
            Self::All => "",
            Self::Like(text) | Self::Only(text) => text,
        }
    }

    /// The one agent that passes; none when it may be several.
    pub fn one_of(&self, agents: &[PoolAgent]) -> Option<String> {
        if let Self::Only(id) = self {
            return Some(id.clone());
        }
        let mut passing = agents.iter().filter(|agent| self.passes(&agent.id, &agent.name));
        match (passing.next(), passing.next()) {
            (Some(agent), None) if *self != Self::All => Some(agent.id.clone()),
            _ => None,
        }
    }

    fn passes(&self, id: &str, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Like(text) => {
                id.to_lowercase().contains(text) || name.to_lowercase().contains(text)
            }
            Self::Only(only) => id == only,
        }
    }
}

impl AgentOrder {
    fn words(self) -> &'static str {
        match self {
            Self::Reserved => "agents, most reserved slots first",
            Self::Active => "agents, most active calls first",
            Self::Queued => "agents, most queued calls first",
            Self::Id => "agents by id",
        }
    }

    pub fn next(self) -> Self {
        match self {
            Self::Reserved => Self::Active,
            Self::Active => Self::Queued,
            Self::Queued => Self::Id,
            Self::Id => Self::Reserved,
        }
    }
}

impl CallOrder {
    fn words(self, listed: CallState) -> &'static str {
        match (self, listed) {
            (Self::Line, CallState::Queued) => "calls by position",
            (Self::Line, CallState::Active | CallState::Ended) => "calls, the longest first",
            (Self::Agent, _) => "calls by agent",
            (Self::CallType, _) => "calls by type",
        }
    }

    pub fn next(self) -> Self {
        match self {
            Self::Line => Self::Agent,
            Self::Agent => Self::CallType,
            Self::CallType => Self::Line,
        }
    }
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

impl Reversed {
    pub fn turned(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Yes => Self::No,
        }
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

/// An agent's part of one type.
pub fn class(agent: &PoolAgent, call_type: CallType) -> ClassUse {
    match call_type {
        CallType::Webcall => agent.types.webcall,
        CallType::Chat => agent.types.chat,
        CallType::Outbound => agent.types.outbound,
        CallType::Inbound => agent.types.inbound,
    }
}

fn turn<T>(list: &mut [T], reversed: Reversed) {
    if reversed == Reversed::Yes {
        list.reverse();
    }
}

/// The selected item of a list, by id: it stays selected wherever it moves, and when it goes the next in its place is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    id: Option<String>,
    place: usize,
}

impl Selection {
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Its place in the list.
    pub fn place(&self) -> usize {
        self.place
    }

    /// Keeps to the list as it is now.
    pub fn settle(&mut self, ids: &[String]) {
        let found = self.id.as_ref().and_then(|id| ids.iter().position(|found| found == id));
        self.place = found.unwrap_or(self.place).min(ids.len().saturating_sub(1));
        self.id = ids.get(self.place).cloned();
    }

    /// Moves to a place in the list, which settling then bounds.
    pub fn move_to(&mut self, place: usize) {
        self.place = place;
        self.id = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(list: &str) -> Vec<String> {
        list.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_selection_follows_its_item_and_passes_to_the_next_when_it_goes() {
        let mut selection = Selection::default();
        selection.settle(&ids("a b c"));
        assert_eq!(selection.id(), Some("a"));
        selection.move_to(1);
        selection.settle(&ids("a b c"));
        selection.settle(&ids("x a b c"));
        assert_eq!((selection.id(), selection.place()), (Some("b"), 2));
        selection.settle(&ids("x a c"));
        assert_eq!(selection.id(), Some("c"));
        selection.settle(&ids("x"));
        assert_eq!((selection.id(), selection.place()), (Some("x"), 0));
        selection.settle(&[]);
        assert_eq!(selection.id(), None);
    }
}
