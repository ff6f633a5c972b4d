//! One connection of a call engine: frames become commands, and outcomes and events become frames.
//!
//! It decides which frames are sent, in which order, and when the connection ends. It never waits, and knows no socket, clock,
//! task or JSON. Start reading at [`Session`]; `delivery.rs` ensures that events are sent once and in order.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use callslot_core::{Call, CallView, LeaseId, Rejection, StartCall};
use callslot_node::{LeaseEvent, WatchEnd};

use crate::close::{Cause, Goodbye};
use crate::delivery::{Delivery, Outcome};
use crate::frames::{Asked, Frame, LateResume, ServerFrame};
use crate::limits::{ANSWERS_WITHIN, Limits, TAKES_WITHIN, TELL_POSITIONS_EVERY};
use crate::liveness::Liveness;
use crate::resume::{Resume, ResumedLease};
use crate::work::{Action, Answered, Answers, Batch, Waits, Work};

/// One connection of an engine, whose refusals are `R`.
///
/// Its methods are of two kinds: `handle_*` says what has happened, `poll_*` and `wants_*` ask what it wants. After each
/// `handle_*`, in this order:
///
/// 1. [`Session::poll_frame`] until there is none or a message is full. When there is none, hand in what is available without
///    waiting: outcomes if it [`Session::wants_outcomes`], events if it [`Session::wants_event`]. Start sending the message
///    and call [`Session::handle_sending`], or send a ping if [`Session::poll_ping`] says so.
/// 2. [`Session::poll_goodbye`], then [`Session::poll_work`] until there is none. After a goodbye the connection is over.
/// 3. Wait for the first of the things that it wants, and for [`Session::next_timer`].
///
/// Outcomes are handed in in the order in which [`Session::poll_work`] gave the work. Outcomes and positions come with the
/// events that happened up to them, which are those available at the same time. `at` goes back where the system's clock
/// was set back.
///
/// ```
/// use callslot_core::{CallId, Rejection};
/// use callslot_engine_stream::{
///     Answered, Answers, Asked, Effect, Frame, LateResume, Limits, ServerFrame, Session, Work,
/// };
///
/// #[derive(Debug)]
/// enum Refused {
///     Rules(Rejection),
///     Late(LateResume),
/// }
/// # impl From<Rejection> for Refused { fn from(it: Rejection) -> Self { Self::Rules(it) } }
/// # impl From<LateResume> for Refused { fn from(it: LateResume) -> Self { Self::Late(it) } }
///
/// let at = callslot_node::instant_now().into_std();
/// let lease = callslot_core::LeaseId::parse("lease_1").expect("an id");
/// let mut session = Session::<Refused>::new(at, lease, 30, Limits::default());
/// assert!(matches!(session.poll_frame(), Some(ServerFrame::Hello { grace_s: 30, .. })));
///
/// // A message has come: its frames are decided together.
/// let call = CallId::parse("sip-1").expect("an id");
/// session.handle_message(vec![Frame { reference: Some(1), asked: Ok(Asked::End(call, None)) }]);
/// let Some(Work::Decide(batch)) = session.poll_work() else { panic!("frames are to be decided") };
///
/// // The node has decided them; nothing happened meanwhile.
/// let answers = batch.actions.into_iter().map(|(reference, action)| {
///     let call = action.expect("it was not refused").call().clone();
///     let outcome = Err(Rejection::UnknownCall { call: call.clone() }.into());
///     Answered { reference, about: Some(call), effect: Effect::None, outcome }
/// });
/// let answers = Answers { opened: None, answers: answers.collect() };
/// session.handle_answers(at, std::iter::empty(), answers);
/// assert!(matches!(session.poll_frame(), Some(ServerFrame::Answer { reference: Some(1), .. })));
///
/// // The engine has left. Its lease was never opened, so nothing is renewed.
/// session.handle_gone();
/// assert!(session.poll_goodbye().is_some() && session.poll_work().is_none());
/// ```
#[derive(Debug)]
pub struct Session<R> {
    limits: Limits,
    lease: LeaseId,
    grace: Duration,
    /// Whether a `start` or an `adopt` was taken, which puts the lease to use.
    is_in_use: bool,
    /// When the lease is renewed; none while it is not known to be open.
    renew_at: Option<Instant>,
    delivery: Delivery,
    /// Frames that precede the next event.
    frames: VecDeque<ServerFrame<R>>,
    work: VecDeque<Work<R>>,
    /// Batches that are being decided, and resumptions.
    batches_under_way: usize,
    frames_under_way: usize,
    resuming: Option<Resuming<R>>,
    is_looking_at_positions: bool,
    /// When the message was begun that the client has not taken yet.
    sending_since: Option<Instant>,
    liveness: Liveness,
    tell_positions_at: Instant,
    /// When what was taken must be answered, as the server stops.
    stop_by: Option<Instant>,
    end: Option<Cause>,
}

