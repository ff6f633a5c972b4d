//! What an engine knows about the calls of its lease, so that it gets each event once and in order.
//!
//! An engine learns about its calls in two ways: from answers to its own frames, and from events. The effect of its own command
//! is among the events, and shows where in their order the answer belongs, so the two become one history. How far a call has
//! come says which of two states is the later one. It sends nothing. Start reading at [`Delivery`].

use std::collections::{VecDeque, vec_deque};

use callslot_core::{BlockedBy, BlockedOn, Call, CallId, CallState, Sequence, Wait};
use callslot_node::LeaseEvent;
use hashbrown::HashMap;

use crate::work::Effect;

/// How far a call has come: each event of a call takes it further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Progress(u16);

impl Progress {
    const OVER: Self = Self(u16::MAX);

    fn of(call: &Call) -> Self {
        match &call.state {
            CallState::Queued(queued) => Self(2 * u16::from(queued.misses)),
            CallState::Active(active) => Self(2 * u16::from(active.misses) + 1),
            CallState::Ended(_) => Self::OVER,
        }
    }
}

/// What the answer to a command says of the call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome<'a> {
    /// It is one of the lease: the call, what the command did to it, and its place in the queue.
    Own(&'a Call, Effect, Option<Place>),
    /// It is not.
    Others,
    /// Nothing.
    Refused,
}

/// Something that happened to a call of the lease.
#[derive(Debug)]
enum Happened {
    /// It came to where it is.
    Came(LeaseEvent),
    /// Another lease has adopted it.
    Went(Call),
}

impl Happened {
    fn call(&self) -> &Call {
        match self {
            Self::Came(event) => &event.call,
            Self::Went(call) => call,
        }
    }
}

/// Where a queued call stands, and what holds it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    position: u64,
    blocked: (BlockedOn, Option<BlockedBy>),
}

impl From<Wait> for Place {
    fn from(wait: Wait) -> Self {
        let Wait { position, blocked_on, blocked_by, .. } = wait;
        Self { position, blocked: (blocked_on, blocked_by) }
    }
}

/// What is known of one call.
#[derive(Debug, Default)]
struct Known {
    /// How far it had come when the engine last learned of it; none before the first time, and while it is another lease's.
    told: Option<Progress>,
    is_queued: bool,
    /// The place in the queue that the engine knows.
    place: Option<Place>,
    /// How many commands about it are under way.
    under_way: u32,
    /// How many of its events wait to be sent.
    waiting: u32,
    is_in_line: bool,
}

impl Known {
    fn is_needed(&self) -> bool {
        self.under_way > 0
            || self.waiting > 0
            || self.told.is_some_and(|told| told != Progress::OVER)
    }
}

/// The live calls of a lease, as an engine knows them.
///
/// Note each command about a call with [`Delivery::hand_in`] and, when its answer is sent, with [`Delivery::answer`]. Events come
/// in by [`Delivery::hear`] and go out by [`Delivery::next`] and [`Delivery::answer`]; those that happened up to an answer must
/// have come in before it.
#[derive(Debug, Default)]
pub(crate) struct Delivery {
    calls: HashMap<CallId, Known>,
    /// Events that were not sent yet, in order.
    happened: VecDeque<Happened>,
    /// Queued calls, in the order in which their positions are looked at.
    line: VecDeque<CallId>,
    /// A resumption covers the events up to here.
    as_of: Sequence,
}

impl Delivery {
    /// Notes that a command about a call is under way.
    pub(crate) fn hand_in(&mut self, id: &CallId) {
        self.known(id).under_way += 1;
    }

    /// Takes in an event.
    pub(crate) fn hear(&mut self, event: LeaseEvent) {
        self.wait(Happened::Came(event));
    }

    /// Takes in that another lease has adopted a call.
    pub(crate) fn hear_of_loss(&mut self, event: LeaseEvent) {
        self.wait(Happened::Went(event.call));
    }

    fn wait(&mut self, happened: Happened) {
        self.known(&happened.call().request.id).waiting += 1;
        self.happened.push_back(happened);
    }

    /// Whether the next event has to wait: it may be the effect of a command that is not answered yet.
    pub(crate) fn waits_for_answer(&self) -> bool {
        let next = self.happened.front().map(|happened| &happened.call().request.id);
        next.and_then(|id| self.calls.get(id)).is_some_and(|known| known.under_way > 0)
    }

    /// Whether there is an event that need not wait.
    pub(crate) fn has_next(&self) -> bool {
        !self.happened.is_empty() && !self.waits_for_answer()
    }

    /// How many events wait to be sent.
    pub(crate) fn waiting(&self) -> usize {
        self.happened.len()
    }

