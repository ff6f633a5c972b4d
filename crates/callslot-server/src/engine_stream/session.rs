//! One connection of a call engine: everything that can wake it is in [`Session::serve`].
//!
//! It decides nothing: frames become commands, and what came of them, and what else happened to the calls of the lease,
//! becomes frames. What is to be told, and in which order, is in `delivery.rs`.

use std::collections::VecDeque;
use std::future::{pending, ready};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use callslot_api::{AnswerFrame, BatchResult, ToldFrame};
use callslot_core::{
    Call, CallId, CallView, Command, LeaseId, OrgCommand, OrgId, Rejection, StartCall, Wait,
};
use callslot_node::{Decisions, LeaseEvent, LeaseWatch, Unavailable, WatchEnd};
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{FuturesOrdered, StreamExt};
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Bytes, Message, Utf8Bytes};

use crate::actions::calls::{call_reply, claimed, ended};
use crate::auth::key_ring::Credential;
use crate::auth::secrets::new_id;
use crate::convert;
use crate::engine_stream::delivery::Ledger;
use crate::engine_stream::frames::{Asked, Frame, read};
use crate::engine_stream::resume::{ResumedLease, resume};
use crate::engine_stream::socket::{Heard, NotTaken, Outbox, Socket};
use crate::limits::{
    ENGINE_ANSWERS_WITHIN, ENGINE_SILENT_LOOKS, ENGINE_TOLD_LATER, FRAMES_UNDER_WAY,
    LOOK_AT_ENGINE_EVERY, LOOKS_PER_PING, MESSAGES_UNDER_WAY, POSITIONS_AT_A_TIME,
    TELL_POSITIONS_EVERY,
};
use crate::refusal::Refusal;
use crate::state::App;

/// Another connection carries the lease now.
const RESUMED_ELSEWHERE: CloseCode = CloseCode::Library(4001);
/// The lease ran out or was ended, and its calls with it.
const LEASE_ENDED: CloseCode = CloseCode::Library(4002);

/// Who is connected.
#[derive(Clone)]
pub(crate) struct Engine {
    pub(crate) app: Arc<App>,
    pub(crate) org: OrgId,
    pub(crate) credential: Credential,
}

impl Engine {
    /// Checks that there is the organisation to act in.
    pub(crate) async fn check_org(&self) -> Result<(), Refusal> {
        let org = self.org.clone();
        let is_there = self.app.node.read(move |shard, _| shard.org(&org).is_some()).await?;
        if is_there { Ok(()) } else { Err(Rejection::UnknownOrg { org: self.org.clone() }.into()) }
    }

    fn command(&self, command: OrgCommand) -> Command {
        Command::Org(self.org.clone(), command)
    }
}

/// Queued calls, and what can be said of their waits.
type Waits = Vec<(CallId, Wait)>;

