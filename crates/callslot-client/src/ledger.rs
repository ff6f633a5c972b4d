//! Which calls this process wants, and what the server is known to have: what decides what to send, without I/O.
//!
//! A call is written down before the server is asked, and struck out once the server has confirmed its end. Whatever the connection
//! does meanwhile, the difference between the two says what to send next: a `start` with the same id is safe to repeat under
//! the same lease, and an `end` always is. Time is an argument; start reading at [`Ledger::frames`] and [`Ledger::hear`].

mod entry;
mod resuming;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Instant;

use callslot_api::{
    AdoptFrame, AnswerFrame, BatchResult, Call, CallState, ClaimFrame, ClientFrame, DeclineFrame,
    EndFrame, EndReason, Problem, Resumed, ServerFrame, ToldFrame,
};
use serde::de::IgnoredAny;
use tokio::sync::{oneshot, watch};

use crate::retry::passes;
use crate::status::{Error, Over, Status};

use entry::{Entry, Step};
pub(crate) use entry::{Handle, Opening};

/// The `ref` of a `resume`; all others count from 1.
const RESUME_REF: u64 = 0;
/// How often a call is started again that its own earlier lease, which runs out, still has.
const HELD_ELSEWHERE_RETRIES: u32 = 10;
/// A claim or a decline, with who waits for its answer.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) handle: Handle,
    pub(crate) kind: RequestKind,
    pub(crate) done: oneshot::Sender<Result<(), Error>>,
}

#[derive(Debug)]
pub(crate) enum RequestKind {
    Claim,
    Decline { for_good: bool, note: Option<String> },
}

/// What is to be sent, or sent again.
#[derive(Debug)]
enum Due {
    /// What the call lacks.
    Call(Handle),
    Request(Request),
}

/// What an answer is to.
#[derive(Debug)]
enum Asked {
    Open(Handle),
    End(Handle),
    Request(Request),
}

/// What the engine has to do about a frame.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    Fine,
    /// The lease cannot be resumed now: connect again.
    NotResumed(Box<Problem>),
}

/// All calls of one engine.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: HashMap<Handle, Entry>,
    by_id: HashMap<String, Handle>,
    lease: Option<String>,
    /// The connection's own.
    own_lease: String,
    /// The parts of the answer to a `resume` so far, while nothing else may be sent.
    resumed: Option<Vec<Resumed>>,
    last_ref: u64,
    /// How many calls were found under the lease that are none of this client's.
    surplus: u64,
    asked: HashMap<u64, Asked>,
    due: VecDeque<Due>,
    later: BTreeMap<(Instant, u64), Due>,
}

impl Ledger {
    /// Whether there is nothing left to see to.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The lease that covers the calls, once there is one.
    pub(crate) fn lease(&self) -> Option<&str> {
        self.lease.as_deref()
    }

    // What the program wants.

    /// Takes a call in, to be started or adopted.
    pub(crate) fn write(
        &mut self,
        handle: Handle,
        id: String,
        opening: Opening,
        told: watch::Sender<Status>,
    ) {
        let entry = Entry::new(id, opening, told);
        if self.by_id.contains_key(&entry.id) {
            entry.tell_over(Over::InUse, None);
            return;
        }
        self.by_id.insert(entry.id.clone(), handle);
        self.entries.insert(handle, entry);
        self.due.push_back(Due::Call(handle));
    }

    /// Sees to it that a call ends, however long that takes.
    pub(crate) fn end(&mut self, handle: Handle, note: Option<String>) {
        let Some(entry) = self.entries.get_mut(&handle) else { return };
        if entry.is_ending {
            return;
        }
        (entry.is_ending, entry.note, entry.attempts) = (true, note, 0);
        if entry.step == Step::New {
            self.strike(handle, Over::Ended(EndReason::Canceled), None);
        } else {
            self.due.push_back(Due::Call(handle));
        }
    }

