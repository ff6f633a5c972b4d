//! One connection of an engine in a simulated world: the server's end of it, which takes turns as the server's loop does, and
//! what is on its way in both directions.
//!
//! Every frame is judged when it is sent. Start reading at [`Connection::turn`].

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use callslot_core::{LeaseId, Rejection};
use callslot_engine_stream::{
    Answers, Batch, Frame, Goodbye, ResumedLease, ServerFrame, Session, Waits, Work,
};
use callslot_node::{Decisions, LeaseEvent, LeaseWatch, WatchEnd};

use crate::judge::call_histories::CallHistories;
use crate::judge::stream_check::{Refused, StreamCheck};
use crate::report::Situation;
use crate::world::engines::batch_answers::answers;
use crate::world::engines::limits::{FRAMES_PER_MESSAGE, HEARD_WITHIN, LIMITS, TAKES_WITHIN};
use crate::world::engines::node_requests::{decide, look_at_positions, renew, take_over, watch};
use crate::world::engines::resumption::Resumption;
use crate::world::node::{Node, Pending};

/// What is on its way to an engine.
#[derive(Debug)]
pub(super) enum Outgoing {
    Frames(Vec<ServerFrame<Refused>>),
    Ping,
}

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) number: u32,
    session: Session<Refused>,
    watch: LeaseWatch,
    under_way: VecDeque<UnderWay>,
    positions: Option<Pending<Waits>>,
    pub(super) incoming: VecDeque<Vec<Frame<Refused>>>,
    pub(super) outgoing: Option<Outgoing>,
    /// When the last message was begun; none once the server knows that it was taken.
    sending_since: Option<Instant>,
    pub(super) is_cut: bool,
    pub(super) has_ponged: bool,
    /// The lease that the engine was greeted with.
    pub(super) greeted_with: Option<LeaseId>,
    pub(super) has_resumed: bool,
    /// How many frames the engine sent.
    pub(super) said: u64,
    pub(super) check: StreamCheck,
    pub(super) goodbye: Option<Goodbye>,
    grace: Duration,
    /// When the lease was opened or renewed last; none while it is not known to be open.
    renewed_at: Option<Instant>,
    heard_at: Instant,
    /// How many events came since all were told.
    events: usize,
}

/// What a session waits for.
#[derive(Debug)]
enum UnderWay {
    Batch(Batch<Refused>, Pending<Decisions>),
    Resume(Box<Resumption>),
}

/// The outcome of it.
enum Done {
    Answers(Answers<Refused>),
    Resumed(Box<Resumption>, Result<ResumedLease, Refused>),
}

impl Connection {
    pub(super) fn new(node: &mut Node, number: u32, grace_s: u64) -> Self {
        let at = node.at.into_std();
        let lease = LeaseId::parse(&format!("lease_{number}")).expect("a lease id");
        node.leases.connected.insert(number);
        Self {
            number,
            session: Session::new(at, lease.clone(), grace_s, LIMITS),
            watch: watch(node, number, &lease),
            under_way: VecDeque::new(),
            positions: None,
            incoming: VecDeque::new(),
            outgoing: None,
            sending_since: None,
            is_cut: false,
            has_ponged: false,
            greeted_with: None,
            has_resumed: false,
            said: 0,
            check: StreamCheck::new(lease, LIMITS.resumed_calls_per_frame),
            goodbye: None,
            grace: Duration::from_secs(grace_s),
            renewed_at: None,
            heard_at: at,
            events: 0,
        }
    }

    /// The lease that it puts to use, if that is the one that the engine was greeted with.
    pub(super) fn lease_in_use(&self) -> Option<LeaseId> {
        self.greeted_with.clone().filter(|_| !self.has_resumed)
    }

    /// The server's task takes a turn, in the order in which its loop does.
    pub(super) fn turn(&mut self, node: &mut Node, histories: &CallHistories, hears: bool) {
        self.tick(node);
        if self.goodbye.is_some() {
            return;
        }
        if self.is_cut && self.sending_since.is_some() {
            self.session.handle_gone();
        } else if hears && self.session.wants_message() {
            self.hear(node.at.into_std());
        }
        self.send_what_is_there(node, histories);
        self.carry_out(node);
    }

    /// The time has gone by.
    pub(super) fn tick(&mut self, node: &mut Node) {
        let at = node.at.into_std();
        if self.sending_since.is_some() && self.outgoing.is_none() {
            self.sending_since = None;
            self.session.handle_sent();
        }
        if self.goodbye.is_none() && at >= self.session.next_timer() {
            self.session.handle_timer(at);
            self.carry_out(node);
        }
        if self.goodbye.is_some() {
            return;
        }
        if let Some(renewed_at) = self.renewed_at {
            let is_renewed = at - renewed_at <= self.grace / 3;
            assert!(is_renewed, "a lease is renewed every third of its life");
        }
        if let Some(since) = self.sending_since {
            assert!(at - since < TAKES_WITHIN, "a client that takes nothing is sent away");
        }
    }