/// A `resume` that is under way.
#[derive(Debug)]
struct Resuming<R> {
    reference: Option<u64>,
    /// The frames that came behind it: they need the lease.
    behind: VecDeque<Frame<R>>,
}

impl<R: From<Rejection> + From<LateResume>> Session<R> {
    /// A connection that has just been opened, with a lease that nobody else knows.
    #[must_use]
    pub fn new(at: Instant, lease: LeaseId, grace_s: u64, limits: Limits) -> Self {
        let grace = Duration::from_secs(grace_s);
        Self {
            limits,
            frames: VecDeque::from([ServerFrame::Hello { lease: lease.clone(), grace_s }]),
            lease,
            grace,
            is_in_use: false,
            renew_at: None,
            delivery: Delivery::default(),
            work: VecDeque::new(),
            batches_under_way: 0,
            frames_under_way: 0,
            resuming: None,
            is_looking_at_positions: false,
            sending_since: None,
            liveness: Liveness::new(at),
            tell_positions_at: at + TELL_POSITIONS_EVERY,
            stop_by: None,
            end: None,
        }
    }

    /// A message has come, with these frames.
    pub fn handle_message(&mut self, frames: Vec<Frame<R>>) {
        self.liveness.note_sign();
        self.hand_in(frames.into());
    }

    /// A ping or a pong has come.
    pub fn handle_sign_of_life(&mut self) {
        self.liveness.note_sign();
    }

    /// The client has closed the connection, or it broke.
    pub fn handle_gone(&mut self) {
        self.end(Cause::ClientLeft);
    }

    /// The client sent something that the protocol does not allow: the connection is closed with this code and reason.
    pub fn handle_violation(&mut self, code: u16, reason: &'static str) {
        self.end(Cause::Violation(code, reason));
    }

    /// The key may no longer be used, or the browser has signed out.
    pub fn handle_revocation(&mut self) {
        self.end(Cause::KeyRevoked);
    }

    /// A batch was decided; `happened` is all that happened up to then.
    pub fn handle_answers(
        &mut self,
        at: Instant,
        happened: impl Iterator<Item = LeaseEvent>,
        Answers { opened, answers }: Answers<R>,
    ) {
        self.take_what_happened(at, happened);
        self.batches_under_way -= 1;
        self.frames_under_way -= answers.len();
        if matches!(opened, Some(Ok(()) | Err(Rejection::LeaseExists))) {
            self.note_open_lease(at);
        }
        for Answered { reference, about, effect, outcome } in answers {
            if let Some(id) = about {
                let said = match &outcome {
                    Ok(CallView { call, wait }) if self.is_own(call) => {
                        Outcome::Own(call, effect, wait.map(Into::into))
                    }
                    Ok(_) => Outcome::Others,
                    Err(_) => Outcome::Refused,
                };
                let before = self.delivery.answer(&id, said);
                let before: Vec<_> = before.into_iter().map(|call| self.told(call)).collect();
                self.frames.extend(before);
            }
            self.frames.push_back(ServerFrame::Answer { reference, outcome });
        }
    }

    /// A lease was resumed, or the `resume` refused. From now on events are those of the resumed lease.
    pub fn handle_resumed(&mut self, at: Instant, resumed: Result<ResumedLease, R>) {
        self.batches_under_way -= 1;
        let Some(Resuming { reference, behind }) = self.resuming.take() else { return };
        match resumed {
            Ok(resumed) => {
                let frames = resumed.frames(reference, self.limits.resumed_calls_per_frame);
                self.frames.extend(frames.into_iter().map(ServerFrame::Resumed));
                for CallView { call, wait } in &resumed.calls {
                    self.delivery.resume(call, wait.map(Into::into));
                }
                self.delivery.resumed(resumed.as_of);
                self.lease = resumed.lease;
                self.grace = Duration::from_millis(resumed.ttl_ms);
                self.renew_at = Some(at + renewal(self.grace));
            }
            Err(refusal) => {
                self.frames.push_back(ServerFrame::Answer { reference, outcome: Err(refusal) });
            }
        }
        self.hand_in(behind);
    }

    /// Something happened to a call of the lease, or there will be no more events.
    pub fn handle_event(&mut self, at: Instant, happened: Result<LeaseEvent, WatchEnd>) {
        match happened {
            Ok(event) => {
                // Even if no answer has said so: a lease that has calls is open.
                self.note_open_lease(at);
                if self.is_own(&event.call) {
                    self.delivery.hear(event);
                } else {
                    self.delivery.hear_of_loss(event);
                }
            }
            Err(WatchEnd::LeaseEnded) => self.end(Cause::LeaseEnded),
            Err(WatchEnd::Replaced) => self.end(Cause::ResumedElsewhere),
            Err(WatchEnd::FellBehind) => self.end(Cause::ClientTooSlow),
            Err(WatchEnd::NodeStopped) => self.end(Cause::ServerStops),
        }
    }

