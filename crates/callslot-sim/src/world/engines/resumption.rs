//! How a server carries out an engine's wish to resume a lease, step by step, and whether the engine is told what was read.

use callslot_core::{CallId, CallView, LeaseId, Rejection, Reply, UnknownCall, WhyUnknown};
use callslot_engine_stream::{Look, Resume, ResumedLease, Seen, Step};
use callslot_node::WatchSuccessor;

use crate::judge::stream_check::{Refused, StreamCheck};
use crate::report::Situation;
use crate::world::engines::node_requests::{ended_call, look, renew, watch_beside};
use crate::world::node::{Node, Pending};

/// A resumption, and what it was shown.
#[derive(Debug)]
pub(super) struct Resumption {
    /// None once it is done.
    resume: Option<Resume>,
    believed: Vec<CallId>,
    /// The lease, once it is watched.
    pub(super) lease: Option<LeaseId>,
    pub(super) watch: Option<WatchSuccessor>,
    asked: Option<AskedOfNode>,
    live: Vec<CallView>,
    others: Vec<Result<CallView, WhyUnknown>>,
    /// From where on those are that were looked at last.
    last: usize,
    as_of: Vec<u64>,
    pub(super) outcome: Option<Result<ResumedLease, Refused>>,
}

#[derive(Debug)]
enum AskedOfNode {
    Renewal(Pending<Result<Reply, Rejection>>),
    Look(Pending<Seen>),
}

impl Resumption {
    pub(super) fn new(resume: Resume, check: &StreamCheck) -> Self {
        let believed = match resume.next() {
            Step::Watch(lease) | Step::Renew(lease) | Step::Look(Look::Live(lease, ..)) => {
                check.believed(&lease)
            }
            Step::Look(Look::Calls(_)) | Step::Find(_) | Step::Done => Vec::new(),
        };
        Self {
            resume: Some(resume),
            believed,
            lease: None,
            watch: None,
            asked: None,
            live: Vec::new(),
            others: Vec::new(),
            last: 0,
            as_of: Vec::new(),
            outcome: None,
        }
    }

    /// Does the next steps, as far as they need not wait.
    pub(super) fn go_on(&mut self, node: &mut Node) {
        while self.outcome.is_none() {
            match self.step(node) {
                Ok(true) => {}
                Ok(false) => return,
                Err(refused) => self.outcome = Some(Err(refused)),
            }
        }
    }

    /// Does a step; says whether the next one can be done at once.
    fn step(&mut self, node: &mut Node) -> Result<bool, Refused> {
        let Some(resume) = &mut self.resume else { return Ok(false) };
        match &self.asked {
            Some(AskedOfNode::Renewal(renewed)) => {
                let Some(renewed) = renewed.outcome() else { return Ok(false) };
                if let Reply::Lease { expires_in_ms, .. } =
                    renewed.map_err(Refused::Unavailable)??
                {
                    resume.handle_renewed(expires_in_ms);
                }
            }
            Some(AskedOfNode::Look(seen)) => {
                let Some(seen) = seen.outcome() else { return Ok(false) };
                let seen = seen.map_err(Refused::Unavailable)?;
                match &seen {
                    Seen::Live(Some((calls, as_of))) => {
                        self.live.extend(calls.iter().cloned());
                        self.as_of.push(as_of.0);
                    }
                    Seen::Live(None) => {}
                    Seen::Calls(views) => {
                        self.last = self.others.len();
                        self.others.extend(views.iter().cloned());
                    }
                }
                resume.handle_seen(seen)?;
            }
            None => {}
        }
        self.asked = None;
        match resume.next() {
            Step::Watch(lease) => {
                self.watch = Some(watch_beside(node, &lease));
                self.lease = Some(lease);
                resume.handle_watch();
            }
            Step::Renew(lease) => self.asked = Some(AskedOfNode::Renewal(renew(node, lease))),
            Step::Look(wanted) => self.asked = Some(AskedOfNode::Look(look(node, wanted))),
            Step::Find(ids) => {
                let found: Vec<_> = ids.iter().map(|id| ended_call(&node.store, id)).collect();
                let mut rest = found.iter();
                let never_known = |seen: &&mut Result<_, _>| **seen == Err(WhyUnknown::NeverKnown);
                for seen in self.others[self.last..].iter_mut().filter(never_known) {
                    *seen = rest.next().cloned().flatten().ok_or(WhyUnknown::NeverKnown);
                }
                resume.handle_found(found);
            }
            Step::Done => {
                let resumed = self.resume.take().map(Resume::finish);
                if let Some(resumed) = resumed {
                    self.judge(&resumed);
                    let has_changed = self.as_of.first() != self.as_of.last();
                    node.reached.note_if(Situation::ChangedWhileResumed, has_changed);
                    self.outcome = Some(Ok(resumed));
                }
            }
        }
        Ok(true)
    }

    /// The engine is told what was read, and each call that it named is in one of the lists.
    fn judge(&self, resumed: &ResumedLease) {
        assert_eq!(resumed.calls, self.live, "left what is told to be live, right what was read");
        let is_live = |id: &CallId| self.live.iter().any(|view| view.call.request.id == *id);
        let (mut ended, mut unknown) = (Vec::new(), Vec::new());
        let not_live: Vec<&CallId> = self.believed.iter().filter(|id| !is_live(id)).collect();
        assert_eq!(not_live.len(), self.others.len(), "every call that is not live is looked up");
        let mut note = |id: &CallId, why| unknown.push(UnknownCall { id: id.clone(), why });
        for (id, seen) in not_live.into_iter().zip(&self.others) {
            match seen {
                Ok(view) if view.call.is_ended() => ended.push(view.clone()),
                Ok(view) if view.call.request.lease == self.lease => {}
                Ok(_) => note(id, WhyUnknown::OtherLease),
                Err(why) => note(id, *why),
            }
        }
        let told = (&resumed.ended, &resumed.unknown);
        assert_eq!(
            told,
            (&ended, &unknown),
            "left what is told of other calls, right what was read"
        );
        assert_eq!(Some(&resumed.as_of.0), self.as_of.last(), "the last look is the newest");
    }
}
