//! Compares the frames of one connection of an engine with what happened: the history of each call is complete, in order and
//! without duplicates, an answer has its place in it, and nothing is sent that is not durable.
//!
//! It knows the events of the log and the outcomes of the engine's own frames, and nothing about how a session works. Start
//! reading at [`StreamCheck::see`].

use std::collections::{BTreeMap, VecDeque};

use callslot_core::{
    Call, CallId, CallState, CallView, LeaseId, PublicEvent, Rejection, Sequence, Ticket, Wait,
};
use callslot_engine_stream::{
    Answers, Asked, Frame, LateResume, Resumed, ResumedLease, ServerFrame, Waits,
};
use callslot_node::Unavailable;

/// Why a frame was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    Rules(Rejection),
    Unavailable(Unavailable),
    LateResume,
}

impl From<Rejection> for Refused {
    fn from(rejection: Rejection) -> Self {
        Self::Rules(rejection)
    }
}

impl From<LateResume> for Refused {
    fn from(_: LateResume) -> Self {
        Self::LateResume
    }
}

/// The events of an organisation's calls that are durable, call by call.
#[derive(Debug, Default)]
pub(crate) struct CallHistories {
    /// How many public events were looked through.
    seen: usize,
    by_ticket: BTreeMap<Ticket, Vec<(Sequence, Call)>>,
}

impl CallHistories {
    /// Takes in what has been published since.
    pub(crate) fn catch_up(&mut self, published: &[(Sequence, PublicEvent)]) {
        for (sequence, event) in &published[self.seen..] {
            if let PublicEvent::Call(event) = event {
                let history = self.by_ticket.entry(event.request().ticket).or_default();
                history.push((*sequence, event.call()));
            }
        }
        self.seen = published.len();
    }

    fn of(&self, call: &Call) -> &[(Sequence, Call)] {
        self.by_ticket.get(&call.request.ticket).map_or(&[], Vec::as_slice)
    }

    /// Which of its events brought a call to where it is.
    fn place(&self, call: &Call) -> usize {
        let place = self.of(call).iter().position(|(_, then)| progress(then) == progress(call));
        place.unwrap_or_else(|| panic!("durable-before-told: {call:?} is in no record"))
    }
}

/// How far a call has come: a claim is no step.
fn progress(call: &Call) -> (u8, u8) {
    match &call.state {
        CallState::Queued(queued) => (0, queued.misses),
        CallState::Active(active) => (1, active.misses),
        CallState::Ended(_) => (2, 0),
    }
}

/// What an engine was told last of a call.
#[derive(Debug, Clone, Copy)]
struct Told {
    /// The place of the event.
    place: usize,
    position: Option<u64>,
}

/// Judges one connection.
#[derive(Debug)]
pub(crate) struct StreamCheck {
    lease: LeaseId,
    /// How many frames were seen.
    seen: u64,
    /// Whether the lease was open once, for all that this connection can know.
    was_open: bool,
    /// Whether a call was started or a lease resumed.
    is_in_use: bool,
    /// Whether the events of the lease come here no longer: the connection is about to be closed.
    is_replaced: bool,
    told: BTreeMap<Ticket, Told>,
    tickets: BTreeMap<CallId, Ticket>,
    /// The event that was told last.
    last: Sequence,
    /// What happened up to here the resumption has told.
    as_of: Sequence,
    /// Frames that were read and not answered, in order.
    unanswered: VecDeque<(Option<u64>, Asked)>,
    /// The outcomes of those that were decided, in order.
    outcomes: VecDeque<Result<CallView, Refused>>,
    resumed: Option<ResumedLease>,
    parts: Vec<Resumed>,
    /// The waits that were read and may be told, in order.
    waits: VecDeque<(CallId, Wait)>,
    /// How many calls a part of a resumption may hold.
    per_part: usize,
}

impl StreamCheck {
    pub(crate) fn new(lease: LeaseId, per_part: usize) -> Self {
        Self {
            lease,
            seen: 0,
            was_open: false,
            is_in_use: false,
            is_replaced: false,
            told: BTreeMap::new(),
            tickets: BTreeMap::new(),
            last: Sequence(0),
            as_of: Sequence(0),
            unanswered: VecDeque::new(),
            outcomes: VecDeque::new(),
            resumed: None,
            parts: Vec::new(),
            waits: VecDeque::new(),
            per_part,
        }
    }

