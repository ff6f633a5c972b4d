//! Judges an organisation's event stream against `docs/semantics.md`, knowing nothing of how the server decides.
//!
//! An event costs no more than there are classes, so long histories are judged quickly. Start reading at
//! [`Judge::judge`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

/// Agent and call type.
type Class = (String, String);

const TYPES: [&str; 4] = ["webcall", "chat", "outbound", "inbound"];

/// A call after the last event about it.
struct Call {
    class: Class,
    place: Place,
    seen: Value,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// By the number of the event that queued it, which is its order.
    Waiting(u64),
    Active,
    Ended,
}

/// What is known of a class.
#[derive(Default)]
struct Use {
    active: u64,
    reserved: u64,
    waiting: BTreeSet<u64>,
}

#[derive(Default)]
pub struct Judge {
    limit: u64,
    classes: BTreeMap<Class, Use>,
    caps: HashMap<String, u64>,
    type_caps: HashMap<String, u64>,
    calls: HashMap<String, Call>,
    /// What clients were shown of the pool, by the number of the last event in it.
    shown: BTreeMap<u64, Vec<Value>>,
    last: u64,
    last_at: String,
    /// How often an event's time was before that of the one before it.
    pub turns_of_time: u64,
    pub ends: BTreeMap<String, u64>,
    pub queued: u64,
    pub most_active: u64,
    pub settings_changes: u64,
    pub compared_pools: u64,
}

impl Judge {
    /// Judges events of an organisation that begins with this limit, and `shown`: pools that clients were shown.
    pub fn new(limit: u64, shown: impl IntoIterator<Item = Value>) -> Self {
        let mut judge = Self { limit, ..Self::default() };
        for pool in shown {
            let as_of = pool["as_of"].as_u64().expect("a number");
            judge.shown.entry(as_of).or_default().push(pool);
        }
        judge
    }

    /// Judges the next event.
    pub fn judge(&mut self, event: &Value) {
        let (name, data) = (event["event"].as_str().expect("a name"), &event["data"]);
        let number = data["seq"].as_u64().expect("a number");
        assert_eq!(number, self.last + 1, "numbers have no gap");
        self.last = number;
        // Times are written alike, so they compare as text. They go back only where the system's clock was set back.
        let at = data["at"].as_str().expect("a time");
        if at < &*self.last_at {
            self.turns_of_time += 1;
        }
        at.clone_into(&mut self.last_at);
        let is_expiry = data["call"]["reason"] == "lease_expired";
        if name != "call.started" && !is_expiry {
            self.check_rest(number);
        }
        match name {
            "limit.changed" => self.limit = data["limit"].as_u64().expect("a limit"),
            "agent.changed" => self.change_agent(data),
            "type.changed" => self.change_type(data),
            "reservations.changed" => self.change_reservations(data),
            "call.queued" => self.queue(number, &data["call"]),
            "call.started" => self.start(number, &data["call"]),
            "call.ended" => self.end(number, &data["call"]),
            other => panic!("{other} is not an event"),
        }
        if !name.starts_with("call.") {
            self.settings_changes += 1;
        }
        for pool in self.shown.remove(&number).unwrap_or_default() {
            self.compare_pool(&pool);
        }
    }

    /// Checks that the history reached all that clients were shown, and that nothing is left over.
    pub fn finish(&self) {
        assert_eq!(self.shown.keys().next(), None, "a pool was shown of events that are lost");
        self.check_rest(self.last + 1);
    }

    /// Work-conserving: at rest no queued call is admissible.
    fn check_rest(&self, number: u64) {
        for class in self.classes.keys().filter(|class| !self.classes[*class].waiting.is_empty()) {
            assert!(
                !self.is_admissible(class),
                "before event {number}: {class:?} was left waiting"
            );
        }
    }

    fn change_agent(&mut self, data: &Value) {
        let id = data["id"].as_str().expect("an id").to_owned();
        match data["agent"]["cap"].as_u64() {
            Some(cap) => self.caps.insert(id, cap),
            None => self.caps.remove(&id),
        };
    }

