//! Judges an organisation's event stream against `docs/semantics.md`, knowing nothing of how the server decides.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

type Class = (String, String);

#[derive(Default)]
pub struct Judge {
    limit: u64,
    reserved: HashMap<Class, u64>,
    caps: HashMap<String, u64>,
    active: HashMap<String, Class>,
    /// Waiting calls by the number of the event that queued them, which is their order.
    waiting: BTreeMap<u64, (String, Class)>,
    ends: HashMap<String, Value>,
    last: u64,
    queued: u64,
    most_active: usize,
    settings_changes: u64,
}

impl Judge {
    pub fn new(limit: u64) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Judges the next event.
    pub fn judge(&mut self, event: &Value) {
        let data = &event["data"];
        let number = data["seq"].as_u64().expect("a number");
        assert_eq!(number, self.last + 1, "numbers have no gap");
        self.last = number;
        match event["event"].as_str().expect("a name") {
            "limit.changed" => self.limit = data["limit"].as_u64().expect("a limit"),
            "agent.changed" => self.change_agent(data),
            "reservations.changed" => self.change_reservations(data),
            "call.queued" => self.queue(number, &data["call"]),
            "call.started" => self.start(number, &data["call"]),
            "call.ended" => self.end(&data["call"]),
            other => panic!("{other} is no event"),
        }
        if !event["event"].as_str().is_some_and(|name| name.starts_with("call.")) {
            self.settings_changes += 1;
        }
    }

    fn change_agent(&mut self, data: &Value) {
        let id = data["id"].as_str().expect("an id").to_owned();
        match data["agent"]["cap"].as_u64() {
            Some(cap) => self.caps.insert(id, cap),
            None => self.caps.remove(&id),
        };
    }

    fn change_reservations(&mut self, data: &Value) {
        for changed in data["reservations"].as_array().expect("reservations") {
            let agent = changed["agent"].as_str().expect("an agent");
            for call_type in ["webcall", "chat", "outbound", "inbound"] {
                let slots = changed[call_type].as_u64().expect("slots");
                self.reserved.insert((agent.into(), call_type.into()), slots);
            }
        }
        let reserved: u64 = self.reserved.values().sum();
        assert!(reserved <= self.limit, "{reserved} reserved of {}", self.limit);
    }

    fn queue(&mut self, number: u64, call: &Value) {
        let (id, class) = id_and_class(call);
        let has_room =
            self.active_in(&class) < self.reserved_for(&class) && !self.is_capped(&class.0);
        assert!(
            !has_room || self.committed() > self.limit,
            "event {number}: guarantee: {id} had a reserved slot"
        );
        assert!(!self.is_admissible(&class), "event {number}: {id} was queued and admissible");
        self.waiting.insert(number, (id, class));
        self.queued += 1;
    }

    fn start(&mut self, number: u64, call: &Value) {
        let (id, class) = id_and_class(call);
        let active = self.active.len() as u64;
        assert!(
            active < self.limit,
            "event {number}: never-over-limit: {active} of {}",
            self.limit
        );
        assert!(self.is_admissible(&class), "event {number}: exclusive: {id} had no slot to take");
        let place =
            self.waiting.iter().find(|(_, (waiting, _))| *waiting == id).map(|(&place, _)| place);
        let earlier = match place {
            Some(place) => self.waiting.range(..place),
            // It came now, so all that wait are earlier.
            None => self.waiting.range(..),
        };
        for (_, (other, other_class)) in earlier {
            assert!(*other_class != class, "event {number}: fifo: {id} started before {other}");
            assert!(
                !self.is_admissible(other_class),
                "event {number}: fifo: {id} started before {other}"
            );
        }
        let slot =
            if self.active_in(&class) < self.reserved_for(&class) { "reserved" } else { "shared" };
        assert_eq!(call["slot"], slot, "event {number}: {id}");
        if let Some(place) = place {
            self.waiting.remove(&place);
        }
        assert!(
            self.active.insert(id.clone(), class).is_none(),
            "event {number}: {id} started twice"
        );
        self.most_active = self.most_active.max(self.active.len());
    }

    fn end(&mut self, call: &Value) {
        let (id, _) = id_and_class(call);
        let was_active = self.active.remove(&id).is_some();
        let before = self.waiting.len();
        self.waiting.retain(|_, (waiting, _)| *waiting != id);
        assert!(was_active || self.waiting.len() < before, "{id} ended without having been live");
        let reason = if was_active { "completed" } else { "canceled" };
        assert_eq!(call["reason"], reason, "{id}");
        assert!(self.ends.insert(id.clone(), call.clone()).is_none(), "{id} ended twice");
    }

    fn active_in(&self, class: &Class) -> u64 {
        self.active.values().filter(|other| *other == class).count() as u64
    }

    fn reserved_for(&self, class: &Class) -> u64 {
        self.reserved.get(class).copied().unwrap_or(0)
    }

    fn is_capped(&self, agent: &str) -> bool {
        let active = self.active.values().filter(|(other, _)| other == agent).count() as u64;
        self.caps.get(agent).is_some_and(|cap| active >= *cap)
    }

    /// Slots in use or promised: the sum over all classes of the larger of active and reserved.
    fn committed(&self) -> u64 {
        let mut classes: Vec<&Class> = self.reserved.keys().chain(self.active.values()).collect();
        classes.sort();
        classes.dedup();
        classes.into_iter().map(|class| self.active_in(class).max(self.reserved_for(class))).sum()
    }

    fn is_admissible(&self, class: &Class) -> bool {
        let has_reserved_room = self.active_in(class) < self.reserved_for(class);
        (self.active.len() as u64) < self.limit
            && !self.is_capped(&class.0)
            && (has_reserved_room || self.committed() < self.limit)
    }

    pub fn ended(&self) -> u64 {
        self.ends.len() as u64
    }

    /// Calls still queued or active.
    pub fn live(&self) -> usize {
        self.active.len() + self.waiting.len()
    }

    pub fn queued(&self) -> u64 {
        self.queued
    }

    pub fn most_active(&self) -> usize {
        self.most_active
    }

    pub fn settings_changes(&self) -> u64 {
        self.settings_changes
    }

    /// Each call as it ended.
    pub fn ends(self) -> HashMap<String, Value> {
        self.ends
    }
}

fn id_and_class(call: &Value) -> (String, Class) {
    let text = |field: &str| call[field].as_str().expect("text").to_owned();
    (text("id"), (text("agent"), text("type")))
}
