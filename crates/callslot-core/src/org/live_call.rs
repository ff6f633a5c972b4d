//! A live call: its request, its state, and its place in each structure that lists it.
//!
//! It is one piece of memory, so the fields that few calls use are kept apart. It knows no rules.

use alloc::boxed::Box;
use alloc::sync::Arc;

use crate::call::{LiveState, Request};
use crate::gate::CallGates;
use crate::id::{AgentId, CallId, Claimant, LeaseId, Ticket};
use crate::org::index::{ClassIndex, Found, IdHash, LaneIndex, LeaseIndex, Links, Seat};
use crate::time::{Now, Tick, Timestamp};

/// A live call and its places in the structures that find it.
#[derive(Debug)]
pub(crate) struct LiveCall {
    pub(crate) id: CallId,
    pub(crate) ticket: Ticket,
    requested_at: Timestamp,
    /// When it was asked for, as deadlines count: how long it has waited does not follow the wall clock.
    pub(super) requested: Tick,
    /// When it ends with `max_wait`, if it is queued then.
    pub(crate) wait_deadline: Option<Tick>,
    pub(super) lease_id: Option<LeaseId>,
    extras: Option<Box<Extras>>,
    pub(crate) state: LiveState,
    /// When it took the slot that it holds; of no meaning while it is queued.
    pub(crate) started: Tick,
    pub(crate) class: ClassIndex,
    /// Its lane, if it names gates.
    pub(crate) lane: Option<LaneIndex>,
    /// Its place in the queue while it is queued.
    pub(crate) seat: Option<Seat>,
    /// Its lease, while that is open.
    pub(crate) lease: Option<LeaseIndex>,
    /// Its share of the lease's digest; 0 without a lease.
    pub(crate) digest: u64,
    pub(crate) in_lane: Links,
    pub(crate) in_lease: Links,
    pub(super) hash: IdHash,
}

/// The fields that few calls use.
#[derive(Debug, Default)]
struct Extras {
    max_duration_ms: Option<u64>,
    claim_within_ms: Option<u64>,
    metadata: Option<Arc<str>>,
    claimant: Option<Claimant>,
}

impl LiveCall {
    /// A live call that is in no structure yet. `now` is the time of the record that brings it: that of its request, or of a
    /// snapshot. Snapshots of before version 7 do not say at which tick it was asked for, so there the wall clock has to do.
    pub(crate) fn new(
        now: Now,
        found: Found,
        request: &Request,
        state: LiveState,
        (class, lane): (ClassIndex, Option<LaneIndex>),
    ) -> Self {
        let has_extras = request.max_duration_ms.is_some()
            || request.claim_within_ms.is_some()
            || request.metadata.is_some();
        Self {
            id: request.id.clone(),
            ticket: request.ticket,
            requested_at: request.requested_at,
            requested: Tick(now.tick.0.saturating_sub(now.at.ms_since(request.requested_at))),
            wait_deadline: request.wait_deadline,
            lease_id: request.lease.clone(),
            extras: has_extras.then(|| {
                Box::new(Extras {
                    max_duration_ms: request.max_duration_ms,
                    claim_within_ms: request.claim_within_ms,
                    metadata: request.metadata.clone(),
                    claimant: None,
                })
            }),
            state,
            started: Tick(0),
            class,
            lane,
            seat: None,
            lease: None,
            digest: 0,
            in_lane: Links::default(),
            in_lease: Links::default(),
            hash: found.hash,
        }
    }

    /// The request, of `agent`, which is that of its class, and with the gates of its lane.
    pub(crate) fn request(&self, agent: &AgentId, gates: CallGates) -> Request {
        let extras = self.extras.as_deref();
        Request {
            id: self.id.clone(),
            agent: agent.clone(),
            call_type: self.class.call_type,
            ticket: self.ticket,
            requested_at: self.requested_at,
            lease: self.lease_id.clone(),
            wait_deadline: self.wait_deadline,
            max_duration_ms: extras.and_then(|extras| extras.max_duration_ms),
            claim_within_ms: extras.and_then(|extras| extras.claim_within_ms),
            gates,
            metadata: extras.and_then(|extras| extras.metadata.clone()),
        }
    }

    /// Who has claimed it, if somebody has and it is known.
    pub(crate) fn claimant(&self) -> Option<&Claimant> {
        self.extras.as_deref()?.claimant.as_ref()
    }

    pub(crate) fn set_claimant(&mut self, claimant: Option<Claimant>) {
        if claimant.is_some() {
            self.extras.get_or_insert_default().claimant = claimant;
        }
    }

    /// Whether its own lease has claimed it.
    pub(crate) fn is_claimed_by_lease(&self) -> bool {
        let (claimant, lease) = (self.claimant(), self.lease_id.as_ref());
        lease.is_some() && claimant.map(Claimant::as_str) == lease.map(LeaseId::as_str)
    }

    pub(crate) fn metadata_bytes(&self) -> u64 {
        let metadata = self.extras.as_deref().and_then(|extras| extras.metadata.as_ref());
        metadata.map_or(0, |metadata| metadata.len() as u64)
    }

    /// How long ago it was asked for, in milliseconds that count towards deadlines.
    pub(crate) fn waited_ms(&self, now: Now) -> u64 {
        now.tick.ms_after(self.requested)
    }

    pub(crate) fn is_queued(&self) -> bool {
        matches!(self.state, LiveState::Queued(_))
    }
}