    fn change_type(&mut self, data: &Value) {
        let call_type = data["type"].as_str().expect("a type").to_owned();
        match data["cap"].as_u64() {
            Some(cap) => self.type_caps.insert(call_type, cap),
            None => self.type_caps.remove(&call_type),
        };
    }

    fn change_reservations(&mut self, data: &Value) {
        for changed in data["reservations"].as_array().expect("reservations") {
            let agent = changed["agent"].as_str().expect("an agent");
            for call_type in TYPES {
                let class = (agent.to_owned(), call_type.to_owned());
                let slots = changed[call_type].as_u64().expect("slots");
                self.classes.entry(class).or_default().reserved = slots;
            }
        }
        let reserved = self.reserved();
        assert!(reserved <= self.limit, "{reserved} reserved of {}", self.limit);
    }

    fn queue(&mut self, number: u64, call: &Value) {
        let (id, class) = id_and_class(call);
        self.classes.entry(class.clone()).or_default();
        assert!(
            !self.has_reserved_room(&class) || self.is_settling(&class),
            "event {number}: guarantee: {id} had a reserved slot"
        );
        assert!(!self.is_admissible(&class), "event {number}: {id} was queued and admissible");
        self.class(&class).waiting.insert(number);
        self.queued += 1;
        let new = Call { class, place: Place::Waiting(number), seen: call.clone() };
        assert!(self.calls.insert(id.clone(), new).is_none(), "event {number}: {id} came twice");
    }

    fn start(&mut self, number: u64, call: &Value) {
        let (id, class) = id_and_class(call);
        self.classes.entry(class.clone()).or_default();
        let active = self.active();
        assert!(
            active < self.limit,
            "event {number}: never-over-limit: {active} of {}",
            self.limit
        );
        assert!(self.is_admissible(&class), "event {number}: exclusive: {id} had no slot to take");
        let place = match self.calls.get(&id).map(|call| call.place) {
            Some(Place::Waiting(place)) => place,
            // It came now, so all that wait are earlier.
            None => number,
            Some(Place::Active | Place::Ended) => panic!("event {number}: {id} started twice"),
        };
        for (other, used) in &self.classes {
            let earlier = used.waiting.first().filter(|&&head| head < place);
            assert!(
                earlier.is_none() || (*other != class && !self.is_admissible(other)),
                "event {number}: fifo: {id} started before event {earlier:?} of {other:?}"
            );
        }
        let slot = if self.has_reserved_room(&class) { "reserved" } else { "shared" };
        assert_eq!(call["slot"], slot, "event {number}: {id}");
        let used = self.class(&class);
        used.waiting.remove(&place);
        used.active += 1;
        self.calls.insert(id, Call { class, place: Place::Active, seen: call.clone() });
        self.most_active = self.most_active.max(active + 1);
    }

    fn end(&mut self, number: u64, call: &Value) {
        let (id, class) = id_and_class(call);
        let known = self.calls.get_mut(&id).unwrap_or_else(|| panic!("{id} ended and never came"));
        assert_eq!(known.class, class, "event {number}: {id} changed its class");
        let place = std::mem::replace(&mut known.place, Place::Ended);
        known.seen = call.clone();
        let used = self.class(&class);
        let by_client = match place {
            Place::Active => {
                used.active -= 1;
                "completed"
            }
            Place::Waiting(place) => {
                used.waiting.remove(&place);
                "canceled"
            }
            Place::Ended => panic!("event {number}: {id} ended twice"),
        };
        let reason = call["reason"].as_str().expect("a reason");
        assert!([by_client, "lease_expired"].contains(&reason), "event {number}: {id}: {reason}");
        *self.ends.entry(reason.to_owned()).or_default() += 1;
    }