/// Why a connection ends.
enum Goodbye {
    ClientLeft,
    /// Nothing was heard of it for too long.
    ClientSilent,
    /// It does not take what it is sent.
    ClientTooSlow,
    /// It sent what the protocol has no room for.
    Wrong(CloseCode, &'static str),
    KeyRevoked,
    LeaseEnded,
    ResumedElsewhere,
    ServerStops,
}

/// What wakes a connection.
enum Woke {
    Stop,
    Done(Done),
    Happened(Result<LeaseEvent, WatchEnd>),
    Positions(Result<Waits, Unavailable>),
    Look,
    Renew,
    TellPositions,
    Heard(Heard),
    /// More is to be told than went into the last message.
    More,
}

/// What came of a message, or of a `resume` in it.
enum Done {
    Answers { answers: Vec<Answered>, has_opened_lease: bool },
    Resumed(Option<u64>, Result<ResumedLease, Refusal>),
}

/// What came of one frame.
struct Answered {
    reference: Option<u64>,
    /// The call that a command was about.
    about: Option<CallId>,
    outcome: Result<CallView, Refusal>,
}

/// What a frame asks of the core, and about which call.
enum Action {
    Start(CallId),
    Claim(CallId),
    End(CallId),
}

impl Action {
    const fn call(&self) -> &CallId {
        match self {
            Self::Start(call) | Self::Claim(call) | Self::End(call) => call,
        }
    }
}

/// Frames that are decided together.
#[derive(Default)]
struct Batch {
    actions: Vec<(Option<u64>, Result<Action, Refusal>)>,
    commands: Vec<Command>,
    opens_lease: bool,
}

pub(crate) struct Session {
    engine: Engine,
    socket: Socket,
    outbox: Outbox,
    lease: LeaseId,
    grace: Duration,
    /// Whether a `start` was taken, which puts the lease to use.
    has_started: bool,
    /// Whether the lease is known to be open.
    is_lease_open: bool,
    watch: LeaseWatch,
    ledger: Ledger,
    /// Whether more waited to be told than may when still more came.
    has_fallen_behind: bool,
    /// Messages whose frames are being decided, in order.
    under_way: FuturesOrdered<BoxFuture<'static, Done>>,
    frames_under_way: usize,
    /// Frames that come behind a `resume` which is under way.
    behind_resume: Option<VecDeque<Frame>>,
    positions: Option<BoxFuture<'static, Result<Waits, Unavailable>>>,
    /// Looks since the client was last heard.
    silent_looks: u32,
    looks: u32,
    renewals: Interval,
}

impl Session {
    pub(crate) fn new(engine: Engine, socket: Socket, grace: Duration) -> Self {
        let lease = LeaseId::parse(&new_id("lease")).expect("an id we make is one");
        let watch = engine.app.node.watch_lease(engine.org.clone(), lease.clone());
        Self {
            engine,
            socket,
            outbox: Outbox::default(),
            lease,
            grace,
            has_started: false,
            is_lease_open: false,
            watch,
            ledger: Ledger::default(),
            has_fallen_behind: false,
            under_way: FuturesOrdered::new(),
            frames_under_way: 0,
            behind_resume: None,
            positions: None,
            silent_looks: 0,
            looks: 0,
            renewals: renewals(grace),
        }
    }

    /// Serves the engine until one of the two ends it.
    pub(crate) async fn run(mut self) {
        let hello =
            ToldFrame::Hello { lease: self.lease.to_string(), grace_s: self.grace.as_secs() };
        self.outbox.push(&hello);
        let goodbye = self.serve().await;
        match goodbye {
            Goodbye::ResumedElsewhere | Goodbye::LeaseEnded => {}
            Goodbye::ClientLeft
            | Goodbye::ClientSilent
            | Goodbye::ClientTooSlow
            | Goodbye::Wrong(..)
            | Goodbye::KeyRevoked
            | Goodbye::ServerStops => self.renew(),
        }
        let lease = &self.lease;
        let (code, reason) = match goodbye {
            Goodbye::ClientLeft => return self.socket.leave().await,
            Goodbye::ClientSilent => {
                (CloseCode::Policy, "nothing was heard for 25 s; connect again".to_owned())
            }
            Goodbye::ClientTooSlow => {
                (CloseCode::Again, format!("read faster; connect again and resume {lease}"))
            }
            Goodbye::Wrong(code, reason) => (code, reason.to_owned()),
            Goodbye::KeyRevoked => {
                (CloseCode::Policy, "the key was revoked, or the browser has signed out".to_owned())
            }
            Goodbye::LeaseEnded => {
                (LEASE_ENDED, format!("{lease} has ended, and its calls with it; connect again"))
            }
            Goodbye::ResumedElsewhere => {
                (RESUMED_ELSEWHERE, format!("{lease} was resumed by another connection"))
            }
            Goodbye::ServerStops => {
                (CloseCode::Away, format!("the server stops; connect again and resume {lease}"))
            }
        };
        self.socket.close(code, &reason).await;
    }

