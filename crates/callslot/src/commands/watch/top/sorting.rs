//! The filters, the orders and the selection of a list. `lists.rs` applies them.

use callslot_api::{CallState, CallType, ClassUse, PoolAgent};

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

    /// Whether an agent passes.
    pub fn passes(&self, id: &str, name: &str) -> bool {
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
    /// The order in words.
    pub fn words(self) -> &'static str {
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
    /// The order in words.
    pub fn words(self, listed: CallState) -> &'static str {
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

impl Reversed {
    pub fn turned(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Yes => Self::No,
        }
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
