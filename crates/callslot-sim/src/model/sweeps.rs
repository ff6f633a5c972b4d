//! Ends of all calls that match.

use callslot_core::limits::MAX_SWEEPS;
use callslot_core::{
    Call, CallFilter, CallId, CallState, EndCalls, EndReason, Now, Rejection, Reply, StateFilter,
    Sweep, SweepEvent, Ticket,
};

use crate::model::org::{Answer, OrgModel};
use crate::model::pending_sweep::PendingSweep;

impl OrgModel {
    pub(super) fn end_calls(&mut self, now: Now, command: &EndCalls) -> Result<Answer, Rejection> {
        let EndCalls { filter, ids, note } = command.clone();
        if let Some(agent) = &filter.agent
            && !self.agents.iter().any(|it| it.id == *agent)
        {
            return Err(Rejection::UnknownAgent { agent: agent.clone() });
        }
        if let Some(gate) = &filter.gate
            && !self.gates.iter().any(|it| it.id == *gate)
        {
            return Err(Rejection::UnknownGate { gate: gate.clone() });
        }
        if self.sweeps.len() == MAX_SWEEPS {
            return Err(Rejection::TooManySweeps { max_sweeps: MAX_SWEEPS });
        }
        if let Some(ids) = ids.as_ref().filter(|_| filter == CallFilter::default()) {
            let mut early: Vec<CallId> = Vec::new();
            for id in ids {
                if self.find(id, now.tick).is_none() && !early.contains(id) {
                    early.push(id.clone());
                }
            }
            if !early.is_empty() {
                self.remember_ends(now, early);
            }
        }
        let live = &self.live;
        let ids = ids.map(|mut ids| {
            ids.retain(|id| live.iter().any(|call| call.request.id == *id));
            ids
        });
        self.sweeps_begun += 1;
        let (number, up_to) = (self.sweeps_begun, self.last_ticket);
        let sweep = Sweep { number, filter, ids, up_to, note };
        self.sweeps.push(PendingSweep { sweep: sweep.clone(), ended: 0, judged: Ticket(0) });
        self.record(SweepEvent::Begun(Box::new(sweep)));
        Ok(Answer::Plain(Reply::Sweep { number }))
    }

    /// Whether all sweeps are done, as far as there is room for their events.
    pub(super) fn end_swept(&mut self, now: Now, most: usize) -> bool {
        // Without room it does not look at any call either.
        if self.news.len() >= most {
            return self.sweeps.is_empty();
        }
        while !self.sweeps.is_empty() {
            let call = self.next_of_first_sweep();
            if self.news.len() >= most {
                return false;
            }
            match call {
                Some(call) => {
                    let reason = match call.state {
                        CallState::Active(_) => EndReason::Completed,
                        CallState::Queued(_) | CallState::Ended(_) => EndReason::Canceled,
                    };
                    self.sweeps[0].ended += 1;
                    let note = self.sweeps[0].sweep.note.clone();
                    self.end(now, &call, reason, note.as_ref());
                }
                None => self.finish_first_sweep(),
            }
        }
        true
    }

    /// Nothing is live.
    pub(super) fn finish_sweeps(&mut self) {
        while !self.sweeps.is_empty() {
            self.finish_first_sweep();
        }
    }

    /// A restart: sweeps look at all calls again, and forget how many they have ended.
    pub(super) fn resume_sweeps(&mut self) {
        for pending in &mut self.sweeps {
            (pending.ended, pending.judged) = (0, Ticket(0));
        }
        self.sweeps_begun = self.sweeps.last().map_or(0, |last| last.sweep.number);
    }

    fn finish_first_sweep(&mut self) {
        let PendingSweep { sweep, ended, .. } = self.sweeps.remove(0);
        self.record(SweepEvent::Done { number: sweep.number, ended });
    }

    /// The call whose turn it is to end. Those before it are passed over for good.
    fn next_of_first_sweep(&mut self) -> Option<Call> {
        let PendingSweep { sweep, judged, .. } = &mut self.sweeps[0];
        let mut turns = self
            .live
            .iter()
            .filter(|call| *judged < call.request.ticket && call.request.ticket <= sweep.up_to);
        let call = turns.find(|call| is_swept(call, sweep)).cloned();
        *judged = call.as_ref().map_or(sweep.up_to, |call| Ticket(call.request.ticket.0 - 1));
        call
    }
}

fn is_swept(call: &Call, Sweep { filter, ids, .. }: &Sweep) -> bool {
    let request = &call.request;
    let is_in_state = match filter.state {
        Some(StateFilter::Queued) => call.is_queued(),
        Some(StateFilter::Active) => call.is_active(),
        None => true,
    };
    is_in_state
        && filter.agent.iter().all(|agent| request.agent == *agent)
        && filter.call_type.iter().all(|it| request.call_type == *it)
        && filter.gate.iter().all(|gate| request.gates.ids().contains(gate))
        && ids.iter().all(|ids| ids.contains(&request.id))
}