    async fn serve(&mut self) -> Goodbye {
        let app = Arc::clone(&self.engine.app);
        let mut stop = pin!(app.closed());
        let mut looks = ticks(LOOK_AT_ENGINE_EVERY);
        let mut tell_positions = ticks(TELL_POSITIONS_EVERY);
        loop {
            if let Err(goodbye) = self.send_all().await {
                return goodbye;
            }
            let takes_more = self.takes_more();
            let waits = self.ledger.waits_for_answer();
            let has_next = self.ledger.has_next();
            let has_line = self.ledger.has_line() && self.positions.is_none();
            let woke = tokio::select! {
                biased;
                () = &mut stop => Woke::Stop,
                _ = looks.tick() => Woke::Look,
                _ = self.renewals.tick(), if self.is_lease_open => Woke::Renew,
                _ = tell_positions.tick(), if has_line => Woke::TellPositions,
                positions = asked_for(&mut self.positions) => Woke::Positions(positions),
                // What follows is taken in each turn anyway, so it may stand behind what a busy client sends.
                heard = self.socket.hear(), if takes_more => Woke::Heard(heard),
                Some(done) = self.under_way.next() => Woke::Done(done),
                happened = self.watch.next(), if !waits && !has_next => Woke::Happened(happened),
                () = ready(()), if has_next => Woke::More,
            };
            match woke {
                Woke::Stop => {
                    self.finish().await;
                    return Goodbye::ServerStops;
                }
                Woke::Done(done) => self.take_in(done),
                Woke::More => {}
                Woke::Happened(Ok(event)) => self.hear(event),
                Woke::Happened(Err(why)) => return goodbye_of(why),
                Woke::Positions(positions) => self.tell_positions(positions),
                Woke::Look => match self.look(takes_more).await {
                    Ok(()) => {}
                    Err(goodbye) => return goodbye,
                },
                Woke::Renew => self.renew(),
                Woke::TellPositions => self.ask_for_positions(),
                Woke::Heard(Heard::Message(message)) => match self.take_message(&message) {
                    Ok(()) => {}
                    Err(goodbye) => return goodbye,
                },
                Woke::Heard(Heard::SignOfLife) => self.silent_looks = 0,
                Woke::Heard(Heard::Wrong(code, reason)) => return Goodbye::Wrong(code, reason),
                Woke::Heard(Heard::Gone) => return Goodbye::ClientLeft,
            }
            self.take_what_is_there();
        }
    }

    /// Whether another message may come: otherwise nothing is read, and the client feels it.
    fn takes_more(&self) -> bool {
        self.behind_resume.is_none()
            && self.under_way.len() < MESSAGES_UNDER_WAY
            && self.frames_under_way < FRAMES_UNDER_WAY
    }

    fn take_message(&mut self, message: &Utf8Bytes) -> Result<(), Goodbye> {
        self.silent_looks = 0;
        if !self.engine.app.keys.opens(&self.engine.credential) {
            return Err(Goodbye::KeyRevoked);
        }
        let mut frames = read(message);
        // A message counts as a request.
        if let Err(refusal) = self.engine.credential.known.note_use() {
            for frame in &mut frames {
                frame.asked = Err(refusal.clone());
            }
        }
        self.hand_in(frames.into());
        Ok(())
    }