    /// The call of the next event to send, unless that has to wait.
    pub(crate) fn next(&mut self) -> Option<Call> {
        while !self.waits_for_answer() {
            let happened = self.happened.pop_front()?;
            if let Some(call) = self.tell_happened(happened) {
                return Some(call);
            }
        }
        None
    }

    /// Takes in the answer to a command. Returns the calls whose events are to be sent before it.
    pub(crate) fn answer(&mut self, id: &CallId, outcome: Outcome<'_>) -> Vec<Call> {
        let mut before = Vec::new();
        match outcome {
            Outcome::Own(call, effect, place) => {
                // The effect of the command or, if it had none, what brought the call to where it is: earlier events are sent before. The first
                // of those that look alike: if the call has gone to another lease and come back since, that is told later, as are the answers to
                // later commands. Of what the engine knows already, nothing that waits is the cause.
                let progress = Progress::of(call);
                let is_of_answer = |happened: &Happened| match happened {
                    Happened::Came(LeaseEvent { sequence, call }) => {
                        let is_of_effect = match effect {
                            Effect::None => true,
                            Effect::State => sequence.is_some(),
                            Effect::Adoption => sequence.is_none(),
                        };
                        is_of_effect && call.request.id == *id && Progress::of(call) == progress
                    }
                    Happened::Went(_) => false,
                };
                let is_told = self.known(id).told.is_some_and(|told| told >= progress);
                let own = if is_told && effect == Effect::None {
                    None
                } else {
                    self.waiting_of(id, |all| all.position(is_of_answer))
                };
                for _ in 0..own.unwrap_or_default() {
                    before.extend(self.tell_next());
                }
                self.tell(call, place);
                if own.is_some() {
                    self.tell_next();
                }
            }
            Outcome::Others => {
                // The call may have been one of the lease, as far as the engine knows. One that comes and goes later is told later.
                let has_gone = |happened: &Happened| matches!(happened, Happened::Went(call) if call.request.id == *id);
                let gone = if self.known(id).told.is_some() {
                    self.waiting_of(id, |all| all.position(has_gone))
                } else {
                    None
                };
                for _ in 0..gone.map_or(0, |place| place + 1) {
                    before.extend(self.tell_next());
                }
            }
            Outcome::Refused => {}
        }
        self.known(id).under_way -= 1;
        self.forget_if_over(id);
        before
    }

    /// Takes in a call that the engine learns of by a resumption.
    pub(crate) fn resume(&mut self, call: &Call, place: Option<Place>) {
        self.tell(call, place);
    }

    /// Takes in the event up to which a resumption covers everything.
    pub(crate) fn resumed(&mut self, as_of: Sequence) {
        self.as_of = as_of;
    }

    /// Whether the engine has queued calls.
    pub(crate) fn has_line(&self) -> bool {
        !self.line.is_empty()
    }

    /// Up to `most` queued calls, whose turn it is to have their positions looked at.
    pub(crate) fn next_in_line(&mut self, most: usize) -> Vec<CallId> {
        let mut next = Vec::new();
        for _ in 0..self.line.len() {
            if next.len() == most {
                break;
            }
            let id = self.line.pop_front().expect("there is one");
            let Some(known) = self.calls.get_mut(&id) else {
                continue;
            };
            if known.is_queued {
                next.push(id.clone());
                self.line.push_back(id);
            } else {
                known.is_in_line = false;
            }
        }
        next
    }

    /// Takes in a queued call's place; says whether it is to be sent.
    pub(crate) fn is_new_place(&mut self, id: &CallId, place: Place) -> bool {
        let Some(known) = self.calls.get_mut(id) else {
            return false;
        };
        let is_settled = known.is_queued && known.under_way == 0 && known.waiting == 0;
        if !is_settled || known.place == Some(place) {
            return false;
        }
        known.place = Some(place);
        true
    }

