//! Compares the frames of one connection of an engine with what happened: the history of each call is complete, in order and
//! without duplicates, an answer has its place in it, and nothing is sent that is not durable.
//!
//! It knows the events of the log and the outcomes of the engine's own frames, and nothing about how a session works. Start
//! reading at [`StreamCheck::see`].

use std::collections::{BTreeMap, VecDeque};

use callslot_core::{
    BlockedBy, BlockedOn, Call, CallId, CallView, LeaseId, Rejection, Sequence, Ticket, Wait,
};
use callslot_engine_stream::{
    Answers, Asked, Frame, LateResume, Resumed, ResumedLease, ServerFrame, Waits,
};
use callslot_node::Unavailable;

use crate::judge::call_histories::{CallHistories, Moment};

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

/// What an engine was told last of a call.
#[derive(Debug, Clone)]
struct Told {
    /// The places of the events that may be the one.
    places: Vec<usize>,
    /// Whether a resumption said so, which shows what is and not what brought it about.
    is_resumed: bool,
    place: Option<Place>,
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
    /// How many calls were told that the lease adopted elsewhere.
    pub(crate) gained: u32,
    /// The calls that were told to be another lease's, with the places of the events that may be the one.
    lost: BTreeMap<Ticket, Vec<usize>>,
    tickets: BTreeMap<CallId, Ticket>,
    /// The event that was told last.
    last: Moment,
    /// What happened up to here the resumption has told.
    as_of: Sequence,
    /// Frames that were read and not answered, in order.
    unanswered: VecDeque<(Option<u64>, Asked)>,
    /// The outcomes of those that were decided, in order.
    outcomes: VecDeque<Result<CallView, Refused>>,
    resumed: Option<ResumedLease>,
    parts: Vec<Resumed>,
    /// The waits that were read and may be told, in order.
    waits: VecDeque<CallView>,
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
            gained: 0,
            lost: BTreeMap::new(),
            tickets: BTreeMap::new(),
            last: Moment::default(),
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
            Asked::Resume(..)
            | Asked::Start(_)
            | Asked::Adopt(_)
            | Asked::Claim(_)
            | Asked::Decline(_)
            | Asked::End(..) => None,
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
            ServerFrame::Lost(call) => self.see_lost(call, histories),
            ServerFrame::Position(view) => self.see_position(view, histories),
        }
    }

    /// When nothing is on its way, the engine knows all that has happened to the calls of the lease.
    pub(crate) fn check_complete(&self, histories: &CallHistories) {
        assert!(self.is_all_answered(), "never answered: {:?}", self.unanswered);
        for (ticket, history) in histories.iter() {
            let (moment, call) = history.last().expect("a call has an event");
            let told = self.told.get(ticket);
            if call.request.lease.as_ref() != Some(&self.lease) {
                // One that has ended since is another's news.
                assert!(told.is_none(), "never told that it is another lease's: {call:?}");
                continue;
            }
            if let Some(told) = told {
                let is_told = told.places.contains(&(history.len() - 1));
                assert!(is_told, "never told: {call:?}, but {told:?} of {history:?}");
            } else {
                let is_past = call.is_ended() && moment.sequence <= self.as_of;
                // Who started a call that never was live had it in the answer.
                let never_was_live = call.is_ended() && history.len() == 1;
                assert!(is_past || never_was_live, "nothing was told of {call:?}");
            }
        }
    }

    /// When the lease is gone, the engine knows the end of each call that it knew as the lease's.
    pub(crate) fn check_ends_told(&self, histories: &CallHistories) {
        for (ticket, told) in &self.told {
            let last = told.places.last().expect("a call that was told has a place");
            let call = histories.at(*ticket, *last);
            assert!(call.is_ended(), "never told that it ended with its lease: {call:?}");
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
            Err(Refused::Rules(Rejection::UnknownLease)) if needs_lease(&asked) => {
                assert!(self.was_open, "the first that needs the lease opens it: {asked:?}");
            }
            Ok(CallView { call, .. }) => {
                let is_told = self.is_replaced || !self.told.contains_key(&call.request.ticket);
                assert!(
                    is_told,
                    "answered before it was told that it is another lease's: {call:?}"
                );
            }
            Err(Refused::Rules(_) | Refused::Unavailable(_)) => {}
        }
        self.is_in_use |= needs_lease(&asked);
    }

    /// An answer shows a call of the lease: as it was told last, or as the next event left it.
    fn see_call(&mut self, CallView { call, wait }: &CallView, histories: &CallHistories) {
        let places = histories.places(call);
        let told = self.told.get(&call.request.ticket);
        if told.is_some_and(|told| places.iter().any(|place| told.places.contains(place))) {
            return;
        }
        let history = histories.of(call);
        let is_past = places.iter().all(|&place| history[place].0.sequence <= self.as_of);
        // One that never was live is told in answers alone, which another connection may have got first.
        let never_was_live = history.len() == 1;
        if told.is_none() && call.is_ended() && (is_past || never_was_live) {
            return;
        }
        if self.is_replaced {
            // Some events may have gone to the connection that carries the lease now.
            let after = told.map(|told| &told.places).or(self.lost.get(&call.request.ticket));
            let first = after.map_or(0, |places| places[0] + 1);
            let places: Vec<_> = places.into_iter().filter(|&place| place >= first).collect();
            assert!(!places.is_empty(), "an answer repeats events of {call:?}");
            return self.note_told(call, Told { places, is_resumed: false, place: None });
        }
        let next = self.next_places(call, &places, histories);
        assert!(!next.is_empty(), "an answer left out or repeated events of {call:?}");
        self.take(call, next, wait.map(place_of), histories);
    }

    fn see_told(&mut self, call: &Call, histories: &CallHistories) {
        assert_eq!(call.request.lease.as_ref(), Some(&self.lease), "only calls of the lease");
        let is_gain = !self.told.contains_key(&call.request.ticket);
        let mut next = self.next_places(call, &histories.places(call), histories);
        next.retain(|&place| histories.of(call)[place].1 == *call);
        assert!(!next.is_empty(), "no next event of a call: {call:?}, of {:?}", histories.of(call));
        self.gained += u32::from(is_gain && next[0] > 0);
        self.take(call, next, None, histories);
    }

    /// A call that the engine knew is another lease's now.
    fn see_lost(&mut self, call: &Call, histories: &CallHistories) {
        let ticket = call.request.ticket;
        assert_ne!(call.request.lease.as_ref(), Some(&self.lease), "it is still the lease's");
        let told = self.told.remove(&ticket).unwrap_or_else(|| panic!("it never was: {call:?}"));
        let history = histories.of(call);
        let is_next = |&place: &usize| {
            let are_adoptions = |&from: &usize| {
                from < place
                    && history[from + 1..place].iter().all(|(moment, _)| moment.adoptions > 0)
            };
            // It may have come back before the resumption looked.
            let is_covered = told.is_resumed && history[place].0.sequence <= self.as_of;
            history[place].1 == *call && (is_covered || told.places.iter().any(are_adoptions))
        };
        let mut places = histories.places(call);
        places.retain(is_next);
        assert!(!places.is_empty(), "events of {call:?} were left out: {told:?} of {history:?}");
        self.pass(call, &mut places, histories);
        self.lost.insert(ticket, places);
    }

    /// Which of a call's events at `places` may be told next.
    fn next_places(&self, call: &Call, places: &[usize], histories: &CallHistories) -> Vec<usize> {
        let ticket = &call.request.ticket;
        let history = histories.of(call);
        let is_next = |&place: &usize| {
            let follows = |after: &[usize]| place > 0 && after.contains(&(place - 1));
            match (self.told.get(ticket), self.lost.get(ticket)) {
                (Some(told), _) => follows(&told.places),
                // The engine does not know of it: an adoption may make it the lease's.
                (None, Some(lost)) => history[place].0.adoptions > 0 && place > lost[0],
                (None, None) => history[place].0.adoptions > 0 || place == 0,
            }
        };
        places.iter().copied().filter(is_next).collect()
    }

    fn take(
        &mut self,
        call: &Call,
        mut places: Vec<usize>,
        place: Option<Place>,
        histories: &CallHistories,
    ) {
        self.pass(call, &mut places, histories);
        self.note_told(call, Told { places, is_resumed: false, place });
    }

    /// One of a call's events at `places` was told: only those remain that come behind what was told before.
    fn pass(&mut self, call: &Call, places: &mut Vec<usize>, histories: &CallHistories) {
        let moment = |place: usize| histories.of(call)[place].0;
        places.retain(|&place| self.last < moment(place));
        let first = places.first().map(|&place| moment(place));
        self.last = first.unwrap_or_else(|| panic!("{call:?} was told behind what happened later"));
    }

    fn note_told(&mut self, call: &Call, told: Told) {
        self.was_open = true;
        self.lost.remove(&call.request.ticket);
        self.told.insert(call.request.ticket, told);
        self.tickets.insert(call.request.id.clone(), call.request.ticket);
    }

    fn see_position(&mut self, view: &CallView, histories: &CallHistories) {
        let (id, wait) = (&view.call.request.id, view.wait.expect("its position is told"));
        let told =
            self.tickets.get(id).and_then(|ticket| self.told.get_mut(ticket).zip(Some(ticket)));
        let (told, ticket) = told.unwrap_or_else(|| panic!("a position of {id}, never told of"));
        let call = histories.at(*ticket, told.places[0]);
        assert!(call.is_queued(), "a position of a call that has left the queue: {call:?}");
        assert_ne!(told.place, Some(place_of(wait)), "a place is told when it changes");
        told.place = Some(place_of(wait));
        let is_read = self.waits.iter().position(|read| read == view);
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
        (self.as_of, self.last) = (resumed.as_of, Moment::default());
        self.told.clear();
        self.lost.clear();
        for CallView { call, wait } in &calls {
            let place = wait.map(place_of);
            let history = histories.of(call);
            let mut places = histories.places(call);
            places.retain(|&place| history[place].0.sequence <= resumed.as_of);
            assert!(!places.is_empty(), "it came there later: {call:?}, of {history:?}");
            self.note_told(call, Told { places, is_resumed: true, place });
        }
    }
}

/// Whether a frame puts the connection's lease to use.
/// Where a queued call stands, and what holds it there.
type Place = (u64, BlockedOn, Option<BlockedBy>);

fn place_of(wait: Wait) -> Place {
    (wait.position, wait.blocked_on, wait.blocked_by)
}

fn needs_lease(asked: &Asked) -> bool {
    match asked {
        Asked::Start(_) | Asked::Adopt(_) => true,
        Asked::Claim(_) | Asked::Decline(_) | Asked::End(..) | Asked::Resume(..) => false,
    }
}