    /// Has frames decided, up to a `resume`: what follows it needs the lease.
    fn hand_in(&mut self, mut frames: VecDeque<Frame>) {
        let mut batch = Batch::default();
        while let Some(Frame { reference, asked }) = frames.pop_front() {
            let action = match asked {
                // It has never been open, and whoever watched it would be told that somebody else does.
                Ok(Asked::Resume(lease, _)) if lease == self.lease && !self.is_lease_open => {
                    Err(Rejection::UnknownLease.into())
                }
                Ok(Asked::Resume(lease, calls)) if !self.has_started && !self.is_lease_open => {
                    self.decide(batch);
                    let engine = self.engine.clone();
                    self.under_way.push_back(Box::pin(async move {
                        Done::Resumed(reference, resume(&engine, lease, calls).await)
                    }));
                    self.behind_resume = Some(frames);
                    return;
                }
                Ok(Asked::Resume(..)) => Err(Refusal::invalid_field(
                    "op",
                    "`resume` comes before the first `start` of a connection, and once; connect again to resume another lease",
                )),
                Ok(Asked::Start(start)) => {
                    self.has_started = true;
                    batch.opens_lease |= !self.is_lease_open;
                    let action = Action::Start(start.id.clone());
                    let start = StartCall { lease: Some(self.lease.clone()), ..start };
                    batch.commands.push(self.engine.command(OrgCommand::StartCall(start)));
                    Ok(action)
                }
                Ok(Asked::Claim(call)) => {
                    let claim = OrgCommand::ClaimCall { call: call.clone() };
                    batch.commands.push(self.engine.command(claim));
                    Ok(Action::Claim(call))
                }
                Ok(Asked::End(call, note)) => {
                    let end = OrgCommand::EndCall { call: call.clone(), note };
                    batch.commands.push(self.engine.command(end));
                    Ok(Action::End(call))
                }
                Err(refusal) => Err(refusal),
            };
            if let Ok(action) = &action {
                self.ledger.hand_in(action.call());
            }
            batch.actions.push((reference, action));
        }
        self.decide(batch);
    }

    /// Hands a batch in, behind those before it.
    fn decide(&mut self, mut batch: Batch) {
        if batch.actions.is_empty() {
            return;
        }
        self.frames_under_way += batch.actions.len();
        if batch.opens_lease {
            // Until it is known to be open every batch opens it: the first may not have been decided.
            let lease = self.lease.clone();
            let open = OrgCommand::OpenLease { lease, ttl_ms: self.grace.as_secs() * 1000 };
            batch.commands.insert(0, self.engine.command(open));
        }
        let Batch { actions, commands, opens_lease } = batch;
        let engine = self.engine.clone();
        let decided = (!commands.is_empty()).then(|| engine.app.node.hand_in(commands));
        self.under_way.push_back(Box::pin(async move {
            let decisions = match decided {
                Some(decided) => decided.await,
                None => Ok(Decisions::new()),
            };
            answered(&engine, actions, decisions, opens_lease).await
        }));
    }

    /// Takes in what came of a message, and all that happened up to then.
    fn take_in(&mut self, done: Done) {
        match done {
            Done::Answers { answers, has_opened_lease } => {
                // Whatever happened up to these answers is there already.
                self.take_what_happened();
                self.frames_under_way -= answers.len();
                if has_opened_lease && !self.is_lease_open {
                    self.is_lease_open = true;
                    self.renewals.reset();
                }
                self.answer(answers);
            }
            Done::Resumed(reference, Ok(resumed)) => {
                for frame in resumed.frames(reference) {
                    self.outbox.push(&frame);
                }
                for CallView { call, wait } in &resumed.calls {
                    self.ledger.resume(call, wait.map(|wait| wait.position));
                }
                self.ledger.resumed(resumed.as_of);
                self.lease = resumed.lease;
                self.watch = resumed.watch;
                self.grace = Duration::from_millis(resumed.ttl_ms);
                self.is_lease_open = true;
                self.renewals = renewals(self.grace);
                self.go_on_behind_resume();
            }
            Done::Resumed(reference, Err(refusal)) => {
                self.outbox.push(&answer(reference, Err(refusal)));
                self.go_on_behind_resume();
            }
        }
    }

    fn go_on_behind_resume(&mut self) {
        if let Some(frames) = self.behind_resume.take() {
            self.hand_in(frames);
        }
    }

    fn answer(&mut self, answers: Vec<Answered>) {
        for Answered { reference, about, outcome } in answers {
            if let Some(id) = about {
                let stands = outcome.as_ref().ok().filter(|view| self.is_own(&view.call));
                let stands = stands.map(|view| (&view.call, view.wait.map(|wait| wait.position)));
                for call in self.ledger.answer(&id, stands) {
                    self.tell(&call);
                }
            }
            self.outbox.push(&answer(reference, outcome));
        }
    }

    /// Whether the lease vouches for a call, so that its engine is told of it.
    fn is_own(&self, call: &Call) -> bool {
        call.request.lease.as_ref() == Some(&self.lease)
    }