    /// Queued calls were looked up; `happened` is all that happened up to then.
    pub fn handle_positions(
        &mut self,
        at: Instant,
        happened: impl Iterator<Item = LeaseEvent>,
        waits: Waits,
    ) {
        self.is_looking_at_positions = false;
        self.take_what_happened(at, happened);
        for view in waits {
            let Some(wait) = view.wait else { continue };
            if self.delivery.is_new_place(&view.call.request.id, wait.into()) {
                self.frames.push_back(ServerFrame::Position(Box::new(view)));
            }
        }
    }

    /// A message or a ping is on its way to the client.
    pub fn handle_sending(&mut self, at: Instant) {
        self.sending_since = Some(at);
    }

    /// The client has taken it.
    pub fn handle_sent(&mut self) {
        self.sending_since = None;
    }

    /// Time has gone by.
    pub fn handle_timer(&mut self, at: Instant) {
        if self.renew_at.is_some_and(|renew_at| at >= renew_at) {
            self.renew_at = Some(at + renewal(self.grace));
            self.work.push_back(Work::Renew(self.lease.clone()));
        }
        if self.stop_by.is_some_and(|by| at >= by) {
            self.end(Cause::ServerStops);
        }
        if let Some(since) = self.sending_since {
            if at >= since + TAKES_WITHIN {
                self.end(Cause::ClientTooSlow);
            }
            return;
        }
        // A client whose messages are not read cannot be heard.
        if self.liveness.is_gone(at, self.takes_more()) {
            self.end(Cause::ClientSilent);
        }
        if self.has_line() && at >= self.tell_positions_at {
            self.tell_positions_at = at + TELL_POSITIONS_EVERY;
            let ids = self.delivery.next_in_line(self.limits.positions_at_a_time);
            if !ids.is_empty() {
                self.is_looking_at_positions = true;
                self.work.push_back(Work::LookAtPositions(ids));
            }
        }
    }

    /// The server stops: no more messages are read, and those that were read are answered, if that does not take long.
    pub fn handle_stop(&mut self, at: Instant) {
        self.stop_by = Some(at + ANSWERS_WITHIN);
    }

    /// The next frame to send; none while a message is on its way.
    pub fn poll_frame(&mut self) -> Option<ServerFrame<R>> {
        if !self.is_free() {
            return None;
        }
        if let Some(frame) = self.frames.pop_front() {
            return Some(frame);
        }
        let call = self.delivery.next()?;
        Some(self.told(call))
    }

    /// Whether the client is to be asked for a sign of life.
    pub fn poll_ping(&mut self) -> bool {
        self.is_free() && self.liveness.takes_ping()
    }

    /// What is to be done next.
    pub fn poll_work(&mut self) -> Option<Work<R>> {
        self.work.pop_front()
    }

    /// How the connection ends, once it does. [`Session::poll_work`] has the work that is still to be done then.
    pub fn poll_goodbye(&mut self) -> Option<Goodbye> {
        let is_all_said = self.batches_under_way == 0 && self.is_free() && !self.has_frame();
        if self.stop_by.is_some() && is_all_said {
            self.end(Cause::ServerStops);
        }
        self.end.map(|cause| cause.goodbye(&self.lease))
    }

    /// When [`Session::handle_timer`] is to be called next.
    #[must_use]
    pub fn next_timer(&self) -> Instant {
        let first = match self.sending_since {
            Some(since) => since + TAKES_WITHIN,
            None if self.has_line() => self.liveness.look_at().min(self.tell_positions_at),
            None => self.liveness.look_at(),
        };
        [self.renew_at, self.stop_by].into_iter().flatten().fold(first, Instant::min)
    }

    /// Whether a message of the client is to be read. While it is not, the client feels the back-pressure.
    #[must_use]
    pub fn wants_message(&self) -> bool {
        self.is_free() && self.takes_more()
    }

    /// Whether outcomes are to be handed in.
    #[must_use]
    pub fn wants_outcomes(&self) -> bool {
        self.is_free()
    }

    /// Whether an event is to be handed in, or the end of the events.
    #[must_use]
    pub fn wants_event(&self) -> bool {
        self.is_free()
            && self.stop_by.is_none()
            && !self.delivery.waits_for_answer()
            && !self.delivery.has_next()
    }

    /// Whether anything is awaited of the socket: that the client has taken a message, or that it sends one.
    #[must_use]
    pub fn wants_socket(&self) -> bool {
        self.sending_since.is_some() || self.wants_message()
    }

