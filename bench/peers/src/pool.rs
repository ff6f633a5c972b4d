//! The pool that every system is set up with: one organisation's limit, agents and reservations.

/// The types of a class, as Callslot names them.
pub const CALL_TYPES: [&str; 4] = ["webcall", "chat", "outbound", "inbound"];

/// One organisation's slots.
#[derive(Debug, Clone)]
pub struct Pool {
    /// Its id; no other run has it.
    pub org: String,
    /// How many calls may be active at once.
    pub limit: u32,
    /// Every type of each is a class.
    pub agents: Vec<String>,
    /// Slots of classes; all others have none of their own.
    pub reservations: Vec<(Class, u32)>,
}

impl Pool {
    pub fn classes(&self) -> impl Iterator<Item = Class> {
        let of = |agent: &String| CALL_TYPES.map(|call_type| Class::new(agent, call_type));
        self.agents.iter().flat_map(of)
    }

    /// How many slots a class has of its own.
    pub fn reserved(&self, class: &Class) -> u32 {
        self.reservations.iter().find(|(with, _)| with == class).map_or(0, |(_, slots)| *slots)
    }

    /// How many slots are nobody's own.
    pub fn shared(&self) -> u32 {
        self.limit - self.reservations.iter().map(|(_, slots)| slots).sum::<u32>()
    }
}

/// An agent's calls of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    pub agent: String,
    /// One of [`CALL_TYPES`].
    pub call_type: String,
}

impl Class {
    /// That of an agent and a type.
    pub fn new(agent: &str, call_type: &str) -> Self {
        Self { agent: agent.to_owned(), call_type: call_type.to_owned() }
    }
}