    fn tell(&mut self, call: &Call) {
        let json = Box::new(convert::call(call));
        self.outbox.push(&if call.is_queued() {
            ToldFrame::Queued { call: json }
        } else if call.is_active() {
            ToldFrame::Started { call: json }
        } else {
            ToldFrame::Ended { call: json }
        });
    }

    fn take_what_happened(&mut self) {
        self.has_fallen_behind |= self.ledger.waiting() > ENGINE_TOLD_LATER;
        while let Some(event) = self.watch.try_next() {
            self.hear(event);
        }
    }

    fn hear(&mut self, event: LeaseEvent) {
        if !self.is_lease_open {
            // Whatever became of the answer that would have said so: a lease that has calls is open.
            self.is_lease_open = true;
            self.renewals.reset();
        }
        self.ledger.hear(event);
    }

    /// Takes what is there without waiting, so that it goes in one message.
    fn take_what_is_there(&mut self) {
        while !self.outbox.is_full() {
            if let Some(call) = self.ledger.next() {
                self.tell(&call);
            } else if let Some(Some(done)) = self.under_way.next().now_or_never() {
                self.take_in(done);
            } else if self.ledger.waits_for_answer() {
                return;
            } else if let Some(event) = self.watch.try_next() {
                self.hear(event);
            } else {
                return;
            }
        }
    }

    async fn send_all(&mut self) -> Result<(), Goodbye> {
        for message in self.outbox.take() {
            if self.has_fallen_behind || self.watch.end() == Some(WatchEnd::FellBehind) {
                return Err(Goodbye::ClientTooSlow);
            }
            self.send(Message::Text(message)).await?;
        }
        Ok(())
    }

    /// Sends a message. Meanwhile the lease goes on: a client that takes its time is there.
    async fn send(&mut self, message: Message) -> Result<(), Goodbye> {
        let Self { socket, renewals, engine, lease, is_lease_open, .. } = self;
        let mut sending = pin!(socket.send(message));
        loop {
            tokio::select! {
                sent = &mut sending => return sent.map_err(goodbye_unless_taken),
                _ = renewals.tick(), if *is_lease_open => renew(engine, lease),
            }
        }
    }

    /// Looks whether the client is still there and may be, and asks it for a sign of life now and then.
    async fn look(&mut self, takes_more: bool) -> Result<(), Goodbye> {
        if !self.engine.app.keys.opens(&self.engine.credential) {
            return Err(Goodbye::KeyRevoked);
        }
        // Where no more is taken it could not be heard.
        self.silent_looks = if takes_more { self.silent_looks + 1 } else { 0 };
        if self.silent_looks > ENGINE_SILENT_LOOKS {
            return Err(Goodbye::ClientSilent);
        }
        self.looks += 1;
        if self.looks.is_multiple_of(LOOKS_PER_PING) {
            self.send(Message::Ping(Bytes::new())).await?;
        }
        Ok(())
    }

    fn renew(&self) {
        if self.is_lease_open {
            renew(&self.engine, &self.lease);
        }
    }

    fn ask_for_positions(&mut self) {
        let ids = self.ledger.next_in_line(POSITIONS_AT_A_TIME);
        if ids.is_empty() {
            return;
        }
        let Engine { app, org, .. } = self.engine.clone();
        self.positions = Some(Box::pin(async move {
            let look = app.node.read(move |shard, now| {
                let org = shard.org(&org);
                let wait = |id: CallId| {
                    let wait = org?.call(&id, now)?.wait?;
                    Some((id, wait))
                };
                ids.into_iter().filter_map(wait).collect()
            });
            look.await
        }));
    }

    fn tell_positions(&mut self, positions: Result<Waits, Unavailable>) {
        self.positions = None;
        self.take_what_happened();
        for (id, Wait { position, blocked_on, estimated_ms }) in positions.unwrap_or_default() {
            if self.ledger.is_new_position(&id, position) {
                self.outbox.push(&ToldFrame::Position {
                    id: id.to_string(),
                    position,
                    blocked_on: convert::blocked_on(blocked_on),
                    estimated_wait_ms: estimated_ms,
                });
            }
        }
    }

