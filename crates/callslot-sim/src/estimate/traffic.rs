//! Six kinds of traffic. Calls come as in a Poisson process, and durations and patience have the spread that call centres see
//! (Brown et al. 2005, "Statistical analysis of a telephone call center"): lognormal the one, exponential the other.

use callslot_core::{CallType, PerType};

/// An organisation and what is asked of it.
#[derive(Debug)]
pub struct Traffic {
    /// Its name.
    pub name: &'static str,
    pub(super) hours: u64,
    pub(super) limit: u32,
    pub(super) agents: Vec<Agent>,
    pub(super) type_caps: Vec<(CallType, u32)>,
    pub(super) streams: Vec<Stream>,
}

#[derive(Debug)]
pub(super) struct Agent {
    pub(super) id: &'static str,
    pub(super) cap: Option<u32>,
    pub(super) reserved: PerType<u32>,
}

/// Calls of one class.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) agent: &'static str,
    pub(super) call_type: CallType,
    pub(super) arrivals: Arrivals,
    pub(super) mean_s: f64,
    /// Standard deviation of the durations over their mean.
    pub(super) spread: f64,
    /// How long callers wait until they hang up, on average.
    pub(super) patience_s: f64,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Arrivals {
    /// That many an hour.
    Steady(f64),
    /// That many within some seconds, again and again.
    Bursts { every_s: f64, calls: u32, within_s: f64 },
}

/// The six kinds.
#[must_use]
pub fn kinds() -> Vec<Traffic> {
    vec![steady(), reserved_by_others(), long_beside_short(), bursts(), under_caps(), few_long()]
}

use CallType::{Chat, Inbound, Outbound, Webcall};

/// A pool that gets a tenth more calls than it can carry, whose callers wait half an hour before they hang up.
fn steady() -> Traffic {
    let load = |agent, call_type, slots| Stream::load(agent, call_type, slots, 180.0, 0.8);
    Traffic {
        name: "steady",
        hours: 24,
        limit: 20,
        agents: vec![Agent::free("a"), Agent::free("b")],
        type_caps: Vec::new(),
        streams: vec![load("a", Inbound, 12.0), load("a", Chat, 6.0), load("b", Inbound, 4.0)],
    }
}

/// Two agents have 17 of 20 slots for themselves; one is below its reservation, one above. A third has what is left.
fn reserved_by_others() -> Traffic {
    Traffic {
        name: "17 of 20 reserved by others",
        hours: 48,
        limit: 20,
        agents: vec![
            Agent::with("a", [0, 0, 0, 12]),
            Agent::with("b", [0, 5, 0, 0]),
            Agent::free("c"),
        ],
        type_caps: Vec::new(),
        streams: vec![
            Stream::load("a", Inbound, 9.0, 180.0, 0.8),
            Stream::load("b", Chat, 5.5, 180.0, 0.8),
            Stream::load("c", Inbound, 3.0, 180.0, 0.8),
        ],
    }
}

/// A campaign puts 400 calls into the queue at once, every other hour; other agents have reservations and short queues.
fn long_beside_short() -> Traffic {
    Traffic {
        name: "one long queue beside short ones",
        hours: 48,
        limit: 30,
        agents: vec![
            Agent::free("campaign"),
            Agent::with("desk", [0, 0, 0, 10]),
            Agent::with("web", [5, 0, 0, 0]),
        ],
        type_caps: Vec::new(),
        streams: vec![
            Stream {
                arrivals: Arrivals::Bursts { every_s: 7_200.0, calls: 400, within_s: 60.0 },
                patience_s: 36_000.0,
                ..Stream::load("campaign", Outbound, 1.0, 120.0, 0.8)
            },
            Stream::load("desk", Inbound, 10.5, 240.0, 0.8),
            Stream::load("web", Webcall, 5.2, 120.0, 0.8),
        ],
    }
}

/// Half the pool is in use, and every 20 minutes 60 calls come within 20 s.
fn bursts() -> Traffic {
    Traffic {
        name: "bursts",
        hours: 24,
        limit: 20,
        agents: vec![Agent::free("a"), Agent::free("b")],
        type_caps: Vec::new(),
        streams: vec![
            Stream::load("a", Inbound, 10.0, 120.0, 0.8),
            Stream {
                arrivals: Arrivals::Bursts { every_s: 1_200.0, calls: 60, within_s: 20.0 },
                ..Stream::load("b", Chat, 1.0, 120.0, 0.8)
            },
        ],
    }
}

/// An agent and a type get more than their caps let through, another agent can start nothing, and the rest of the pool is busy.
fn under_caps() -> Traffic {
    let closed = Agent { cap: Some(0), ..Agent::free("closed") };
    Traffic {
        name: "a cap in force",
        hours: 24,
        limit: 40,
        agents: vec![
            Agent { cap: Some(10), ..Agent::free("dialler") },
            Agent::free("a"),
            Agent::free("b"),
            closed,
        ],
        type_caps: vec![(Chat, 8)],
        streams: vec![
            Stream::load("dialler", Outbound, 8.0, 120.0, 0.8),
            Stream::load("dialler", Inbound, 5.0, 240.0, 0.8),
            Stream::load("a", Chat, 5.0, 300.0, 0.8),
            Stream::load("b", Chat, 5.0, 300.0, 0.8),
            Stream::load("a", Inbound, 23.0, 180.0, 0.8),
            Stream::load("closed", Webcall, 1.0, 180.0, 0.8),
        ],
    }
}

/// Four slots and calls of half an hour.
fn few_long() -> Traffic {
    Traffic {
        name: "few long calls",
        hours: 400,
        limit: 4,
        agents: vec![Agent::free("a")],
        type_caps: Vec::new(),
        streams: vec![Stream {
            patience_s: 9_000.0,
            ..Stream::load("a", Inbound, 6.0, 1_800.0, 0.5)
        }],
    }
}

impl Agent {
    fn free(id: &'static str) -> Self {
        Self::with(id, [0; 4])
    }

    fn with(id: &'static str, reserved: [u32; 4]) -> Self {
        Self { id, cap: None, reserved: PerType(reserved) }
    }
}

impl Stream {
    /// Calls that would keep that many slots busy.
    fn load(
        agent: &'static str,
        call_type: CallType,
        slots: f64,
        mean_s: f64,
        spread: f64,
    ) -> Self {
        let arrivals = Arrivals::Steady(slots * 3_600.0 / mean_s);
        Self { agent, call_type, arrivals, mean_s, spread, patience_s: 1_800.0 }
    }
}
