//! Continuing the lease of an earlier connection: the steps that renew it and read its calls, in the one order in which
//! nothing is missed. It sends nothing.

use std::collections::HashSet;
use std::mem;

use callslot_core::{
    CallId, CallView, LeaseId, Now, Org, Rejection, Sequence, Ticket, UnknownCall, WhyUnknown,
};

use crate::frames::Resumed;
use crate::limits::Limits;

/// What is to be done next to resume a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Watch what happens to the lease's calls, beside the connection that does. Then [`Resume::handle_watch`].
    Watch(LeaseId),
    /// Renew the lease. Then [`Resume::handle_renewed`].
    Renew(LeaseId),
    /// Read the state. Then [`Resume::handle_seen`].
    Look(Look),
    /// Look these calls up among the ended ones that the store keeps. Then [`Resume::handle_found`].
    Find(Vec<CallId>),
    /// Nothing more: [`Resume::finish`] has the lease. As the session is told, the watch takes the place of the other connection's.
    /// Until then a refusal leaves that one alone.
    Done,
}

/// What is to be read of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// Up to this many live calls of a lease, those with tickets above this one.
    Live(LeaseId, Ticket, usize),
    /// These calls, whatever they are.
    Calls(Vec<CallId>),
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// The lease's next live calls and the last event that the state reflects; none if there is no such lease.
    Live(Option<(Vec<CallView>, Sequence)>),
    /// The calls, each in its place; or why there is none.
    Calls(Vec<Result<CallView, WhyUnknown>>),
}

impl Look {
    /// Reads an organisation. It is short: the node decides nothing else meanwhile.
    #[must_use]
    pub fn at(&self, org: Option<&Org>, now: Now) -> Seen {
        match self {
            Self::Live(lease, after, most) => Seen::Live(org.and_then(|org| {
                let calls = org.calls_of_lease(lease, *after, *most, now)?;
                Some((calls, org.as_of()))
            })),
            Self::Calls(ids) => {
                let call =
                    |id| org.map_or(Err(WhyUnknown::NeverKnown), |org| org.call_or_why(id, now));
                Seen::Calls(ids.iter().map(call).collect())
            }
        }
    }
}

/// A lease that is the connection's from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResumedLease {
    /// The lease.
    pub lease: LeaseId,
    /// How long it lives, in milliseconds.
    pub ttl_ms: u64,
    /// Its live calls, complete up to the event `as_of`.
    pub calls: Vec<CallView>,
    /// See `calls`.
    pub as_of: Sequence,
    /// Of the calls that the engine believes are live, those that have ended.
    pub ended: Vec<CallView>,
    /// The rest of them: of another lease, or not known.
    pub unknown: Vec<UnknownCall>,
}

/// Resumes a lease: do what [`Resume::next`] says and hand back the outcome, until it is done. A refusal on the way is the
/// answer to the `resume`.
#[derive(Debug)]
pub struct Resume {
    stage: Stage,
    at_a_time: usize,
    /// Of the calls that the engine believes are live, those that are not and were not looked up yet.
    believed: Vec<CallId>,
    /// Those looked at last, or why the core does not know one.
    known: Vec<(CallId, Result<CallView, WhyUnknown>)>,
    resumed: ResumedLease,
}

#[derive(Debug, Clone, Copy)]
enum Stage {
    Watch,
    Renew,
    ReadLive(Ticket),
    ReadBelieved,
    FindForgotten,
}

impl Resume {
    pub(crate) fn new(lease: LeaseId, believed: Vec<CallId>, limits: &Limits) -> Self {
        Self {
            stage: Stage::Watch,
            at_a_time: limits.resumed_calls_at_a_time,
            believed,
            known: Vec::new(),
            resumed: ResumedLease {
                lease,
                ttl_ms: 0,
                calls: Vec::new(),
                as_of: Sequence::default(),
                ended: Vec::new(),
                unknown: Vec::new(),
            },
        }
    }

    /// What is to be done now.
    #[must_use]
    pub fn next(&self) -> Step {
        let lease = || self.resumed.lease.clone();
        match self.stage {
            // Watching begins before the state is read, so that nothing falls between the two.
            Stage::Watch => Step::Watch(lease()),
            Stage::Renew => Step::Renew(lease()),
            Stage::ReadLive(after) => Step::Look(Look::Live(lease(), after, self.at_a_time)),
            Stage::ReadBelieved if self.believed.is_empty() => Step::Done,
            Stage::ReadBelieved => {
                let some = self.believed.iter().take(self.at_a_time);
                Step::Look(Look::Calls(some.cloned().collect()))
            }
            Stage::FindForgotten => {
                let forgotten = self.known.iter().filter(|(_, seen)| is_forgotten(seen));
                Step::Find(forgotten.map(|(id, _)| id.clone()).collect())
            }
        }
    }