    /// Ends all calls.
    pub(crate) fn end_all(&mut self) {
        for handle in self.handles() {
            self.end(handle, None);
        }
    }

    /// Claims or declines a call.
    pub(crate) fn request(&mut self, request: Request) {
        self.due.push_back(Due::Request(request));
    }

    /// Tells every call with a slot that it may be gone: there was no contact for the whole grace.
    pub(crate) fn give_up_hope(&self) {
        for entry in self.entries.values().filter(|entry| entry.step == Step::Active) {
            entry.tell_lost();
        }
    }

    /// Strikes every call out that the server may know: another process has them now. Those that are to end are still ended.
    pub(crate) fn forsake(&mut self, why: &Over) {
        for handle in self.handles() {
            let entry = &self.entries[&handle];
            if entry.step != Step::New && !entry.is_ending {
                self.strike(handle, why.clone(), None);
            }
        }
        self.lease = None;
    }

    /// Refuses the calls that wait: the server does not take this client. Those that it may know are to be ended.
    pub(crate) fn refuse_waiting(&mut self, problem: &Problem) {
        for handle in self.handles() {
            let Some(entry) = self.entries.get_mut(&handle) else { continue };
            if entry.step == Step::New {
                self.strike(handle, Over::Refused(Box::new(problem.clone())), None);
            } else if entry.step != Step::Active && !entry.is_ending {
                entry.is_ending = true;
                entry.tell_over(Over::Refused(Box::new(problem.clone())), None);
            }
        }
    }

    // Sending.

    /// Whether [`frames`](Self::frames) has something now.
    pub(crate) fn has_frames(&self) -> bool {
        self.resumed.is_none() && !self.due.is_empty()
    }

    /// When [`wake`](Self::wake) has something to do.
    pub(crate) fn next_at(&self) -> Option<Instant> {
        self.later.keys().next().map(|(at, _)| *at)
    }

    /// Takes up what was put off until now.
    pub(crate) fn wake(&mut self, now: Instant) {
        while let Some(first) = self.later.first_entry() {
            if first.key().0 > now {
                return;
            }
            let due = first.remove();
            self.due.push_back(due);
        }
    }

    /// What to send now: some of it.
    pub(crate) fn frames(&mut self, at_most: usize) -> Vec<ClientFrame> {
        let mut frames = Vec::new();
        while frames.len() < at_most
            && let Some(due) = self.due.pop_front()
        {
            let frame = match due {
                Due::Call(handle) => self.lacking(handle),
                Due::Request(request) => self.requested(request),
            };
            frames.extend(frame);
        }
        frames
    }

    /// The frame that a call lacks, if it does.
    fn lacking(&mut self, handle: Handle) -> Option<ClientFrame> {
        let reference = self.last_ref + 1;
        let entry = self.entries.get_mut(&handle)?;
        let (op, reference, id) = (IgnoredAny, Some(reference), entry.id.clone());
        let (frame, asked) = if entry.is_ending {
            // A start without an answer may be refused since the call is another client's: then it is not ended here.
            if entry.in_flight.opening || std::mem::replace(&mut entry.in_flight.end, true) {
                return None;
            }
            let note = entry.note.clone();
            (ClientFrame::End(EndFrame { op, reference, id, note }), Asked::End(handle))
        } else {
            let is_known = !matches!(entry.step, Step::New | Step::Asked);
            if is_known || std::mem::replace(&mut entry.in_flight.opening, true) {
                return None;
            }
            entry.step = Step::Asked;
            let frame = match &entry.opening {
                Opening::Start(start) => {
                    let mut start = start.clone();
                    (start.id, start.reference) = (Some(id), reference);
                    ClientFrame::Start(start)
                }
                Opening::Adopt => ClientFrame::Adopt(AdoptFrame { op, reference, id }),
            };
            (frame, Asked::Open(handle))
        };
        self.ask(asked);
        Some(frame)
    }

