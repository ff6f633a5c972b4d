//! One connection of an engine in a simulated world: the server's end of it, which takes turns as the server's loop does, and
//! what is on its way in both directions.
//!
//! Every frame is judged when it is sent. Start reading at [`Connection::turn`].

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use callslot_core::{
    CallId, CallView, Command, LeaseId, Now, OrgCommand, OrgId, Rejection, RenewLease, Reply, Shard,
};
use callslot_engine_stream::{
    Action, Answered, Answers, Batch, Frame, Goodbye, Limits, Look, Resume, ResumedLease, Seen,
    ServerFrame, Session, Step, Waits, Work, waits,
};
use callslot_node::{Decisions, LeaseEvent, LeaseWatch, LeaseWatches, Order, WatchEnd};
use callslot_store::History;

use crate::judge::stream_check::{CallHistories, Refused, StreamCheck};
use crate::judge::{Looked, Taken};
use crate::report::Situation;
use crate::world::engines::engines_org;
use crate::world::faulty_store::SimStore;
use crate::world::{Pending, World, look_order};

/// The bounds of a connection: small, so that they are reached.
const LIMITS: Limits = Limits {
    messages_under_way: 3,
    frames_under_way: 8,
    told_later: 12,
    positions_at_a_time: 2,
    resumed_calls_at_a_time: 3,
    resumed_calls_per_frame: 2,
};
/// How many frames a message has at most.
const FRAMES_PER_MESSAGE: usize = 4;
/// A client that takes a message in this time is not too slow.
const TAKES_WITHIN: Duration = Duration::from_secs(10);
/// A client that was heard in this time is not silent.
const HEARD_WITHIN: Duration = Duration::from_secs(25);

/// What is on its way to an engine.
#[derive(Debug)]
pub(super) enum Outgoing {
    Frames(Vec<ServerFrame<Refused>>),
    Ping,
}

#[derive(Debug)]
pub(super) struct Connection {
    number: u32,
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
    Resume(Box<ResumeRun>),
}

/// The outcome of it.
enum Done {
    Answers(Answers<Refused>),
    Resumed(Result<ResumedLease, Refused>, Option<LeaseWatch>),
}