    /// A pool that a client was shown is the one that the events up to there lead to.
    fn compare_pool(&mut self, pool: &Value) {
        let (reserved, active) = (self.reserved(), self.active());
        let in_use: u64 =
            self.classes.values().map(|used| used.active.saturating_sub(used.reserved)).sum();
        let size = self.limit - reserved;
        let queued: usize = self.classes.values().map(|used| used.waiting.len()).sum();
        let expected = json!({
            "limit": self.limit, "reserved": reserved, "active": active, "queued": queued,
            "shared": { "size": size, "in_use": in_use, "free": size.saturating_sub(in_use) },
            "settling": self.committed().saturating_sub(self.limit),
        });
        for (field, value) in expected.as_object().expect("an object") {
            assert_eq!(&pool[field], value, "`{field}` of the pool as of {}", pool["as_of"]);
        }
        for agent in pool["agents"].as_array().expect("agents") {
            let id = agent["id"].as_str().expect("an id");
            assert_eq!(agent["cap"].as_u64(), self.caps.get(id).copied(), "the cap of {id}");
            for call_type in TYPES {
                let nobody = Use::default();
                let class = (id.to_owned(), call_type.to_owned());
                let used = self.classes.get(&class).unwrap_or(&nobody);
                let expected = json!({
                    "reserved": used.reserved, "active": used.active, "queued": used.waiting.len(),
                    "reserved_in_use": used.active.min(used.reserved),
                    "shared_in_use": used.active.saturating_sub(used.reserved),
                });
                assert_eq!(agent["types"][call_type], expected, "{class:?} in {}", pool["as_of"]);
            }
        }
        self.compared_pools += 1;
    }

    fn class(&mut self, class: &Class) -> &mut Use {
        self.classes.get_mut(class).expect("a class that has calls is known")
    }

    fn has_reserved_room(&self, class: &Class) -> bool {
        self.classes[class].active < self.classes[class].reserved
    }

    pub fn active(&self) -> u64 {
        self.classes.values().map(|used| used.active).sum()
    }

    fn reserved(&self) -> u64 {
        self.classes.values().map(|used| used.reserved).sum()
    }

    /// Slots in use or promised: the sum over all classes of the larger of active and reserved.
    fn committed(&self) -> u64 {
        self.classes.values().map(|used| used.active.max(used.reserved)).sum()
    }

    /// The limits that hold for a class, with the active calls and the slots in use or promised under each: the
    /// organisation's, its agent's cap and its type's.
    fn limits_on(&self, (agent, call_type): &Class) -> Vec<(u64, u64, u64)> {
        let under = |limit: u64, holds: &dyn Fn(&Class) -> bool| {
            let held = || self.classes.iter().filter(|(class, _)| holds(class)).map(|held| held.1);
            let active = held().map(|used| used.active).sum();
            let committed = held().map(|used| used.active.max(used.reserved)).sum();
            (limit, active, committed)
        };
        let mut limits = vec![under(self.limit, &|_| true)];
        let (cap, type_cap) = (self.caps.get(agent), self.type_caps.get(call_type));
        limits.extend(cap.map(|cap| under(*cap, &|class| class.0 == *agent)));
        limits.extend(type_cap.map(|cap| under(*cap, &|class| class.1 == *call_type)));
        limits
    }

    fn is_settling(&self, class: &Class) -> bool {
        self.limits_on(class).iter().any(|(limit, _, committed)| committed > limit)
    }

    fn is_admissible(&self, class: &Class) -> bool {
        let takes_reserved = self.has_reserved_room(class);
        self.limits_on(class).iter().all(|(limit, active, committed)| {
            if takes_reserved { active < limit } else { committed < limit }
        })
    }

    /// The number of the last event judged.
    pub fn events(&self) -> u64 {
        self.last
    }

    /// Calls still queued or active.
    pub fn live(&self) -> usize {
        self.calls.values().filter(|call| call.place != Place::Ended).count()
    }

    /// Each call as its last event shows it.
    pub fn calls(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.calls.iter().map(|(id, call)| (id, &call.seen))
    }

    /// A call as its last event shows it.
    pub fn call(&self, id: &str) -> Option<&Value> {
        self.calls.get(id).map(|call| &call.seen)
    }
}

fn id_and_class(call: &Value) -> (String, Class) {
    let text = |field: &str| call[field].as_str().expect("text").to_owned();
    (text("id"), (text("agent"), text("type")))
}