    /// The server has read a message.
    pub(crate) fn hear(&mut self, frames: &[Frame<Refused>]) {
        for Frame { reference, asked } in frames {
            let asked = asked.clone().expect("every frame of a world can be read");
            self.unanswered.push_back((*reference, asked));
        }
    }

    /// The calls that the engine named when it resumed this lease.
    pub(crate) fn believed(&self, lease: &LeaseId) -> Vec<CallId> {
        let named = self.unanswered.iter().find_map(|(_, asked)| match asked {
            Asked::Resume(of, calls) if of == lease => Some(calls.clone()),
            Asked::Resume(..) | Asked::Start(_) | Asked::Claim(_) | Asked::End(..) => None,
        });
        named.expect("a lease is resumed that the engine named")
    }

    /// A batch was decided.
    pub(crate) fn note_answers(&mut self, Answers { opened, answers }: &Answers<Refused>) {
        self.was_open |= matches!(opened, Some(Ok(()) | Err(Rejection::LeaseExists)));
        self.outcomes.extend(answers.iter().map(|answered| answered.outcome.clone()));
    }

    /// A lease was resumed, or not.
    pub(crate) fn note_resumed(&mut self, resumed: &Result<ResumedLease, Refused>) {
        match resumed {
            Ok(resumed) => {
                self.is_replaced = false;
                self.resumed = Some(resumed.clone());
            }
            Err(refused) => self.outcomes.push_back(Err(refused.clone())),
        }
    }

    /// The events of the lease come here no longer.
    pub(crate) fn note_replaced(&mut self) {
        self.is_replaced = true;
    }

    /// Positions were read.
    pub(crate) fn note_waits(&mut self, waits: &Waits) {
        self.waits.extend(waits.iter().cloned());
    }

    /// Whether every frame that was read is answered.
    pub(crate) fn is_all_answered(&self) -> bool {
        self.unanswered.is_empty()
    }

    /// Judges a frame of the server.
    pub(crate) fn see(&mut self, frame: &ServerFrame<Refused>, histories: &CallHistories) {
        let is_hello = matches!(frame, ServerFrame::Hello { .. });
        assert_eq!(is_hello, self.seen == 0, "`hello` comes first, and once");
        self.seen += 1;
        match frame {
            ServerFrame::Hello { lease, .. } => assert_eq!(*lease, self.lease),
            ServerFrame::Answer { reference, outcome } => {
                self.see_answer(*reference, outcome, histories);
            }
            ServerFrame::Resumed(part) => self.see_part(part, histories),
            ServerFrame::Told(call) => self.see_told(call, histories),
            ServerFrame::Position { id, wait } => self.see_position(id, *wait, histories),
        }
    }

    /// When nothing is on its way, the engine knows all that has happened to the calls of the lease.
    pub(crate) fn check_complete(&self, histories: &CallHistories) {
        assert!(self.is_all_answered(), "never answered: {:?}", self.unanswered);
        for (ticket, history) in &histories.by_ticket {
            let (sequence, call) = history.last().expect("a call has an event");
            if call.request.lease.as_ref() != Some(&self.lease) {
                continue;
            }
            if let Some(told) = self.told.get(ticket) {
                assert_eq!(told.place + 1, history.len(), "never told: {call:?}");
            } else {
                let is_past = call.is_ended() && *sequence <= self.as_of;
                assert!(is_past, "nothing was told of {call:?}");
            }
        }
    }

    fn see_answer(
        &mut self,
        reference: Option<u64>,
        outcome: &Result<CallView, Refused>,
        histories: &CallHistories,
    ) {
        let (number, asked) = self.unanswered.pop_front().expect("an answer is to a frame");
        assert_eq!(reference, number, "answers come in the order of the frames");
        let expected = self.outcomes.pop_front().expect("only what was decided is answered");
        assert_eq!(*outcome, expected, "the answer to {asked:?}, right what was decided");
        match outcome {
            Ok(view) if view.call.request.lease.as_ref() == Some(&self.lease) => {
                self.see_call(view, histories);
            }
            Err(Refused::LateResume) => {
                let is_late = self.is_in_use && matches!(asked, Asked::Resume(..));
                assert!(is_late, "{asked:?} came in time");
            }
            Err(Refused::Rules(Rejection::UnknownLease)) if matches!(asked, Asked::Start(_)) => {
                assert!(self.was_open, "the first start opens the lease: {asked:?}");
            }
            Ok(_) | Err(Refused::Rules(_) | Refused::Unavailable(_)) => {}
        }
        self.is_in_use |= matches!(asked, Asked::Start(_));
    }