    /// The server stops.
    pub(super) fn stop(&mut self, node: &mut Node) {
        self.session.handle_stop(node.at.into_std());
        self.carry_out(node);
    }

    /// Whether nothing is on its way.
    pub(super) fn is_idle(&self) -> bool {
        self.goodbye.is_some()
            || (self.under_way.is_empty()
                && self.positions.is_none()
                && self.incoming.is_empty()
                && self.outgoing.is_none()
                && self.sending_since.is_none()
                && !self.session.has_frame()
                && !self.is_cut
                && self.watch.end().is_none())
    }

    /// The lease that it carries has no other connection.
    pub(super) fn check_carries_alone(&self, node: &Node) {
        if self.goodbye.is_none() {
            let carrier = node.leases.carriers.get(self.session.lease());
            assert_eq!(carrier, Some(&self.number), "a lease has one connection");
        }
    }

    /// Whether frames that were read are not answered.
    pub(super) fn owes_answers(&self) -> bool {
        !self.under_way.is_empty()
    }

    fn hear(&mut self, at: Instant) {
        if std::mem::take(&mut self.has_ponged) {
            self.heard_at = at;
            self.session.handle_sign_of_life();
        }
        if let Some(frames) = self.incoming.pop_front() {
            self.heard_at = at;
            self.check.hear(&frames);
            self.session.handle_message(frames);
        } else if self.is_cut {
            self.session.handle_gone();
        }
    }

    /// Takes what is there without waiting, and begins to send it.
    fn send_what_is_there(&mut self, node: &mut Node, histories: &CallHistories) {
        let at = node.at.into_std();
        if self.watch.end() == Some(WatchEnd::FellBehind) {
            node.reached.note(Situation::EngineFellBehind);
            self.session.handle_event(at, Err(WatchEnd::FellBehind));
        }
        let mut frames = Vec::new();
        while frames.len() < FRAMES_PER_MESSAGE {
            if matches!(self.watch.end(), Some(WatchEnd::Replaced | WatchEnd::LeaseEnded)) {
                self.check.note_replaced();
            }
            if let Some(frame) = self.session.poll_frame() {
                self.check.see(&frame, histories);
                node.judge.note_frame();
                let is_position = matches!(frame, ServerFrame::Position { .. });
                node.reached.note_if(Situation::PositionTold, is_position);
                node.reached.note_if(Situation::CallGained, self.check.gained > 0);
                frames.push(frame);
            } else if self.session.wants_outcomes() && self.take_positions(node) {
            } else if self.session.wants_outcomes()
                && let Some(done) = self.next_outcome(node)
            {
                self.take_in(node, done);
            } else if self.session.wants_event()
                && let Some(event) = self.watch.try_next()
            {
                self.events = if self.session.has_frame() { self.events + 1 } else { 1 };
                self.note_open(at);
                self.session.handle_event(at, Ok(event));
            } else {
                break;
            }
        }
        if !frames.is_empty() {
            self.outgoing = Some(Outgoing::Frames(frames));
        } else if self.session.poll_ping() {
            self.outgoing = Some(Outgoing::Ping);
        } else {
            if self.session.wants_event()
                && let Some(why) = self.watch.end()
            {
                let is_its_last = !node.leases.reopened.contains(self.session.lease());
                if why == WatchEnd::LeaseEnded && is_its_last {
                    self.check.check_ends_told(histories);
                }
                self.session.handle_event(at, Err(why));
            }
            return;
        }
        self.sending_since = Some(at);
        self.session.handle_sending(at);
    }

    fn take_positions(&mut self, node: &mut Node) -> bool {
        let Some(outcome) = self.positions.as_ref().and_then(Pending::outcome) else {
            return false;
        };
        self.positions = None;
        let (at, waits) = (node.at.into_std(), outcome.unwrap_or_default());
        self.check.note_waits(&waits);
        let happened = self.happened(at);
        self.session.handle_positions(at, happened.into_iter(), waits);
        true
    }

