//! What the ledger does when a connection comes and goes: forgets what was in flight, resumes the lease, and compares both sides.

use std::collections::HashSet;

use callslot_api::{Call, CallState, ClientFrame, Problem, ResumeFrame, Resumed, WhyUnknown};
use serde::de::IgnoredAny;
use tokio::sync::watch;

use super::entry::{Entry, InFlight};
use super::{Asked, Due, Handle, Heard, Ledger, Opening, RESUME_REF, Request, RequestKind, Step};
use crate::status::{Error, Over, Status};

impl Ledger {
    /// Begins on a new connection. If a `resume` comes back, it is to be sent, and there are no frames until its answer.
    ///
    /// It names `at_most` calls; of the others its answer says what is live.
    pub(crate) fn connected(&mut self, own_lease: String, at_most: usize) -> Option<ClientFrame> {
        self.own_lease = own_lease;
        let known = self.entries.values().filter(|entry| entry.step != Step::New);
        let calls: Vec<String> = known.map(|entry| entry.id.clone()).take(at_most).collect();
        match self.lease.clone() {
            Some(lease) if !calls.is_empty() => {
                self.resumed = Some(Vec::new());
                let (op, reference) = (IgnoredAny, Some(RESUME_REF));
                Some(ClientFrame::Resume(ResumeFrame { op, reference, lease, calls }))
            }
            _ => {
                self.lease = Some(self.own_lease.clone());
                self.send_what_lacks();
                None
            }
        }
    }

    /// Forgets what was in flight: it may have arrived or not, and the next connection finds out.
    pub(crate) fn disconnected(&mut self) {
        self.resumed = None;
        for entry in self.entries.values_mut() {
            entry.in_flight = InFlight::default();
        }
        let unanswered =
            std::mem::take(&mut self.asked).into_values().filter_map(|asked| match asked {
                Asked::Request(request) => Some(request),
                Asked::Open(_) | Asked::End(_) => None,
            });
        let later = std::mem::take(&mut self.later).into_values();
        let unsent: Vec<Request> =
            std::mem::take(&mut self.due).into_iter().chain(later).filter_map(request_of).collect();
        for request in unanswered {
            match request.kind {
                RequestKind::Claim => self.due.push_back(Due::Request(request)),
                // Sent twice it could decline the call's next start.
                RequestKind::Decline { .. } => {
                    let _ = request.done.send(Err(Error::NoAnswer));
                }
            }
        }
        self.due.extend(unsent.into_iter().map(Due::Request));
    }

    /// The server's answer to a `resume` that it refuses.
    pub(super) fn not_resumed(&mut self, problem: Box<Problem>) -> Heard {
        if problem.code != "lease_expired" {
            return Heard::NotResumed(problem);
        }
        tracing::warn!("the lease ran out before the server was reached again");
        self.lease_gone();
        Heard::Fine
    }

    /// Begins again under the connection's own lease: the old one has ended, with its calls.
    fn lease_gone(&mut self) {
        self.lease = Some(self.own_lease.clone());
        self.resumed = None;
        for handle in self.handles() {
            let Some(entry) = self.entries.get_mut(&handle) else { continue };
            match entry.step {
                Step::New => {}
                Step::Asked | Step::Queued if !entry.is_ending && !entry.ends_with_lease() => {
                    (entry.step, entry.outlived_lease) = (Step::Asked, true);
                }
                Step::Asked | Step::Queued | Step::Active => {
                    let why = Over::Ended(callslot_api::EndReason::LeaseExpired);
                    self.strike(handle, why, None);
                }
            }
        }
        self.send_what_lacks();
    }

    /// A part of the answer to a `resume`.
    pub(super) fn resumed(&mut self, part: Resumed) {
        let Some(parts) = &mut self.resumed else { return };
        let is_last = !part.more;
        parts.push(part);
        if is_last {
            let parts = self.resumed.take().unwrap_or_default();
            self.reconcile(parts);
        }
    }

    /// Compares with the whole answer to a `resume`.
    fn reconcile(&mut self, parts: Vec<Resumed>) {
        let mut heard = HashSet::new();
        for Resumed { lease, calls, ended, unknown, .. } in parts {
            self.lease = Some(lease);
            for call in calls.into_iter().chain(ended) {
                let Some(&handle) = self.by_id.get(&call.id) else {
                    heard.extend(self.end_surplus(&call));
                    continue;
                };
                heard.insert(handle);
                self.set(handle, Box::new(call));
            }
            for gone in unknown {
                if let Some(&handle) = self.by_id.get(&gone.id) {
                    heard.insert(handle);
                    self.is_unknown(handle, gone.why);
                }
            }
        }
        for handle in self.handles() {
            // What is left was beyond what one `resume` names, and is not live: asked once more, the server says how it ended.
            if !heard.contains(&handle) && self.entries[&handle].step != Step::New {
                self.is_unknown(handle, WhyUnknown::NeverKnown);
            }
        }
        self.send_what_lacks();
    }

    /// Has a call ended that is under the lease although it is none of this client's: nobody else would.
    fn end_surplus(&mut self, call: &Call) -> Option<Handle> {
        if call.state == CallState::Ended {
            return None;
        }
        tracing::warn!("{} is under this engine's lease, but not one of its calls", call.id);
        let (told, _) = watch::channel(Status::asked(call.id.clone()));
        let mut surplus = Entry::new(call.id.clone(), Opening::Adopt, told);
        surplus.step = if call.state == CallState::Active { Step::Active } else { Step::Queued };
        surplus.is_ending = true;
        self.surplus += 1;
        // Those of the program count from the other end.
        let handle = Handle::MAX - self.surplus;
        self.by_id.insert(call.id.clone(), handle);
        self.entries.insert(handle, surplus);
        Some(handle)
    }

    /// The server does not have a call under the lease.
    fn is_unknown(&mut self, handle: Handle, why: WhyUnknown) {
        let Some(entry) = self.entries.get_mut(&handle) else { return };
        match (why, entry.step) {
            (WhyUnknown::Ended, _) => {
                self.strike(handle, Over::Ended(callslot_api::EndReason::Canceled), None);
            }
            // It was adopted, or never was this client's.
            (WhyUnknown::OtherLease, _) if entry.is_ending => {
                self.strike(handle, Over::Ended(callslot_api::EndReason::Canceled), None);
            }
            (WhyUnknown::OtherLease, Step::Active) => self.strike(handle, Over::Adopted, None),
            (WhyUnknown::NeverKnown, Step::Active) => self.strike(handle, Over::NeverKnown, None),
            (
                WhyUnknown::OtherLease | WhyUnknown::NeverKnown | WhyUnknown::Queued,
                Step::New | Step::Asked | Step::Queued | Step::Active,
            ) => entry.step = Step::Asked,
        }
    }

    fn send_what_lacks(&mut self) {
        let requests: Vec<_> =
            std::mem::take(&mut self.due).into_iter().filter_map(request_of).collect();
        let mut handles = self.handles();
        // In the order in which the program asked, as far as the line goes.
        handles.sort_unstable();
        self.due = handles.into_iter().map(Due::Call).collect();
        self.due.extend(requests.into_iter().map(Due::Request));
    }
}

fn request_of(due: Due) -> Option<Request> {
    match due {
        Due::Request(request) => Some(request),
        Due::Call(_) => None,
    }
}
