//! The one place where a waiting call is given a slot, and how long a call may keep it.
//!
//! [`Org::dispatch`] runs after each change that can make a call admissible. The rest of the core never starts a queued
//! call; a new one that is admissible at once is started in `decide/calls.rs`. Where more calls are admissible than one step may
//! start, `decide/steps.rs` goes on.

use alloc::vec::Vec;

use crate::call::{Active, Call, Request};
use crate::event::{CallEvent, Recorded};
use crate::org::Org;
use crate::org::index::ClassIndex;
use crate::time::{Now, Tick};

impl Org {
    /// Starts admissible queued calls, as many as a step may, unless an earlier command has steps left: those come first.
    pub(crate) fn dispatch(&mut self, now: Now, events: &mut Vec<Recorded>) {
        if !self.has_steps_left {
            self.dispatch_up_to(now, events.len() + self.bounds.step_events, events);
        }
    }

    /// Starts every admissible queued call, lowest ticket first, until there are `most` events or as many lanes were moved as a step may: the
    /// only place a waiting call is given a slot. If that is not the last, there are steps left.
    pub(crate) fn dispatch_up_to(&mut self, now: Now, most: usize, events: &mut Vec<Recorded>) {
        self.pool.allow_moves(self.bounds.lane_moves);
        while let Some((class, lane)) = self.pool.next_admissible(now.tick) {
            if events.len() >= most {
                self.has_steps_left = true;
                return;
            }
            let head = self.pool.head(class, lane).expect("an admissible lane has a head");
            let request = self.request(head);
            let misses = self.calls[head].state.misses();
            let state = self.active_state(now, &request, class, Some(now.tick), misses);
            let found = self.calls.found(head);
            let started = CallEvent::Started(Call { request, state });
            self.record_call(now, events, found, started);
        }
        self.has_steps_left |= self.pool.has_lanes_to_move();
    }

    /// How a call of the class is active when it starts now.
    pub(crate) fn active_state(
        &self,
        now: Now,
        request: &Request,
        class: ClassIndex,
        dispatched: Option<Tick>,
        misses: u8,
    ) -> Active {
        let claim_deadline = request.claim_within_ms.map(|within| now.tick.after_ms(within));
        Active {
            slot: self.pool.slot_kind(class),
            started_at: now.at,
            dispatched,
            deadline: claim_deadline.or_else(|| self.duration_deadline(now.tick, request)),
            is_claim_due: claim_deadline.is_some(),
            misses,
        }
    }

    /// When a call has lasted too long: for its own bound or, without a lease, for the organisation's.
    pub(crate) fn duration_deadline(&self, tick: Tick, request: &Request) -> Option<Tick> {
        let bound_ms = self.settings.max_call_duration_ms;
        let bound_ms = (request.lease.is_none() && bound_ms > 0).then_some(bound_ms);
        let bounds = [bound_ms, request.max_duration_ms].into_iter().flatten();
        bounds.min().map(|bound_ms| tick.after_ms(bound_ms))
    }
}