impl Connection {
    pub(super) fn new(world: &mut World, number: u32, grace_s: u64) -> Self {
        let at = world.at.into_std();
        let lease = LeaseId::parse(&format!("lease_{number}")).expect("a lease id");
        Self {
            number,
            session: Session::new(at, lease.clone(), grace_s, LIMITS),
            watch: watch(world, number, &lease),
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

    /// The server's task takes a turn, in the order in which its loop does.
    pub(super) fn turn(&mut self, world: &mut World, histories: &CallHistories, hears: bool) {
        self.tick(world);
        if self.goodbye.is_some() {
            return;
        }
        if self.is_cut && self.sending_since.is_some() {
            self.session.handle_gone();
        } else if hears && self.session.wants_message() {
            self.hear(world.at.into_std());
        }
        self.send_what_is_there(world, histories);
        self.carry_out(world);
    }

    /// The time has gone by.
    pub(super) fn tick(&mut self, world: &mut World) {
        let at = world.at.into_std();
        if self.sending_since.is_some() && self.outgoing.is_none() {
            self.sending_since = None;
            self.session.handle_sent();
        }
        if self.goodbye.is_none() && at >= self.session.next_timer() {
            self.session.handle_timer(at);
            self.carry_out(world);
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
    pub(super) fn stop(&mut self, world: &mut World) {
        self.session.handle_stop(world.at.into_std());
        self.carry_out(world);
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
    fn send_what_is_there(&mut self, world: &mut World, histories: &CallHistories) {
        let at = world.at.into_std();
        if self.watch.end() == Some(WatchEnd::FellBehind) {
            world.reached.note(Situation::EngineFellBehind);
            self.session.handle_event(at, Err(WatchEnd::FellBehind));
        }
        let mut frames = Vec::new();
        while frames.len() < FRAMES_PER_MESSAGE {
            if matches!(self.watch.end(), Some(WatchEnd::Replaced | WatchEnd::LeaseEnded)) {
                self.check.note_replaced();
            }
            if let Some(frame) = self.session.poll_frame() {
                self.check.see(&frame, histories);
                world.judge.note_frame();
                let is_position = matches!(frame, ServerFrame::Position { .. });
                world.reached.note_if(Situation::PositionTold, is_position);
                frames.push(frame);
            } else if self.session.wants_outcomes() && self.take_positions(world) {
            } else if self.session.wants_outcomes()
                && let Some(done) = self.next_outcome(world)
            {
                self.take_in(world, done);
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
                self.session.handle_event(at, Err(why));
            }
            return;
        }
        self.sending_since = Some(at);
        self.session.handle_sending(at);
    }

    fn take_positions(&mut self, world: &mut World) -> bool {
        let Some(outcome) = self.positions.as_ref().and_then(Pending::outcome) else {
            return false;
        };
        self.positions = None;
        let (at, waits) = (world.at.into_std(), outcome.unwrap_or_default());
        self.check.note_waits(&waits);
        let happened = self.happened(at);
        self.session.handle_positions(at, happened.into_iter(), waits);
        true
    }

    fn take_in(&mut self, world: &mut World, done: Done) {
        let at = world.at.into_std();
        match done {
            Done::Answers(answers) => {
                let happened = self.happened(at);
                world.reached.note_if(Situation::EventsMetAnAnswer, happened.len() > 1);
                if matches!(answers.opened, Some(Ok(()) | Err(Rejection::LeaseExists))) {
                    self.note_open(at);
                }
                self.check.note_answers(&answers);
                self.session.handle_answers(at, happened.into_iter(), answers);
            }
            Done::Resumed(resumed, watch) => {
                if let Err(Refused::Rules(Rejection::UnknownLease)) = &resumed {
                    world.reached.note(Situation::LeaseRanOutWhileAway);
                }
                if let (Ok(resumed), Some(watch)) = (&resumed, watch) {
                    self.watch = watch;
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
    fn carry_out(&mut self, world: &mut World) {
        let at = world.at.into_std();
        let goodbye = self.session.poll_goodbye();
        while let Some(work) = self.session.poll_work() {
            self.begin(world, at, work);
        }
        if let Some(goodbye) = goodbye.filter(|_| self.goodbye.is_none()) {
            self.judge_goodbye(world, at, &goodbye);
            self.goodbye = Some(goodbye);
        }
    }

    fn begin(&mut self, world: &mut World, at: Instant, work: Work<Refused>) {
        match work {
            Work::Decide(batch) => {
                let commands: Vec<Command> = batch.commands().into_iter().map(command).collect();
                let decided = if commands.is_empty() {
                    Pending::Known(Ok(Decisions::new()))
                } else {
                    world.place(
                        |caller| Order::decide_all(commands.clone(), caller),
                        |answer| Taken::Batch(commands.clone(), answer),
                    )
                };
                self.under_way.push_back(UnderWay::Batch(batch, decided));
            }
            Work::Resume(resume) => {
                let run = ResumeRun::new(resume, &self.check);
                self.under_way.push_back(UnderWay::Resume(Box::new(run)));
            }
            Work::LookAtPositions(ids) => {
                let (org, of) = (engines_org(), ids.clone());
                let look = move |shard: &Shard, now: Now| waits(shard.org(&org), &of, now);
                let looked = |answer| Taken::Look(Looked::Waits(engines_org(), ids, answer));
                self.positions = Some(world.place(look_order(look), looked));
            }
            Work::Renew(lease) => {
                assert_eq!(lease, *self.session.lease());
                self.renewed_at = Some(at);
                let _ = renew(world, lease);
            }
        }
    }

    /// The next outcome, in the order in which the work was begun.
    fn next_outcome(&mut self, world: &mut World) -> Option<Done> {
        for under_way in &mut self.under_way {
            if let UnderWay::Resume(run) = under_way {
                run.go_on(world, self.number);
            }
        }
        let is_done = match self.under_way.front()? {
            UnderWay::Batch(_, decided) => decided.outcome().is_some(),
            UnderWay::Resume(run) => run.outcome.is_some(),
        };
        if !is_done {
            return None;
        }
        match self.under_way.pop_front()? {
            UnderWay::Batch(batch, decided) => {
                Some(Done::Answers(answers(&world.store, batch, decided.outcome()?)))
            }
            UnderWay::Resume(run) => Some(Done::Resumed(run.outcome?, run.watch)),
        }
    }

    /// A connection ends for a reason, and its lease has its whole grace from then on, unless it is over or carried elsewhere.
    fn judge_goodbye(&self, world: &World, at: Instant, goodbye: &Goodbye) {
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
            1001 => world.stream.is_stopping,
            1008 => at - self.heard_at >= HEARD_WITHIN,
            1013 => is_slow,
            4001 => world.stream.carriers.get(lease) != Some(&self.number),
            4002 => world.stream.ended_leases.contains(lease),
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

/// A resumption, and what it was shown.
#[derive(Debug)]
struct ResumeRun {
    /// None once it is done.
    resume: Option<Resume>,
    believed: Vec<CallId>,
    watch: Option<LeaseWatch>,
    asked: Option<AskedOfNode>,
    live: Vec<CallView>,
    others: Vec<Option<CallView>>,
    as_of: Vec<u64>,
    outcome: Option<Result<ResumedLease, Refused>>,
}

#[derive(Debug)]
enum AskedOfNode {
    Renewal(Pending<Result<Reply, Rejection>>),
    Look(Pending<Seen>),
}

impl ResumeRun {
    fn new(resume: Resume, check: &StreamCheck) -> Self {
        let believed = match resume.next() {
            Step::Watch(lease) | Step::Renew(lease) | Step::Look(Look::Live(lease, ..)) => {
                check.believed(&lease)
            }
            Step::Look(Look::Calls(_)) | Step::Find(_) | Step::Done => Vec::new(),
        };
        Self {
            resume: Some(resume),
            believed,
            watch: None,
            asked: None,
            live: Vec::new(),
            others: Vec::new(),
            as_of: Vec::new(),
            outcome: None,
        }
    }

    /// Does the next steps, as far as they need not wait.
    fn go_on(&mut self, world: &mut World, number: u32) {
        while self.outcome.is_none() {
            match self.step(world, number) {
                Ok(true) => {}
                Ok(false) => return,
                Err(refused) => self.outcome = Some(Err(refused)),
            }
        }
    }

    /// Does a step; says whether the next one can be done at once.
    fn step(&mut self, world: &mut World, number: u32) -> Result<bool, Refused> {
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
                    Seen::Calls(views) => self.others.extend(views.iter().cloned()),
                }
                resume.handle_seen(seen)?;
            }
            None => {}
        }
        self.asked = None;
        match resume.next() {
            Step::Watch(lease) => {
                self.watch = Some(watch(world, number, &lease));
                resume.handle_watch();
            }
            Step::Renew(lease) => self.asked = Some(AskedOfNode::Renewal(renew(world, lease))),
            Step::Look(look) => {
                let (org, of) = (engines_org(), look.clone());
                let read = move |shard: &Shard, now: Now| of.at(shard.org(&org), now);
                let looked = |answer| Taken::Look(Looked::Stream(engines_org(), look, answer));
                self.asked = Some(AskedOfNode::Look(world.place(look_order(read), looked)));
            }
            Step::Find(ids) => {
                let found: Vec<_> = ids.iter().map(|id| ended_call(&world.store, id)).collect();
                let mut rest = found.iter();
                let from =
                    self.others.len() - self.others.len().min(LIMITS.resumed_calls_at_a_time);
                for view in self.others[from..].iter_mut().filter(|view| view.is_none()) {
                    *view = rest.next().cloned().flatten();
                }
                resume.handle_found(found);
            }
            Step::Done => {
                let resumed = self.resume.take().map(Resume::finish);
                if let Some(resumed) = resumed {
                    self.judge(&resumed);
                    let has_changed = self.as_of.first() != self.as_of.last();
                    world.reached.note_if(Situation::ChangedWhileResumed, has_changed);
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
        for (id, view) in not_live.into_iter().zip(&self.others) {
            match view.as_ref().filter(|view| view.call.is_ended()) {
                Some(view) => ended.push(view.clone()),
                None => unknown.push(id.clone()),
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

/// Watches a lease, in place of the connection that did.
fn watch(world: &mut World, number: u32, lease: &LeaseId) -> LeaseWatch {
    world.stream.carriers.insert(lease.clone(), number);
    LeaseWatches::watch(&world.stream.watches, engines_org(), lease.clone())
}

fn renew(world: &mut World, lease: LeaseId) -> Pending<Result<Reply, Rejection>> {
    let renew = command(OrgCommand::RenewLease(RenewLease { lease, sum: None }));
    world.place(
        |caller| Order::decide(renew.clone(), caller),
        |answer| Taken::Command(renew.clone(), answer),
    )
}

fn command(command: OrgCommand) -> Command {
    Command::Org(engines_org(), command)
}

fn ended_call(store: &SimStore, id: &CallId) -> Option<CallView> {
    let org: OrgId = engines_org();
    let call = store.ended_call(&org, id).expect("a fair store can be read")?;
    Some(CallView { call: call.into(), wait: None })
}

/// The outcomes of a batch's frames, as over HTTP: a call that the core has forgotten may be among the ended ones.
fn answers(
    store: &SimStore,
    batch: Batch<Refused>,
    decisions: Result<Decisions, callslot_node::Unavailable>,
) -> Answers<Refused> {
    let mut decisions = decisions.map(Vec::into_iter);
    let mut next = || match &mut decisions {
        Ok(decisions) => Ok(decisions.next().expect("every command is decided")),
        Err(unavailable) => Err(Refused::Unavailable(*unavailable)),
    };
    let opened = batch.opens.and_then(|_| next().ok()).map(|decided| decided.map(drop));
    let answer = |(reference, action): (Option<u64>, Result<Action, Refused>)| {
        let about = action.as_ref().ok().map(|action| action.call().clone());
        let outcome = action.and_then(|action| outcome(store, &action, next()?));
        Answered { reference, about, outcome }
    };
    Answers { opened, answers: batch.actions.into_iter().map(answer).collect() }
}

fn outcome(
    store: &SimStore,
    action: &Action,
    decided: Result<Reply, Rejection>,
) -> Result<CallView, Refused> {
    match (action, decided) {
        (_, Ok(Reply::Call { call, .. })) => Ok(call),
        (Action::End(id, _), Err(rejection @ Rejection::UnknownCall { .. })) => {
            ended_call(store, id).ok_or(Refused::Rules(rejection))
        }
        (Action::Claim(id), Err(rejection @ Rejection::UnknownCall { .. })) => {
            let ended = ended_call(store, id);
            let has_ended = |_| Rejection::CallHasEnded { call: id.clone() };
            Err(Refused::Rules(ended.map_or(rejection, has_ended)))
        }
        (_, Err(rejection)) => Err(Refused::Rules(rejection)),
        (_, Ok(reply)) => panic!("{action:?} is answered with {reply:?}"),
    }
}