    /// Where an event of a call is among those that wait, if the call has some.
    fn waiting_of(
        &mut self,
        id: &CallId,
        place: impl FnOnce(&mut vec_deque::Iter<'_, Happened>) -> Option<usize>,
    ) -> Option<usize> {
        let is_waiting = self.known(id).waiting > 0;
        is_waiting.then(|| place(&mut self.happened.iter())).flatten()
    }

    /// Takes out the next event, whatever is under way; returns the call if the event is to be sent.
    fn tell_next(&mut self) -> Option<Call> {
        let happened = self.happened.pop_front().expect("its place was found");
        self.tell_happened(happened)
    }

    /// Takes in an event whose turn it is; returns the call if the event is to be sent.
    fn tell_happened(&mut self, happened: Happened) -> Option<Call> {
        let as_of = self.as_of;
        let known = self.known(&happened.call().request.id);
        known.waiting -= 1;
        let (call, is_news) = match happened {
            Happened::Came(LeaseEvent { sequence, call }) => {
                // All live calls are known, but for those that have just begun or were adopted.
                let is_covered = sequence.is_some_and(|sequence| sequence <= as_of);
                let is_past = known.told.is_none() && (call.is_ended() || is_covered);
                let is_news = !is_past && self.tell(&call, None);
                (call, is_news)
            }
            Happened::Went(call) => {
                known.is_queued = false;
                (call, known.told.take().is_some())
            }
        };
        self.forget_if_over(&call.request.id);
        is_news.then_some(call)
    }

    /// Notes that the engine learns of a call as it is now; says whether that is news.
    fn tell(&mut self, call: &Call, place: Option<Place>) -> bool {
        let id = &call.request.id;
        let progress = Progress::of(call);
        let known = self.known(id);
        if known.told.is_some_and(|told| told >= progress) {
            return false;
        }
        known.told = Some(progress);
        known.is_queued = call.is_queued();
        known.place = place;
        if known.is_queued && !known.is_in_line {
            known.is_in_line = true;
            self.line.push_back(id.clone());
        }
        true
    }

    fn known(&mut self, id: &CallId) -> &mut Known {
        self.calls.entry(id.clone()).or_default()
    }

    fn forget_if_over(&mut self, id: &CallId) {
        if self.calls.get(id).is_some_and(|known| !known.is_needed()) {
            self.calls.remove(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use callslot_core::{
        Active, AgentId, CallGates, CallType, EndReason, Ended, LeaseId, Queued, Request, SlotKind,
        Tick, Ticket, Timestamp,
    };

    use super::*;

    fn id(text: &str) -> CallId {
        CallId::parse(text).expect("a call id")
    }

    /// A call `1` that has come so far: `q0` queued for the first time, `a0` active, `q1` queued again, and `e` ended.
    fn call(state: &str) -> Call {
        call_named("1", state)
    }

    fn call_named(name: &str, state: &str) -> Call {
        let misses = state.as_bytes().get(1).map_or(0, |digit| digit - b'0');
        let state = match &state[..1] {
            "q" => CallState::Queued(Queued { misses }),
            "a" => CallState::Active(Active {
                slot: SlotKind::Shared,
                started_at: Timestamp(0),
                dispatched: None,
                deadline: None,
                is_claim_due: false,
                misses,
            }),
            _ => CallState::Ended(Ended {
                served: None,
                ended_at: Timestamp(0),
                reason: EndReason::Completed,
                note: None,
                remembered_until: Tick(0),
            }),
        };
        let request = Arc::new(Request {
            id: id(name),
            agent: AgentId::parse("a").expect("an agent id"),
            call_type: CallType::Chat,
            ticket: Ticket(1),
            requested_at: Timestamp(0),
            lease: None,
            wait_deadline: None,
            max_duration_ms: None,
            claim_within_ms: None,
            gates: CallGates::default(),
            metadata: None,
        });
        Call { request, state }
    }

    /// An active call that another lease has adopted.
    fn lost(id: &CallId) -> Call {
        let Call { request, state } = call_named(id.as_str(), "a0");
        let lease = Some(LeaseId::parse("other").expect("a lease id"));
        Call { request: Arc::new(Request { lease, ..(*request).clone() }), state }
    }

    /// What the engine is sent, in order. Each step names a call and, but for `>`, its state: `1>` a command about it is
    /// under way; `1=q0` its answer is sent (`1=` alone: it was refused, `1=-`: it is another lease's); `1!a0` it happened;
    /// `1+a0` the lease adopted it; `1-` another lease did. `.` takes what is there. Answers are told in brackets.
    fn told(steps: &str) -> String {
        let mut delivery = Delivery::default();
        let mut told: Vec<String> = Vec::new();
        let name = |call: &Call| {
            let state = match &call.state {
                CallState::Queued(Queued { misses }) => format!("q{misses}"),
                CallState::Active(Active { misses, .. }) => format!("a{misses}"),
                CallState::Ended(_) => "e".to_owned(),
            };
            let gone = if call.request.lease.is_some() { "-" } else { "" };
            format!("{}{gone}{state}", call.request.id)
        };
        for step in steps.split_whitespace() {
            if step == "." {
                told.extend(std::iter::from_fn(|| delivery.next()).map(|it| name(&it)));
                continue;
            }
            let of = id(&step[..1]);
            match (&step[1..2], &step[2..]) {
                (">", _) => delivery.hand_in(&of),
                ("=", "") => told.extend(delivery.answer(&of, Outcome::Refused).iter().map(name)),
                ("=", "-") => {
                    told.extend(delivery.answer(&of, Outcome::Others).iter().map(name));
                    told.push(format!("({of})"));
                }
                ("=" | "~" | "^", state) => {
                    let call = call_named(of.as_str(), state);
                    let effect = match &step[1..2] {
                        "~" => Effect::None,
                        "^" => Effect::Adoption,
                        _ => Effect::State,
                    };
                    let own = Outcome::Own(&call, effect, None);
                    told.extend(delivery.answer(&of, own).iter().map(name));
                    told.push(format!("({of}{state})"));
                }
                ("-", _) => delivery.hear_of_loss(LeaseEvent { sequence: None, call: lost(&of) }),
                (kind, state) => {
                    let call = call_named(of.as_str(), state);
                    let sequence = (kind == "!").then_some(Sequence(1));
                    delivery.hear(LeaseEvent { sequence, call });
                }
            }
        }
        assert!(delivery.happened.is_empty(), "{steps}: something is never told");
        let live = delivery
            .calls
            .values()
            .all(|known| known.told.is_some_and(|told| told < Progress::OVER));
        assert!(live, "{steps}: a call that is over is still known");
        told.join(" ")
    }

    #[test]
    fn what_a_connection_brings_about_itself_is_answered_and_not_told_again() {
        assert_eq!(told("1> 1!a0 . 1=a0 ."), "(1a0)");
        assert_eq!(told("1> 1!a0 1=a0 . 1> 1!e . 1=e ."), "(1a0) (1e)");
        assert_eq!(told("1> 1> 1!a0 1!e 1=a0 1=e ."), "(1a0) (1e)");
    }

    #[test]
    fn the_start_of_a_call_that_was_answered_as_queued_is_told_behind_the_answer() {
        assert_eq!(told("1> 1!q0 1=q0 . 1!a0 ."), "(1q0) 1a0");
        assert_eq!(told("1> 1!q0 1!a0 . 1=q0 ."), "(1q0) 1a0");
        assert_eq!(told("1> 1!q0 1!a0 1!e 1=q0 ."), "(1q0) 1a0 1e");
    }

    #[test]
    fn answers_and_what_happened_are_one_history_over_all_calls() {
        let one_queued = "1> 1!a0 1=a0 . 2> 2!q0 2=q0 .";
        // An end that starts another call is answered before that start is told, and behind what came before it.
        assert_eq!(told(&format!("{one_queued} 1> 1!e . 2!a0 . 1=e .")), "(1a0) (2q0) (1e) 2a0");
        assert_eq!(told(&format!("{one_queued} 1> 2!e 1!e 1=e .")), "(1a0) (2q0) 2e (1e)");
        assert_eq!(
            told(&format!("{one_queued} 1> 2> 1!e 2!a0 2!e . 1=e . 2=e .")),
            "(1a0) (2q0) (1e) 2a0 (2e)"
        );
    }

    #[test]
    fn what_happened_before_a_later_answer_is_told_before_it() {
        assert_eq!(told("1> 1> 1!q0 1!a0 1!e 1=q0 1=e ."), "(1q0) 1a0 (1e)");
        assert_eq!(told("1> 1!q0 1=q0 . 1> 1!a0 1!q1 1!a1 1=a1 ."), "(1q0) 1a0 1q1 (1a1)");
        assert_eq!(told("1> 1> 1!a0 1=a0 . 1!q1 1=q1 ."), "(1a0) (1q1)");
    }

    #[test]
    fn a_refusal_says_nothing_of_the_call_and_what_happened_is_told() {
        assert_eq!(told("1> 1!a0 . 1= ."), "1a0");
        assert_eq!(told("1> 1!a0 1=a0 . 1> 1!e . 1= ."), "(1a0) 1e");
        assert_eq!(told("1> 1= . 1!e ."), "");
    }

    #[test]
    fn a_call_that_others_start_under_the_lease_is_told_from_its_beginning() {
        assert_eq!(told("1!q0 1!a0 . 1!q1 1!a1 1!e 1!e ."), "1q0 1a0 1q1 1a1 1e");
    }

    #[test]
    fn an_answer_overtakes_no_answer_behind_it_although_its_call_went_and_came_back() {
        assert_eq!(told("1> 2> 1!a0 2!a0 2!e 1-a0 1+a0 1=a0 2=a0 ."), "(1a0) (2a0) 2e 1-a0 1a0");
    }

    #[test]
    fn a_repetition_does_not_wait_for_what_looks_like_its_effect_and_comes_later() {
        let known = "1> 1!a0 1=a0 .";
        // A repetition of the start of 1, the start of 2, and an adoption of 1, which another lease has adopted meanwhile.
        assert_eq!(
            told(&format!("{known} 1> 2> 1> 2!a0 1-a0 1+a0 1~a0 2=a0 1^a0 .")),
            "(1a0) (1a0) (2a0) 1-a0 (1a0)"
        );
        // Another lease's call was ended, in vain; later it comes and goes again.
        assert_eq!(told("1> 2> 1> 2!a0 1+a0 1-a0 1=- 2=a0 1^a0 ."), "(1) (2a0) (1a0) 1-a0");
        assert_eq!(told("1> 1> 1!a0 1~a0 1> 1=a0 1= ."), "(1a0) (1a0)");
    }

    #[test]
    fn a_call_that_is_adopted_is_told_to_both_sides_unless_the_answer_says_so() {
        assert_eq!(told("1> 1+a0 . 1^a0 ."), "(1a0)");
        assert_eq!(told("1+a0 . 1!e ."), "1a0 1e");
        assert_eq!(told("1+q0 . 1!a0 . 1!e ."), "1q0 1a0 1e");
        assert_eq!(told("1> 1!a0 1=a0 . 1- ."), "(1a0) 1-a0");
        assert_eq!(told("1> 1!q0 1=q0 . 1!a0 1- . 1+a0 . 1!e ."), "(1q0) 1a0 1-a0 1a0 1e");
        assert_eq!(told("1- ."), "", "the engine never knew of it");
    }

    #[test]
    fn what_the_engine_did_to_a_call_that_went_is_answered_behind_that() {
        let one_active = "1> 1!a0 1=a0 .";
        assert_eq!(told(&format!("{one_active} 1> 1- . 1=- .")), "(1a0) 1-a0 (1)");
        assert_eq!(told(&format!("{one_active} 1> 1- . 1= .")), "(1a0) 1-a0");
        assert_eq!(told(&format!("{one_active} 1> 1- 1+a0 . 1^a0 . 1!e .")), "(1a0) 1-a0 (1a0) 1e");
    }

    #[test]
    fn what_a_resumption_has_told_is_not_told_again() {
        let hear = |delivery: &mut Delivery, sequence: u64, state: &str| {
            let sequence = (sequence > 0).then_some(Sequence(sequence));
            delivery.hear(LeaseEvent { sequence, call: call(state) });
            delivery.next().is_some()
        };
        let mut delivery = Delivery::default();
        delivery.resume(&call("a0"), None);
        delivery.resumed(Sequence(7));
        assert!(!hear(&mut delivery, 6, "a0"));
        assert!(hear(&mut delivery, 6, "q1"), "it came between two looks");
        assert!(hear(&mut delivery, 8, "e"));
        let mut ended_before = Delivery::default();
        ended_before.resumed(Sequence(7));
        assert!(!hear(&mut ended_before, 6, "a0"));
        assert!(!hear(&mut ended_before, 7, "e"));
        assert!(hear(&mut ended_before, 8, "a0"), "it began later");
        let mut adopted = Delivery::default();
        adopted.resumed(Sequence(7));
        assert!(
            hear(&mut adopted, 0, "a0"),
            "no look may have shown a call that was adopted meanwhile"
        );
    }

    #[test]
    fn places_are_told_when_they_change_and_queued_calls_take_turns() {
        let at = |position| Place { position, blocked: (BlockedOn::Limit, None) };
        let mut delivery = Delivery::default();
        delivery.hand_in(&id("1"));
        delivery.answer(&id("1"), Outcome::Own(&call("q0"), Effect::State, Some(at(5))));
        assert_eq!(delivery.next_in_line(10), [id("1")]);
        assert_eq!(delivery.next_in_line(0), []);
        assert!(!delivery.is_new_place(&id("1"), at(5)));
        assert!(delivery.is_new_place(&id("1"), at(4)));
        assert!(!delivery.is_new_place(&id("1"), at(4)));
        let paused = Place { blocked: (BlockedOn::GatePaused, Some(BlockedBy::Gate(1))), ..at(4) };
        assert!(delivery.is_new_place(&id("1"), paused), "something else holds it now");
        assert!(!delivery.is_new_place(&id("1"), paused));
        delivery.hear(LeaseEvent { sequence: Some(Sequence(1)), call: call("a0") });
        assert!(!delivery.is_new_place(&id("1"), at(3)), "it has a slot");
        delivery.next();
        assert_eq!(delivery.next_in_line(10), []);
        assert!(!delivery.has_line());
    }
}
