//! An organisation's state: its pool, its calls, its queue, its leases and their deadlines, each a structure of its own.
//!
//! Nothing here decides. `org/apply.rs` changes the state by an event, `org/read.rs` has the readers' methods; the
//! decisions are in `decide.rs`, and slots are given in `dispatch.rs`.

mod alert_figures;
pub(crate) mod alerts;
mod apply;
mod blocked;
mod calls;
pub(crate) mod class;
pub(crate) mod deadlines;
mod early_ends;
mod ended_calls;
mod gated;
pub(crate) mod gates;
mod id_table;
pub(crate) mod index;
pub(crate) mod lanes;
mod leases;
mod linked_calls;
mod live_call;
mod pacer;
mod paged_slab;
pub(crate) mod pages;
pub(crate) mod pool;
mod prefix_counts;
mod preview;
mod queue_positions;
mod read;
mod snapshot;
pub(crate) mod sweeps;
mod ticket_ranks;
mod wait;

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{Call, CallType, Request};
use crate::event::Counters;
use crate::gate::CallGates;
use crate::id::{AgentId, OrgId};
use crate::limits::{Bounds, DEFAULT_LEASE_TTL_MS};
use crate::org::alerts::Alerts;
use crate::org::calls::Calls;
use crate::org::deadlines::{Deadlines, Due};
use crate::org::early_ends::EarlyEnds;
use crate::org::index::{CallIndex, ClassIndex, Found, KnownCall, LeaseIndex};
use crate::org::leases::Leases;
use crate::org::pages::AllPages;
use crate::org::pool::Pool;
use crate::org::queue_positions::QueuePositions;
use crate::org::sweeps::Sweeps;
use crate::settings::OrgSettings;
use crate::time::Tick;

pub use preview::PreviewInProgress;

/// How many remembered calls one command forgets at most: more than the one that it may end, so that memory keeps up, and
/// few, so that no command takes long.
const FORGOTTEN_PER_COMMAND: usize = 8;

/// An organisation. Readers use the methods in `org/read.rs`.
#[derive(Debug)]
pub struct Org {
    pub(crate) id: OrgId,
    pub(crate) settings: OrgSettings,
    pub(crate) counters: Counters,
    pub(crate) pool: Pool,
    pub(crate) calls: Calls,
    pub(crate) early_ends: EarlyEnds,
    pub(crate) queue: QueuePositions,
    pub(crate) leases: Leases,
    /// No part of the state that the log leads to.
    pub(crate) pages: AllPages,
    pub(crate) sweeps: Sweeps,
    pub(crate) alerts: Alerts,
    pub(crate) deadlines: Deadlines,
    /// No part of the state that the log leads to.
    pub(crate) bounds: Bounds,
    /// Whether an earlier command has left something to do: calls of an ended lease or of a sweep to end, or admissible calls to start. The
    /// rest of the state implies it; it is kept so that commands need not look for it. Until all is done, only steps dispatch,
    /// and new calls are queued.
    pub(crate) has_steps_left: bool,
    /// Nothing expires before this tick.
    pub(crate) grace_until: Tick,
}

impl Org {
    pub(crate) fn new(
        id: OrgId,
        settings: OrgSettings,
        counters: Counters,
        bounds: Bounds,
    ) -> Self {
        let mut pool = Pool::default();
        pool.set_limit(settings.limit());
        Self {
            id,
            settings,
            counters,
            pool,
            calls: Calls::default(),
            early_ends: EarlyEnds::default(),
            queue: QueuePositions::default(),
            leases: Leases::default(),
            pages: AllPages::default(),
            sweeps: Sweeps::default(),
            alerts: Alerts::default(),
            deadlines: Deadlines::default(),
            bounds,
            has_steps_left: false,
            grace_until: Tick(0),
        }
    }

    /// Sets when a lease runs out.
    pub(crate) fn set_lease_expiry(&mut self, lease: LeaseIndex, expires: Tick) {
        let due = Due::Lease { number: self.leases.lease(lease).number, lease };
        self.deadlines.clear(self.leases.lease(lease).expires, due);
        self.deadlines.set(expires, due);
        self.leases.set_expiry(lease, expires);
    }

    /// From `tick` every lease has its whole TTL again, and nothing expires for one default TTL. What was left to do before the
    /// restart still is.
    pub(crate) fn resume(&mut self, tick: Tick) {
        self.grace_until = tick.after_ms(DEFAULT_LEASE_TTL_MS);
        let open = self.leases.iter().filter(|(_, lease)| !lease.has_ended);
        let leases: Vec<_> = open.map(|(index, lease)| (index, lease.ttl_ms)).collect();
        for (lease, ttl_ms) in leases {
            self.set_lease_expiry(lease, tick.after_ms(ttl_ms));
        }
        self.sweeps.resume();
        self.look_for_steps(tick);
    }

    /// Finds out whether there are steps left.
    #[cold]
    pub(crate) fn look_for_steps(&mut self, tick: Tick) {
        self.pool.open_due(tick);
        self.pool.allow_moves(self.bounds.lane_moves);
        self.has_steps_left = self.leases.first_orphan().is_some()
            || self.sweeps.len() > 0
            || self.pool.next_admissible(tick).is_some()
            || self.pool.has_lanes_to_move();
    }

    pub(crate) fn next_deadline(&self) -> Option<Tick> {
        let deadline = self.deadlines.first().map(|tick| tick.max(self.grace_until));
        match self.pool.next_wake() {
            // Nobody waits for a pace that has a start to give again.
            Some(wake) if self.queue.len() > 0 => Some(deadline.map_or(wake, |it| it.min(wake))),
            Some(_) | None => deadline,
        }
    }

    /// Forgets some calls that ended long enough ago.
    pub(crate) fn forget_ended(&mut self, tick: Tick) {
        self.calls.forget(tick, FORGOTTEN_PER_COMMAND);
        self.early_ends.forget(tick, FORGOTTEN_PER_COMMAND);
    }

    /// The call that was found, if it is live, or has ended and is remembered at `tick`.
    pub(crate) fn known(&self, found: Found, tick: Tick) -> Option<KnownCall> {
        found.call.filter(|&known| match known {
            KnownCall::Live(_) => true,
            KnownCall::Ended(index) => self.calls.remembered_until(index) > tick,
        })
    }

    /// A call as it is now.
    pub(crate) fn call_of(&self, known: KnownCall) -> Call {
        match known {
            KnownCall::Live(index) => {
                Call { request: self.request(index), state: self.calls[index].state }.into()
            }
            KnownCall::Ended(index) => self.calls.ended(index).into(),
        }
    }

    /// A live call's request.
    pub(crate) fn request(&self, index: CallIndex) -> Arc<Request> {
        let entry = &self.calls[index];
        let gates = match entry.lane {
            None => CallGates::default(),
            lane => self.pool.gates.ids(self.pool.gates_of(lane)),
        };
        Arc::new(entry.request(&self.pool.agent(entry.class.agent).id, gates))
    }

    pub(crate) fn class_of(&self, agent: &AgentId, call_type: CallType) -> ClassIndex {
        let agent = self.pool.find(agent).expect("an agent named in an event exists");
        ClassIndex { agent, call_type }
    }
}
