//! What becomes of one call, message by message: a state machine that knows no clock, no carrier and no server.
//!
//! [`Caller::hear`] takes what the carrier said, how the call stands with Callslot, and the time. It returns what the carrier is to do next,
//! and what else is to be done. Start reading there.

mod overflow;
mod spoken;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub(crate) use crate::line::Line;
use crate::settings::{Number, Outbound, Target};
use crate::twilio::markup::Verb;

/// How long after the end of `max_wait_s` a caller goes to the overflow though the server has not said so, in milliseconds.
const PATIENCE_MS: u64 = 5_000;
/// After that long, the carrier is taken not to have done what it was asked to.
const TURN_MS: u64 = 5_000;

/// Which way the first leg of a call goes.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    /// A caller has called a number.
    In(Arc<Number>),
    /// An agent calls.
    Out(Arc<Outbound>),
}

/// How far a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The caller waits for a slot.
    Waiting,
    /// The caller waits, and the carrier was told at this time to ask for instructions at once.
    Turning(u64),
    /// The caller is, or was told to be, connected.
    Talking,
    /// The caller is at this item of the overflow.
    Overflow(usize),
    /// The caller was offered this item, a call back, and still has the place in line.
    Offered(usize),
    /// The caller has hung up, and is called back once there is a slot.
    ToCallBack,
    /// The other side's telephone rings.
    Ringing,
    /// It is over.
    Over,
}

/// What the carrier says about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Message {
    /// A new call, or one whose first answer was lost.
    Arrived,
    /// The other side of a call that was dialled has answered.
    Answered { by_machine: bool },
    /// The carrier asks how to go on.
    Asks,
    /// The carrier asks because it was told to ask at once.
    AsksAtOnce,
    /// The connection with the agent is over.
    Parted(Dialled),
    /// The number at this item of the overflow is done.
    Passed(usize, Dialled),
    /// A digit was pressed at this item of the overflow.
    Pressed(usize, char),
    /// Nothing was pressed at this item.
    NotPressed(usize),
    /// A message was recorded.
    Recorded,
    /// The call is over at the carrier.
    Gone(Gone),
    /// How the call stands with Callslot has changed.
    LineChanged,
}

/// How dialling went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialled {
    Answered,
    Busy,
    NoAnswer,
    Failed,
}

/// How a call ended at the carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gone {
    /// It was answered, and hung up.
    Completed,
    Busy,
    NoAnswer,
    Failed,
    Canceled,
    /// Its end was not told; the carrier's API said so.
    FoundOver,
}

/// What is to be done besides the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The call ends at Callslot, with a note.
    End(Option<&'static str>),
    /// The carrier is told to ask for instructions at once.
    Turn,
    /// The carrier is told to hang up.
    HangUp,
    /// The caller is dialled.
    CallBack,
    /// A caller who waits was told to be connected, this many milliseconds after the slot was there.
    Connected(u64),
}

/// What follows from a message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Next {
    /// What the carrier does, where it asked for instructions.
    pub(crate) verbs: Vec<Verb>,
    pub(crate) effects: Vec<Effect>,
}

/// A call: who calls whom, and how far it is.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) way: Way,
    /// The id of the call at Callslot.
    pub(crate) call: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) stage: Stage,
    /// The carrier's id of the leg on which the caller called; none where the bridge dials.
    pub(crate) first_leg: Option<String>,
    /// The address of the bridge, as the carrier calls it.
    base: String,
    arrived_ms: u64,
    /// When there was a slot.
    slot_ms: Option<u64>,
    /// When the place in line was told last.
    told_ms: Option<u64>,
    /// Whether the carrier is busy with words or music for longer than a second.
    is_entertained: bool,
    /// Whether a bridge before this one took the call, so that what the caller wanted is not known.
    is_inherited: bool,
}

impl Caller {
    /// A call that has just come, or is to be dialled.
    pub(crate) fn new(
        way: Way,
        call: &str,
        (from, to): (&str, &str),
        base: &str,
        now_ms: u64,
    ) -> Self {
        let stage = match &way {
            Way::In(_) => Stage::Waiting,
            Way::Out(_) => Stage::Ringing,
        };
        Self {
            way,
            call: call.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
            stage,
            first_leg: None,
            base: base.to_owned(),
            arrived_ms: now_ms,
            slot_ms: None,
            told_ms: None,
            is_entertained: false,
            is_inherited: false,
        }
    }

    /// Whether it has a call at the carrier that may end.
    pub(crate) fn is_on_the_phone(&self) -> bool {
        !matches!(self.stage, Stage::ToCallBack | Stage::Over)
    }