    fn take_in(&mut self, node: &mut Node, done: Done) {
        let at = node.at.into_std();
        match done {
            Done::Answers(answers) => {
                let happened = self.happened(at);
                node.reached.note_if(Situation::EventsMetAnAnswer, happened.len() > 1);
                if matches!(answers.opened, Some(Ok(()) | Err(Rejection::LeaseExists))) {
                    self.note_open(at);
                }
                self.check.note_answers(&answers);
                self.session.handle_answers(at, happened.into_iter(), answers);
            }
            Done::Resumed(resumption, resumed) => {
                if let Err(Refused::Rules(Rejection::UnknownLease)) = &resumed {
                    node.reached.note(Situation::LeaseRanOutWhileAway);
                }
                if let (Err(_), Some(lease)) = (&resumed, &resumption.lease) {
                    let is_carried = node.leases.is_carried_by_another(lease, self.number);
                    node.reached.note_if(Situation::RefusedBesideCarrier, is_carried);
                }
                if let (Ok(resumed), Some(successor)) = (&resumed, resumption.watch) {
                    self.watch = take_over(node, self.number, &resumed.lease, successor);
                    self.grace = Duration::from_millis(resumed.ttl_ms);
                    self.renewed_at = Some(at);
                }
                self.check.note_resumed(&resumed);
                self.session.handle_resumed(at, resumed);
            }
        }
    }

    /// All that happened up to now.
    fn happened(&mut self, at: Instant) -> Vec<LeaseEvent> {
        let happened: Vec<_> = std::iter::from_fn(|| self.watch.try_next()).collect();
        if !happened.is_empty() {
            self.note_open(at);
        }
        self.events += happened.len();
        happened
    }

    fn note_open(&mut self, at: Instant) {
        self.renewed_at.get_or_insert(at);
    }

    /// Does what the session wants, and hears whether it has ended.
    fn carry_out(&mut self, node: &mut Node) {
        let at = node.at.into_std();
        let goodbye = self.session.poll_goodbye();
        while let Some(work) = self.session.poll_work() {
            self.begin(node, at, work);
        }
        if let Some(goodbye) = goodbye.filter(|_| self.goodbye.is_none()) {
            self.judge_goodbye(node, at, &goodbye);
            self.goodbye = Some(goodbye);
        }
    }

    fn begin(&mut self, node: &mut Node, at: Instant, work: Work<Refused>) {
        match work {
            Work::Decide(batch) => {
                let decided = decide(node, &batch);
                self.under_way.push_back(UnderWay::Batch(batch, decided));
            }
            Work::Resume(resume) => {
                let resumption = Resumption::new(resume, &self.check);
                self.under_way.push_back(UnderWay::Resume(Box::new(resumption)));
            }
            Work::LookAtPositions(ids) => self.positions = Some(look_at_positions(node, ids)),
            Work::Renew(lease) => {
                assert_eq!(lease, *self.session.lease());
                self.renewed_at = Some(at);
                let _ = renew(node, lease);
            }
        }
    }

    /// The next outcome, in the order in which the work was begun.
    fn next_outcome(&mut self, node: &mut Node) -> Option<Done> {
        for under_way in &mut self.under_way {
            if let UnderWay::Resume(resumption) = under_way {
                resumption.go_on(node);
            }
        }
        let is_done = match self.under_way.front()? {
            UnderWay::Batch(_, decided) => decided.outcome().is_some(),
            UnderWay::Resume(resumption) => resumption.outcome.is_some(),
        };
        if !is_done {
            return None;
        }
        match self.under_way.pop_front()? {
            UnderWay::Batch(batch, decided) => {
                Some(Done::Answers(answers(node, batch, decided.outcome()?)))
            }
            UnderWay::Resume(mut resumption) => {
                let outcome = resumption.outcome.take()?;
                Some(Done::Resumed(resumption, outcome))
            }
        }
    }

    /// A connection ends for a reason, and its lease has its whole grace from then on, unless it is over or carried elsewhere.
    fn judge_goodbye(&self, node: &Node, at: Instant, goodbye: &Goodbye) {
        let lease = self.session.lease();
        let (code, keeps_lease) = match goodbye {
            Goodbye::Left => (0, true),
            Goodbye::Close { code, .. } => (*code, *code < 4000),
        };
        let is_slow = self.sending_since.is_some_and(|since| at - since >= TAKES_WITHIN)
            || self.watch.end() == Some(WatchEnd::FellBehind)
            || self.events > LIMITS.told_later;
        let is_right = match code {
            0 => self.is_cut,
            1001 => node.leases.is_stopping,
            1008 => at - self.heard_at >= HEARD_WITHIN,
            1013 => is_slow,
            4001 => node.leases.carriers.get(lease) != Some(&self.number),
            4002 => node.leases.ended.contains(lease),
            _ => false,
        };
        assert!(is_right, "a connection ends with {goodbye:?} for no reason");
        if code == 1001 && !is_slow && !self.is_cut && self.sending_since.is_none() {
            assert!(self.check.is_all_answered(), "a server that stops answers what it took");
        }
        if keeps_lease && self.renewed_at.is_some() {
            assert_eq!(self.renewed_at, Some(at), "the grace counts from the end of a connection");
        }
    }
}