    /// Answers what was taken, before the server stops.
    async fn finish(&mut self) {
        let finishing = async {
            while let Some(done) = self.under_way.next().await {
                self.take_in(done);
            }
            let _ = self.send_all().await;
        };
        let _ = tokio::time::timeout(ENGINE_ANSWERS_WITHIN, finishing).await;
    }
}

/// Renews a lease. Nobody waits for it: a lease that has ended is heard of in another way, and one that could not be renewed
/// is tried again.
fn renew(engine: &Engine, lease: &LeaseId) {
    let renew = OrgCommand::RenewLease { lease: lease.clone(), sum: None };
    drop(engine.app.node.hand_in(vec![engine.command(renew)]));
}

/// What came of a batch, frame by frame.
async fn answered(
    engine: &Engine,
    actions: Vec<(Option<u64>, Result<Action, Refusal>)>,
    decisions: Result<Decisions, Unavailable>,
    opens_lease: bool,
) -> Done {
    let mut decisions = decisions.map(Vec::into_iter);
    let mut next = || -> Result<_, Unavailable> {
        match &mut decisions {
            Ok(decisions) => Ok(decisions.next().expect("every command was decided")),
            Err(unavailable) => Err(*unavailable),
        }
    };
    let has_opened_lease = opens_lease && matches!(next(), Ok(Ok(_) | Err(Rejection::LeaseExists)));
    let mut answers = Vec::with_capacity(actions.len());
    for (reference, action) in actions {
        let (about, outcome) = match action {
            Err(refusal) => (None, Err(refusal)),
            Ok(action) => {
                let about = action.call().clone();
                let outcome = match next() {
                    Err(unavailable) => Err(unavailable.into()),
                    Ok(decided) => outcome(engine, action, decided).await,
                };
                (Some(about), outcome)
            }
        };
        answers.push(Answered { reference, about, outcome });
    }
    Done::Answers { answers, has_opened_lease }
}

async fn outcome(
    engine: &Engine,
    action: Action,
    decided: Result<callslot_core::Reply, Rejection>,
) -> Result<CallView, Refusal> {
    let Engine { app, org, .. } = engine;
    match action {
        Action::Start(_) => Ok(call_reply(decided?).0),
        Action::Claim(call) => claimed(&app.node, org, call, decided).await,
        Action::End(call) => ended(&app.node, org, call, decided).await,
    }
}

fn answer(reference: Option<u64>, outcome: Result<CallView, Refusal>) -> AnswerFrame {
    let outcome = match outcome {
        Ok(view) => BatchResult::Call(Box::new(convert::call_view(&view))),
        Err(refusal) => BatchResult::Error(refusal.into_problem()),
    };
    AnswerFrame { reference, outcome }
}

/// Waits for what was asked for, or for ever.
async fn asked_for<T>(asked: &mut Option<BoxFuture<'static, T>>) -> T {
    match asked {
        Some(answer) => answer.await,
        None => pending().await,
    }
}

fn goodbye_of(why: WatchEnd) -> Goodbye {
    match why {
        WatchEnd::LeaseEnded => Goodbye::LeaseEnded,
        WatchEnd::Replaced => Goodbye::ResumedElsewhere,
        WatchEnd::FellBehind => Goodbye::ClientTooSlow,
        WatchEnd::NodeStopped => Goodbye::ServerStops,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where an error is mapped")]
fn goodbye_unless_taken(why: NotTaken) -> Goodbye {
    match why {
        NotTaken::TooSlow => Goodbye::ClientTooSlow,
        NotTaken::Gone => Goodbye::ClientLeft,
    }
}

/// Every third of a lease's life.
fn renewals(grace: Duration) -> Interval {
    ticks(grace / 3)
}

fn ticks(every: Duration) -> Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first one comes after the time, not at once.
    ticks.reset();
    ticks
}