    /// An answer shows a call of the lease: as it was told last, or as the next event left it.
    fn see_call(&mut self, view: &CallView, histories: &CallHistories) {
        let place = histories.place(&view.call);
        let told = self.told.get(&view.call.request.ticket);
        if told.is_some_and(|told| told.place == place) {
            return;
        }
        let happened_at = histories.of(&view.call)[place].0;
        if told.is_none() && view.call.is_ended() && happened_at <= self.as_of {
            return;
        }
        let next = told.map_or(0, |told| told.place + 1);
        if self.is_replaced {
            // Some events may have gone to the connection that carries the lease now.
            assert!(place >= next, "an answer repeats events of {:?}", view.call);
            return self.note_told(&view.call, Told { place, position: None });
        }
        assert_eq!(place, next, "an answer left out or repeated events of {:?}", view.call);
        self.take(&view.call, place, view.wait.map(|wait| wait.position), histories);
    }

    fn see_told(&mut self, call: &Call, histories: &CallHistories) {
        assert_eq!(call.request.lease.as_ref(), Some(&self.lease), "only calls of the lease");
        let next = self.told.get(&call.request.ticket).map_or(0, |told| told.place + 1);
        let event = histories.of(call).get(next).map(|(_, call)| call);
        assert_eq!(event, Some(call), "left the call's next event, right what is told");
        self.take(call, next, None, histories);
    }

    fn take(
        &mut self,
        call: &Call,
        place: usize,
        position: Option<u64>,
        histories: &CallHistories,
    ) {
        let sequence = histories.of(call)[place].0;
        assert!(self.last < sequence, "{call:?} was told behind what happened later");
        self.last = sequence;
        self.note_told(call, Told { place, position });
    }

    fn note_told(&mut self, call: &Call, told: Told) {
        self.was_open = true;
        self.told.insert(call.request.ticket, told);
        self.tickets.insert(call.request.id.clone(), call.request.ticket);
    }

    fn see_position(&mut self, id: &CallId, wait: Wait, histories: &CallHistories) {
        let told =
            self.tickets.get(id).and_then(|ticket| self.told.get_mut(ticket).zip(Some(ticket)));
        let (told, ticket) = told.unwrap_or_else(|| panic!("a position of {id}, never told of"));
        let (_, call) = &histories.by_ticket[ticket][told.place];
        assert!(call.is_queued(), "a position of a call that has left the queue: {call:?}");
        assert_ne!(told.position, Some(wait.position), "a position is told when it changes");
        told.position = Some(wait.position);
        let is_read = self.waits.iter().position(|read| *read == (id.clone(), wait));
        let place = is_read.unwrap_or_else(|| panic!("a position that was never read: {wait:?}"));
        self.waits.drain(..=place);
    }

    fn see_part(&mut self, part: &Resumed, histories: &CallHistories) {
        let items = part.calls.len() + part.ended.len() + part.unknown.len();
        assert!(items <= self.per_part, "a part holds {items} calls");
        self.parts.push(part.clone());
        if part.more {
            return;
        }
        let (number, asked) = self.unanswered.pop_front().expect("a resumption is an answer");
        assert!(matches!(asked, Asked::Resume(..)), "{asked:?} is not answered so");
        let resumed = self.resumed.take().expect("only what was resumed is told");
        let parts = std::mem::take(&mut self.parts);
        for part in &parts {
            assert_eq!((part.reference, &part.lease), (number, &resumed.lease));
            assert_eq!(part.grace_s, resumed.ttl_ms / 1000);
        }
        let all = |of: fn(&Resumed) -> &[CallView]| parts.iter().flat_map(of).cloned().collect();
        let (calls, ended): (Vec<_>, Vec<_>) = (all(|it| &it.calls), all(|it| &it.ended));
        let unknown: Vec<_> = parts.iter().flat_map(|it| it.unknown.clone()).collect();
        let told = (&calls, &ended, &unknown);
        assert_eq!(told, (&resumed.calls, &resumed.ended, &resumed.unknown), "left what is told");
        self.lease = resumed.lease;
        (self.was_open, self.is_in_use) = (true, true);
        (self.as_of, self.last) = (resumed.as_of, Sequence(0));
        self.told.clear();
        for CallView { call, wait } in &calls {
            let position = wait.map(|wait| wait.position);
            self.note_told(call, Told { place: histories.place(call), position });
        }
    }
}