    /// Takes a message. The verbs are for messages that ask for instructions; for others there are none.
    pub(crate) fn hear(&mut self, message: Message, line: Line, now_ms: u64) -> Next {
        if line == Line::Active {
            self.slot_ms.get_or_insert(now_ms);
        }
        match message {
            Message::Arrived => {
                let greeting = match &self.way {
                    Way::In(number) => number.greeting.clone(),
                    Way::Out(_) => None,
                };
                let mut next = self.go_on(line, now_ms);
                if let Some(words) = greeting {
                    next.verbs.insert(0, self.say(&words));
                    self.is_entertained = true;
                }
                next
            }
            Message::Asks => self.go_on(line, now_ms),
            Message::AsksAtOnce => {
                if matches!(self.stage, Stage::Turning(_)) {
                    self.stage = Stage::Waiting;
                }
                self.go_on(line, now_ms)
            }
            Message::Answered { by_machine } => self.answered(by_machine, line),
            Message::Parted(dialled) => self.parted(dialled),
            Message::Passed(index, dialled) => self.passed(index, dialled),
            Message::Pressed(index, digit) => self.pressed(index, digit, line, now_ms),
            Message::NotPressed(index) => self.not_pressed(index, line, now_ms),
            Message::Recorded => self.recorded(),
            Message::Gone(gone) => self.gone(gone, line, now_ms),
            Message::LineChanged => self.line_changed(line, now_ms),
        }
    }

    /// The carrier asks how to go on.
    fn go_on(&mut self, line: Line, now_ms: u64) -> Next {
        match self.stage {
            // The carrier asks once more, since it was told so; until then it must not be connected twice.
            Stage::Turning(since_ms) if now_ms.saturating_sub(since_ms) < TURN_MS => {
                Next::of(vec![Verb::Pause(1), self.ask_again()])
            }
            Stage::Waiting | Stage::Offered(_) | Stage::Turning(_) => self.wait(line, now_ms),
            // An answer was lost.
            Stage::Talking => Next::of(self.connection()),
            Stage::Ringing => self.answered(false, line),
            Stage::Overflow(index) => self.overflow_from(index),
            Stage::ToCallBack | Stage::Over => Next::of(vec![Verb::Hangup]),
        }
    }

    fn wait(&mut self, line: Line, now_ms: u64) -> Next {
        match line {
            Line::Active => self.connect(now_ms),
            Line::NotTaken | Line::Ended => self.overflow_from(0),
            Line::Queued { position, estimate_ms } => {
                if self.has_waited_too_long(now_ms) {
                    return self.overflow_from(0);
                }
                self.stage = Stage::Waiting;
                self.hold(Some((position, estimate_ms)), now_ms)
            }
            Line::Asked | Line::OutOfSight => {
                if self.waited_ms(now_ms) > self.max_wait_ms() + PATIENCE_MS {
                    return self.overflow_from(0);
                }
                self.stage = Stage::Waiting;
                self.hold(None, now_ms)
            }
        }
    }

    /// Whether the bridge itself ends the wait: with a call back on offer, the server lets the call wait for longer.
    fn has_waited_too_long(&self, now_ms: u64) -> bool {
        let margin_ms = if self.offers_callback() { 0 } else { PATIENCE_MS };
        self.waited_ms(now_ms) >= self.max_wait_ms() + margin_ms
    }

    fn connect(&mut self, now_ms: u64) -> Next {
        self.stage = Stage::Talking;
        let delay_ms = now_ms.saturating_sub(self.slot_ms.unwrap_or(now_ms));
        Next { verbs: self.connection(), effects: vec![Effect::Connected(delay_ms)] }
    }

    fn answered(&mut self, by_machine: bool, line: Line) -> Next {
        let mut next = Next::of(vec![Verb::Hangup]);
        match (self.stage, line) {
            (Stage::Ringing | Stage::Talking, Line::Active) if !by_machine => {
                self.stage = Stage::Talking;
                next.verbs = self.connection();
            }
            (Stage::Ringing, _) => {
                self.stage = Stage::Over;
                next.effects.push(Effect::End(Some(if by_machine {
                    "machine"
                } else {
                    "the slot was gone"
                })));
            }
            (
                Stage::Waiting
                | Stage::Turning(_)
                | Stage::Talking
                | Stage::Overflow(_)
                | Stage::Offered(_)
                | Stage::ToCallBack
                | Stage::Over,
                _,
            ) => {}
        }
        next
    }