    fn requested(&mut self, request: Request) -> Option<ClientFrame> {
        let reference = Some(self.last_ref + 1);
        let Some(entry) = self.entries.get(&request.handle) else {
            let _ = request.done.send(Err(Error::NoAnswer));
            return None;
        };
        let (op, id) = (IgnoredAny, entry.id.clone());
        let frame = match &request.kind {
            RequestKind::Claim => ClientFrame::Claim(ClaimFrame { op, reference, id }),
            RequestKind::Decline { for_good, note } => {
                let (for_good, note) = (*for_good, note.clone());
                ClientFrame::Decline(DeclineFrame { op, reference, id, for_good, note })
            }
        };
        self.ask(Asked::Request(request));
        Some(frame)
    }

    /// Remembers what the next `ref` is for.
    fn ask(&mut self, asked: Asked) {
        self.last_ref += 1;
        self.asked.insert(self.last_ref, asked);
    }

    // Hearing.

    /// Takes in a frame other than `hello`.
    pub(crate) fn hear(&mut self, frame: ServerFrame, now: Instant) -> Heard {
        match frame {
            ServerFrame::Answer(answer) => return self.answered(answer, now),
            ServerFrame::Told(told) => match told {
                ToldFrame::Hello { .. } => {}
                ToldFrame::Resumed(part) => self.resumed(part),
                ToldFrame::Started { call }
                | ToldFrame::Queued { call }
                | ToldFrame::Ended { call } => {
                    if let Some(&handle) = self.by_id.get(&call.id) {
                        self.set(handle, call);
                    }
                }
                ToldFrame::Adopted { call } => {
                    if let Some(&handle) = self.by_id.get(&call.id) {
                        self.strike(handle, Over::Adopted, Some(call));
                    }
                }
                ToldFrame::Position {
                    id,
                    position,
                    blocked_on,
                    blocked_by,
                    estimated_wait_ms,
                    ..
                } => {
                    let entry = self.by_id.get(&id).and_then(|handle| self.entries.get(handle));
                    if let Some(entry) = entry {
                        entry.tell_position(position, blocked_on, blocked_by, estimated_wait_ms);
                    }
                }
            },
        }
        Heard::Fine
    }

    fn answered(&mut self, answer: AnswerFrame, now: Instant) -> Heard {
        let reference = answer.reference.unwrap_or(u64::MAX);
        if reference == RESUME_REF {
            return match answer.outcome {
                BatchResult::Call(_) => Heard::Fine,
                BatchResult::Error(problem) => self.not_resumed(problem),
            };
        }
        match (self.asked.remove(&reference), answer.outcome) {
            (Some(asked), BatchResult::Call(call)) => self.granted(asked, call),
            (Some(asked), BatchResult::Error(problem)) => self.refused(asked, &problem, now),
            (None, BatchResult::Call(_)) => {}
            (None, BatchResult::Error(problem)) => {
                tracing::error!("the server refused a message: {}", problem.detail);
            }
        }
        Heard::Fine
    }

    fn granted(&mut self, asked: Asked, call: Box<Call>) {
        match asked {
            Asked::Open(handle) => {
                if let Some(entry) = self.entries.get_mut(&handle) {
                    (entry.in_flight.opening, entry.attempts) = (false, 0);
                    self.set(handle, call);
                }
            }
            Asked::End(handle) => {
                let reason = call.reason.unwrap_or(EndReason::Completed);
                self.strike(handle, Over::Ended(reason), Some(call));
            }
            Asked::Request(request) => {
                let _ = request.done.send(Ok(()));
                if self.entries.contains_key(&request.handle) {
                    self.set(request.handle, call);
                }
            }
        }
    }