    /// The lease's events are watched.
    pub fn handle_watch(&mut self) {
        self.stage = Stage::Renew;
    }

    /// The lease was renewed, and has this long to live.
    pub fn handle_renewed(&mut self, ttl_ms: u64) {
        self.resumed.ttl_ms = ttl_ms;
        self.stage = Stage::ReadLive(Ticket::default());
    }

    /// The state was read.
    ///
    /// # Errors
    /// The refusal that the `resume` is answered.
    pub fn handle_seen(&mut self, seen: Seen) -> Result<(), Rejection> {
        match seen {
            Seen::Live(seen) => {
                let (mut calls, as_of) = seen.ok_or(Rejection::UnknownLease)?;
                let is_last = calls.len() < self.at_a_time;
                self.resumed.calls.append(&mut calls);
                self.resumed.as_of = as_of;
                match self.resumed.calls.last() {
                    Some(last) if !is_last => {
                        self.stage = Stage::ReadLive(last.call.request.ticket);
                    }
                    Some(_) | None => self.go_on_with_believed(),
                }
            }
            Seen::Calls(views) => {
                let rest = self.believed.split_off(views.len());
                self.known =
                    mem::replace(&mut self.believed, rest).into_iter().zip(views).collect();
                self.stage = Stage::FindForgotten;
                if !self.known.iter().any(|(_, seen)| is_forgotten(seen)) {
                    self.handle_found(Vec::new());
                }
            }
        }
        Ok(())
    }

    /// Calls were looked for among the ended ones: each in its place; none for one that is not there.
    pub fn handle_found(&mut self, found: Vec<Option<CallView>>) {
        let mut found = found.into_iter();
        for (id, mut seen) in mem::take(&mut self.known) {
            if is_forgotten(&seen) {
                seen = found.next().flatten().ok_or(WhyUnknown::NeverKnown);
            }
            let why = match seen {
                Ok(view) if view.call.is_ended() => {
                    self.resumed.ended.push(view);
                    continue;
                }
                // It has moved to this lease since the lease's calls were read, as the watch tells.
                Ok(view) if view.call.request.lease.as_ref() == Some(&self.resumed.lease) => {
                    continue;
                }
                Ok(_) => WhyUnknown::OtherLease,
                Err(why) => why,
            };
            self.resumed.unknown.push(UnknownCall { id, why });
        }
        self.stage = Stage::ReadBelieved;
    }

    /// The lease, once it is done.
    #[must_use]
    pub fn finish(self) -> ResumedLease {
        self.resumed
    }

    fn go_on_with_believed(&mut self) {
        self.stage = Stage::ReadBelieved;
        let calls = self.resumed.calls.iter();
        let live: HashSet<&CallId> = calls.map(|view| &view.call.request.id).collect();
        self.believed.retain(|id| !live.contains(id));
    }
}

impl ResumedLease {
    /// The frames for the engine, some calls each.
    pub(crate) fn frames(&self, reference: Option<u64>, per_frame: usize) -> Vec<Resumed> {
        let empty = || Resumed {
            reference,
            lease: self.lease.clone(),
            grace_s: self.ttl_ms / 1000,
            calls: Vec::new(),
            ended: Vec::new(),
            unknown: Vec::new(),
            more: true,
        };
        let mut frames: Vec<Resumed> = Vec::new();
        for calls in self.calls.chunks(per_frame) {
            frames.push(Resumed { calls: calls.to_vec(), ..empty() });
        }
        for ended in self.ended.chunks(per_frame) {
            frames.push(Resumed { ended: ended.to_vec(), ..empty() });
        }
        for unknown in self.unknown.chunks(per_frame) {
            frames.push(Resumed { unknown: unknown.to_vec(), ..empty() });
        }
        // Short lists share a frame.
        let mut merged: Vec<Resumed> = Vec::new();
        for frame in frames {
            match merged.last_mut() {
                Some(last) if items(last) + items(&frame) <= per_frame => {
                    last.calls.extend(frame.calls);
                    last.ended.extend(frame.ended);
                    last.unknown.extend(frame.unknown);
                }
                Some(_) | None => merged.push(frame),
            }
        }
        if merged.is_empty() {
            merged.push(empty());
        }
        if let Some(last) = merged.last_mut() {
            last.more = false;
        }
        merged
    }
}

/// Whether the call may be among the ended ones that the store keeps.
fn is_forgotten(seen: &Result<CallView, WhyUnknown>) -> bool {
    matches!(seen, Err(WhyUnknown::NeverKnown))
}

fn items(frame: &Resumed) -> usize {
    frame.calls.len() + frame.ended.len() + frame.unknown.len()
}