    /// The connection with the agent is over; the other side may still be there.
    fn parted(&mut self, dialled: Dialled) -> Next {
        if self.stage != Stage::Talking {
            return Next::of(vec![Verb::Hangup]);
        }
        let note = match dialled {
            Dialled::Answered => {
                self.stage = Stage::Over;
                return Next { verbs: vec![Verb::Hangup], effects: vec![Effect::End(None)] };
            }
            Dialled::Busy => "the agent's line was busy",
            Dialled::NoAnswer => "the agent's line did not answer",
            Dialled::Failed => "the agent's line could not be reached",
        };
        let mut next = self.overflow_after_end(0);
        next.effects.push(Effect::End(Some(note)));
        next
    }

    /// The call is over at the carrier.
    fn gone(&mut self, gone: Gone, line: Line, now_ms: u64) -> Next {
        let stage = self.stage;
        if matches!(stage, Stage::ToCallBack | Stage::Over) {
            return Next::default();
        }
        // Who has waited that long and is gone most likely asked the bridge before this one to be called back.
        if self.is_inherited
            && stage == Stage::Waiting
            && self.offers_callback()
            && self.has_waited_too_long(now_ms)
        {
            self.is_inherited = false;
            self.stage = Stage::ToCallBack;
            return self.line_changed(line, now_ms);
        }
        self.stage = Stage::Over;
        let note = match (gone, stage) {
            (Gone::Busy, _) => Some("busy"),
            (Gone::NoAnswer, _) => Some("no answer"),
            (Gone::Failed, _) => Some("failed"),
            (Gone::Canceled, _) => Some("canceled"),
            (Gone::FoundOver, _) => Some("its end was not told"),
            (Gone::Completed, Stage::Waiting | Stage::Turning(_) | Stage::Offered(_)) => {
                Some("hung up")
            }
            (
                Gone::Completed,
                Stage::Talking
                | Stage::Ringing
                | Stage::Overflow(_)
                | Stage::ToCallBack
                | Stage::Over,
            ) => None,
        };
        Next { verbs: Vec::new(), effects: vec![Effect::End(note)] }
    }

    /// How the call stands with Callslot has changed.
    fn line_changed(&mut self, line: Line, now_ms: u64) -> Next {
        let mut next = Next::default();
        match (self.stage, line) {
            // A pause is over soon; words and music are not.
            (Stage::Waiting, Line::Active | Line::NotTaken | Line::Ended)
                if self.is_entertained =>
            {
                self.stage = Stage::Turning(now_ms);
                next.effects.push(Effect::Turn);
            }
            (Stage::Offered(_), Line::Active) => {
                self.stage = Stage::Turning(now_ms);
                next.effects.push(Effect::Turn);
            }
            (Stage::ToCallBack, Line::Active) => {
                self.stage = Stage::Ringing;
                next.effects.push(Effect::CallBack);
            }
            (Stage::ToCallBack, Line::NotTaken | Line::Ended) => self.stage = Stage::Over,
            (Stage::Talking | Stage::Ringing, Line::Ended) => {
                self.stage = Stage::Over;
                next.effects.push(Effect::HangUp);
            }
            (
                Stage::Waiting
                | Stage::Turning(_)
                | Stage::Talking
                | Stage::Overflow(_)
                | Stage::Offered(_)
                | Stage::ToCallBack
                | Stage::Ringing
                | Stage::Over,
                _,
            ) => {}
        }
        next
    }

    /// A call of a bridge before this one: what the carrier is doing with it just now is not known.
    pub(crate) fn of_before(mut self, is_active: bool) -> Self {
        if is_active {
            self.stage = Stage::Talking;
        }
        self.is_inherited = true;
        self.is_entertained = matches!(&self.way, Way::In(number) if number.hold_music.is_some());
        self
    }

    /// The carrier could not be told to ask at once: it asks by itself, later.
    pub(crate) fn not_turned(&mut self) {
        if matches!(self.stage, Stage::Turning(_)) {
            self.stage = Stage::Waiting;
        }
    }

    fn target(&self) -> &Target {
        match &self.way {
            Way::In(number) => number.connect.get_ref(),
            Way::Out(outbound) => outbound.connect.get_ref(),
        }
    }

    fn offers_callback(&self) -> bool {
        match &self.way {
            Way::In(number) => number.offers_callback(),
            Way::Out(_) => false,
        }
    }

    fn max_wait_ms(&self) -> u64 {
        match &self.way {
            Way::In(number) => number.max_wait_s.get_ref().saturating_mul(1000),
            Way::Out(_) => 0,
        }
    }

    fn waited_ms(&self, now_ms: u64) -> u64 {
        now_ms.saturating_sub(self.arrived_ms)
    }
}

impl Next {
    pub(crate) fn of(verbs: Vec<Verb>) -> Self {
        Self { verbs, effects: Vec::new() }
    }
}