    fn refused(&mut self, asked: Asked, problem: &Problem, now: Instant) {
        match asked {
            Asked::Request(request) => self.request_refused(request, problem, now),
            Asked::End(handle) => {
                let Some(entry) = self.entries.get_mut(&handle) else { return };
                entry.in_flight.end = false;
                if passes(problem) {
                    self.again(handle, problem, now);
                } else if problem.code != "unknown_call" && entry.note.take().is_some() {
                    tracing::error!("{} is ended without its note: {}", entry.id, problem.detail);
                    self.due.push_back(Due::Call(handle));
                } else {
                    if problem.code != "unknown_call" {
                        tracing::error!("{} could not be ended: {}", entry.id, problem.detail);
                    }
                    self.strike(handle, Over::Ended(EndReason::Canceled), None);
                }
            }
            Asked::Open(handle) => {
                let Some(entry) = self.entries.get_mut(&handle) else { return };
                entry.in_flight.opening = false;
                // Its own earlier lease still has it, or the lease has just ended and the next connection brings another.
                let is_own_shadow = problem.code == "held_by_other_lease"
                    && entry.outlived_lease
                    && entry.attempts < HELD_ELSEWHERE_RETRIES;
                if is_own_shadow || passes(problem) || problem.code == "lease_expired" {
                    self.again(handle, problem, now);
                } else if entry.is_ending {
                    self.strike(handle, Over::Ended(EndReason::Canceled), None);
                } else {
                    self.strike(handle, Over::Refused(Box::new(problem.clone())), None);
                }
            }
        }
    }

    fn request_refused(&mut self, request: Request, problem: &Problem, now: Instant) {
        let is_claim = matches!(request.kind, RequestKind::Claim);
        match self.entries.get_mut(&request.handle) {
            Some(entry) if is_claim && passes(problem) => {
                let at = now + entry.next_wait(problem);
                self.put_off(at, Due::Request(request));
            }
            _ => {
                let _ = request.done.send(Err(Error::Refused(Box::new(problem.clone()))));
            }
        }
    }

    /// Sends what a call lacks again later.
    fn again(&mut self, handle: Handle, problem: &Problem, now: Instant) {
        if let Some(entry) = self.entries.get_mut(&handle) {
            let at = now + entry.next_wait(problem);
            self.put_off(at, Due::Call(handle));
        }
    }

    fn put_off(&mut self, at: Instant, due: Due) {
        self.last_ref += 1;
        self.later.insert((at, self.last_ref), due);
    }

    /// Takes in how a call stands.
    fn set(&mut self, handle: Handle, call: Box<Call>) {
        let Some(entry) = self.entries.get_mut(&handle) else { return };
        let step = match call.state {
            CallState::Active => Step::Active,
            CallState::Queued => Step::Queued,
            CallState::Ended => {
                let reason = call.reason.unwrap_or(EndReason::Completed);
                // An id that had ended under another lease before is the program's mistake, and is said as it is.
                let is_own = entry.outlived_lease || call.lease == self.lease;
                let with_lease = matches!(reason, EndReason::LeaseExpired | EndReason::Reconciled);
                let begins_again = !entry.ends_with_lease() && !entry.is_ending;
                if begins_again && is_own && with_lease {
                    self.rename(handle);
                } else {
                    self.strike(handle, Over::Ended(reason), Some(call));
                }
                return;
            }
        };
        entry.step = step;
        if entry.is_ending {
            self.due.push_back(Due::Call(handle));
        } else {
            entry.tell_live(call);
        }
    }

    /// Starts a call that waits under another id: its lease ran out, and an ended id stays taken.
    fn rename(&mut self, handle: Handle) {
        let Some(entry) = self.entries.get_mut(&handle) else { return };
        self.by_id.remove(&entry.id);
        entry.rename();
        self.by_id.insert(entry.id.clone(), handle);
        self.due.push_back(Due::Call(handle));
    }

    fn strike(&mut self, handle: Handle, why: Over, call: Option<Box<Call>>) {
        if let Some(entry) = self.entries.remove(&handle) {
            self.by_id.remove(&entry.id);
            entry.tell_over(why, call);
        }
    }

    fn handles(&self) -> Vec<Handle> {
        self.entries.keys().copied().collect()
    }
}