    /// Whether [`Session::poll_frame`] has a frame.
    #[must_use]
    pub fn has_frame(&self) -> bool {
        self.is_free() && (!self.frames.is_empty() || self.delivery.has_next())
    }

    /// The lease that the connection carries.
    #[must_use]
    pub fn lease(&self) -> &LeaseId {
        &self.lease
    }

    /// While a message is on its way, only the lease is renewed: a slow client is still there.
    fn is_free(&self) -> bool {
        self.sending_since.is_none() && self.end.is_none()
    }

    fn takes_more(&self) -> bool {
        self.resuming.is_none()
            && self.stop_by.is_none()
            && self.batches_under_way < self.limits.batches_under_way
            && self.frames_under_way < self.limits.frames_under_way
    }

    fn has_line(&self) -> bool {
        self.delivery.has_line() && !self.is_looking_at_positions
    }

    /// Has frames decided in batches of a bounded size, up to a `resume`: what follows it needs the lease.
    fn hand_in(&mut self, mut frames: VecDeque<Frame<R>>) {
        let mut batch = Batch::default();
        while let Some(Frame { reference, asked }) = frames.pop_front() {
            if batch.actions.len() >= self.limits.frames_per_batch {
                self.decide(std::mem::take(&mut batch));
            }
            let action = match asked {
                Ok(Asked::Resume(lease, calls)) if !self.is_in_use && !self.is_lease_open() => {
                    self.decide(batch);
                    self.batches_under_way += 1;
                    self.work.push_back(Work::Resume(Resume::new(lease, calls, &self.limits)));
                    self.resuming = Some(Resuming { reference, behind: frames });
                    return;
                }
                Ok(Asked::Resume(..)) => Err(LateResume.into()),
                Ok(Asked::Start(start)) => {
                    self.put_lease_to_use(&mut batch);
                    Ok(Action::Start(StartCall { lease: Some(self.lease.clone()), ..start }))
                }
                Ok(Asked::Adopt(call)) => {
                    self.put_lease_to_use(&mut batch);
                    Ok(Action::Adopt(call, self.lease.clone()))
                }
                Ok(Asked::Claim(call)) => Ok(Action::Claim(call, self.lease.clone())),
                Ok(Asked::Decline(decline)) => Ok(Action::Decline(decline)),
                Ok(Asked::End(call, note)) => Ok(Action::End(call, note)),
                Err(refusal) => Err(refusal),
            };
            if let Ok(action) = &action {
                self.delivery.hand_in(action.call());
            }
            batch.actions.push((reference, action));
        }
        self.decide(batch);
    }

    /// Notes that a frame of the batch needs the lease.
    fn put_lease_to_use(&mut self, batch: &mut Batch<R>) {
        self.is_in_use = true;
        if !self.is_lease_open() {
            // Each batch opens it until it is known to be open: the first may not have been decided.
            batch.opens = Some((self.lease.clone(), self.grace.as_secs() * 1000));
        }
    }

    fn decide(&mut self, batch: Batch<R>) {
        if !batch.actions.is_empty() {
            self.batches_under_way += 1;
            self.frames_under_way += batch.actions.len();
            self.work.push_back(Work::Decide(batch));
        }
    }

    fn is_lease_open(&self) -> bool {
        self.renew_at.is_some()
    }

    fn note_open_lease(&mut self, at: Instant) {
        let grace = self.grace;
        self.renew_at.get_or_insert_with(|| at + renewal(grace));
    }

    fn take_what_happened(&mut self, at: Instant, happened: impl Iterator<Item = LeaseEvent>) {
        if self.delivery.waiting() > self.limits.told_later {
            self.end(Cause::ClientTooSlow);
        }
        happened.for_each(|event| self.handle_event(at, Ok(event)));
    }

    /// The frame that tells of a call as it is after an event.
    fn told(&self, call: Call) -> ServerFrame<R> {
        if self.is_own(&call) { ServerFrame::Told(call) } else { ServerFrame::Lost(call) }
    }

    /// Whether a call is of the lease, so that the engine is notified of it.
    fn is_own(&self, call: &Call) -> bool {
        call.request.lease.as_ref() == Some(&self.lease)
    }

    /// Ends the connection, unless it has ended before.
    fn end(&mut self, cause: Cause) {
        if self.end.is_none() {
            self.end = Some(cause);
            if self.is_lease_open() && cause.keeps_lease() {
                self.work.push_back(Work::Renew(self.lease.clone()));
            }
        }
    }
}

/// A lease is renewed every third of its life.
fn renewal(grace: Duration) -> Duration {
    grace / 3
}

#[cfg(test)]
mod tests;
