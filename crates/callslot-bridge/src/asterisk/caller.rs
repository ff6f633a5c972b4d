//! What becomes of one call, message by message: a state machine that knows no clock, no Asterisk and no server.
//!
//! [`Caller::hear`] takes what has happened, how the call stands with Callslot, and the time. It returns what is to be done, in this order.
//! Start reading there.

mod hold;
mod overflow;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::asterisk::settings::{Cause, Number, Outbound, Place};
use crate::line::Line;

/// How long after the end of `max_wait_s` a caller goes to the overflow though the server has not said so, in milliseconds.
const PATIENCE_MS: u64 = 5_000;

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
    /// The caller waits for a slot, in Stasis.
    Waiting,
    /// An agent's call is to be dialled, as soon as it is the bridge's own.
    ToDial,
    /// The other side's telephone rings.
    Ringing,
    /// The caller was told to go on in the dialplan, with a slot.
    Talking,
    /// The caller is at this item of the overflow, without a slot.
    Overflow(usize),
    /// It is over: there is nothing more to do.
    Over,
}

/// What has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Message {
    /// The channel has come to Stasis: a new call, an answer, or a call that comes back from the dialplan.
    Came(Back),
    /// What was played last, by its number, is at its end.
    Played(u32),
    /// The channel has left Stasis.
    Left,
    /// There is no channel any more.
    Gone(Gone),
    /// After a break, the channel is found, in Stasis or in the dialplan.
    Found { in_stasis: bool },
    /// The call could not be sent on, since Asterisk is away.
    NotSentOn,
    /// How the call stands with Callslot has changed.
    LineChanged,
    /// A second has passed.
    Tick,
}

/// How a dial in the dialplan went, as `${DIALSTATUS}` in the arguments of `Stasis()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Back {
    /// There are no arguments.
    Untold,
    Answered,
    Busy,
    NoAnswer,
    Failed,
}

/// Why there is no channel any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gone {
    /// It was hung up, with a cause of Q.850.
    HungUp(u16),
    /// Its end was not told; it was not found.
    Missing,
    /// Asterisk was away for the grace.
    OutOfReach,
    /// Asterisk could not dial.
    NotDialled,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Act {
    Answer,
    Ring,
    /// Dials the callee.
    Dial,
    /// Music on hold, of a class.
    Music(String),
    /// No music on hold.
    Silence,
    /// Plays sounds; the number comes back when they are at their end.
    Play {
        media: String,
        number: u32,
    },
    /// Stops what is played.
    Stop(u32),
    /// Sends the call on in the dialplan.
    Continue(Place),
    /// Sends the call on to a place, for a caller without a slot: that of this item of the number's overflow.
    Overflow {
        place: Place,
        index: usize,
    },
    HangUp(Cause),
    /// The call ends at Callslot, with a note.
    End(Option<&'static str>),
    /// A caller who waited was sent on; there was a slot since then.
    Connected {
        since_ms: u64,
    },
}

/// What is being played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Playing {
    Greeting(u32),
    Standing(u32),
    Farewell(u32),
}

/// A call: who calls, and how far it is.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that the others do not bear on")]
pub(crate) struct Caller {
    pub(crate) way: Way,
    pub(crate) stage: Stage,
    arrived_ms: u64,
    /// When there was a slot.
    slot_ms: Option<u64>,
    /// When the place in line was told last.
    told_ms: Option<u64>,
    playing: Option<Playing>,
    /// The number of what was played last.
    last_played: u32,
    has_music: bool,
    is_answered: bool,
    is_greeted: bool,
    /// Whether a bridge before this one may have begun to play something.
    is_inherited: bool,
    /// Whether Asterisk was asked to send the call on, and may have done it though it did not answer.
    may_be_sent_on: bool,
}

/// How many ids there are for what is played to a channel, one after the other: few, as the next bridge stops what has one of them.
pub(crate) const PLAY_NUMBERS: u32 = 4;

impl Caller {
    /// A call that has just come, or is to be dialled.
    pub(crate) fn new(way: Way, now_ms: u64) -> Self {
        let stage = match &way {
            Way::In(_) => Stage::Waiting,
            Way::Out(_) => Stage::ToDial,
        };
        Self {
            way,
            stage,
            arrived_ms: now_ms,
            slot_ms: None,
            told_ms: None,
            playing: None,
            last_played: 0,
            has_music: false,
            is_answered: false,
            is_greeted: false,
            is_inherited: false,
            may_be_sent_on: false,
        }
    }

    /// A caller whom a bridge before this one has sent to this item of the overflow, and who comes back.
    pub(crate) fn of_overflow(number: Arc<Number>, index: usize, now_ms: u64) -> Self {
        let stage = Stage::Overflow(index);
        Self { stage, is_greeted: true, ..Self::new(Way::In(number), now_ms) }
    }

    /// A call of a bridge before this one, whose channel was found.
    pub(crate) fn of_before(mut self, in_stasis: bool, is_up: bool) -> Self {
        match (&self.way, in_stasis, is_up) {
            (Way::In(_), true, _) => {}
            (Way::In(_), false, _) | (Way::Out(_), false, true) => self.stage = Stage::Talking,
            (Way::Out(_), true, _) | (Way::Out(_), false, false) => self.stage = Stage::Ringing,
        }
        (self.is_greeted, self.is_inherited) = (true, true);
        self
    }

    /// Takes a message; what is to be done, in this order.
    pub(crate) fn hear(&mut self, message: Message, line: Line, now_ms: u64) -> Vec<Act> {
        if line == Line::Active {
            self.slot_ms.get_or_insert(now_ms);
        }
        match message {
            Message::Came(back) => self.came(back, line, now_ms),
            Message::Played(number) => self.played(number, line, now_ms),
            Message::Left => self.left(),
            Message::Gone(gone) => self.gone(gone),
            Message::Found { in_stasis } => self.found(in_stasis, line, now_ms),
            Message::NotSentOn => {
                if self.stage == Stage::Talking {
                    self.stage = match &self.way {
                        Way::In(_) => Stage::Waiting,
                        Way::Out(_) => Stage::Ringing,
                    };
                    self.may_be_sent_on = true;
                }
                Vec::new()
            }
            Message::LineChanged | Message::Tick => self.go_on(message, line, now_ms),
        }
    }

    fn came(&mut self, back: Back, line: Line, now_ms: u64) -> Vec<Act> {
        self.has_music = false;
        match self.stage {
            Stage::Waiting => {
                let mut acts = Vec::new();
                if let Way::In(number) = &self.way {
                    acts.push(if number.answer { Act::Answer } else { Act::Ring });
                    self.is_answered = number.answer;
                }
                acts.extend(self.wait(line, now_ms));
                acts
            }
            Stage::Ringing => self.answered(line),
            Stage::Talking => self.came_back(back),
            Stage::Overflow(index) => self.overflow_from(index + 1),
            Stage::ToDial | Stage::Over => Vec::new(),
        }
    }

    /// A callee has answered.
    fn answered(&mut self, line: Line) -> Vec<Act> {
        let Way::Out(outbound) = &self.way else { return Vec::new() };
        match line {
            Line::Active => {
                self.stage = Stage::Talking;
                vec![Act::Continue(outbound.connect.dialplan.clone())]
            }
            Line::Asked | Line::Queued { .. } | Line::NotTaken | Line::Ended | Line::OutOfSight => {
                self.stage = Stage::Over;
                vec![Act::End(Some("the slot was gone")), Act::HangUp(Cause::Normal)]
            }
        }
    }

    /// A call that was sent on comes back: the agent was not reached, or has hung up.
    fn came_back(&mut self, back: Back) -> Vec<Act> {
        let note = match back {
            Back::Answered => {
                self.stage = Stage::Over;
                return vec![Act::End(None), Act::HangUp(Cause::Normal)];
            }
            Back::Busy => "the agent's line was busy",
            Back::NoAnswer => "the agent's line did not answer",
            Back::Untold | Back::Failed => "the agent's line could not be reached",
        };
        let mut acts = vec![Act::End(Some(note))];
        acts.extend(self.overflow_from(0));
        acts
    }

    /// What a caller gets who is in Stasis without having been sent on.
    fn wait(&mut self, line: Line, now_ms: u64) -> Vec<Act> {
        let waited_ms = now_ms.saturating_sub(self.arrived_ms);
        match line {
            Line::Active => self.connect(now_ms),
            Line::NotTaken | Line::Ended => self.overflow(),
            Line::Queued { .. } | Line::Asked | Line::OutOfSight => {
                if waited_ms >= self.max_wait_ms() + PATIENCE_MS {
                    return self.overflow();
                }
                self.entertain(line, now_ms)
            }
        }
    }

    /// Sends a caller on who has a slot; what was begun to be said first is said to its end.
    fn connect(&mut self, now_ms: u64) -> Vec<Act> {
        let Way::In(number) = &self.way else { return Vec::new() };
        let place = number.connect.dialplan.clone();
        if let Some(greeting) = self.greeting_due() {
            return greeting;
        }
        if matches!(self.playing, Some(Playing::Greeting(_))) {
            return Vec::new();
        }
        self.stage = Stage::Talking;
        let since_ms = self.slot_ms.unwrap_or(now_ms);
        let mut acts = self.quiet();
        acts.extend([Act::Continue(place), Act::Connected { since_ms }]);
        acts
    }

    fn played(&mut self, number: u32, line: Line, now_ms: u64) -> Vec<Act> {
        match self.playing {
            Some(Playing::Greeting(playing) | Playing::Standing(playing)) if playing == number => {
                self.playing = None;
                self.go_on(Message::Tick, line, now_ms)
            }
            Some(Playing::Farewell(playing)) if playing == number => {
                self.playing = None;
                self.stage = Stage::Over;
                vec![Act::HangUp(Cause::Normal)]
            }
            Some(_) | None => Vec::new(),
        }
    }

    /// The channel is in Stasis no more. Where the bridge has not sent it on, it was hung up, or taken elsewhere.
    fn left(&mut self) -> Vec<Act> {
        match self.stage {
            Stage::Waiting | Stage::Ringing if self.may_be_sent_on => {
                self.stage = Stage::Talking;
                Vec::new()
            }
            Stage::Waiting => {
                self.stage = Stage::Over;
                vec![Act::End(Some("hung up"))]
            }
            Stage::ToDial | Stage::Ringing | Stage::Talking | Stage::Overflow(_) | Stage::Over => {
                Vec::new()
            }
        }
    }

    fn gone(&mut self, gone: Gone) -> Vec<Act> {
        let note = match (gone, self.stage) {
            // A call that is not dialled yet has no channel.
            (_, Stage::Over) | (Gone::Missing, Stage::ToDial) => return Vec::new(),
            (Gone::Missing, _) => Some("its end was not told"),
            (Gone::OutOfReach, _) => Some("Asterisk was out of reach"),
            (Gone::HungUp(_), Stage::Waiting) => Some("hung up"),
            (Gone::HungUp(17), Stage::Ringing) => Some("busy"),
            (Gone::HungUp(0 | 16 | 18 | 19), Stage::Ringing) => Some("no answer"),
            (Gone::NotDialled, _) | (Gone::HungUp(_), Stage::ToDial | Stage::Ringing) => {
                Some("failed")
            }
            (Gone::HungUp(_), Stage::Talking | Stage::Overflow(_)) => None,
        };
        self.stage = Stage::Over;
        vec![Act::End(note)]
    }

    /// After a break it is clear where the channel is, and what was said meanwhile is not.
    fn found(&mut self, in_stasis: bool, line: Line, now_ms: u64) -> Vec<Act> {
        match (self.stage, in_stasis) {
            (Stage::Waiting, true) => {
                self.may_be_sent_on = false;
                let mut acts = self.hushed();
                let next = self.wait(line, now_ms);
                if self.stage != Stage::Waiting {
                    acts.push(Act::Silence);
                }
                acts.extend(next);
                acts
            }
            (Stage::Waiting, false) => self.left(),
            // It was told to go on, and did not hear.
            (Stage::Talking, true) => {
                self.stage = Stage::Waiting;
                match &self.way {
                    Way::In(_) => self.wait(line, now_ms),
                    Way::Out(_) => self.answered_late(line),
                }
            }
            (Stage::Overflow(index), true) => self.overflow_from(index),
            (Stage::Ringing, true) => self.answered(line),
            (Stage::Ringing | Stage::Talking | Stage::Overflow(_), false)
            | (Stage::ToDial | Stage::Over, _) => Vec::new(),
        }
    }

    fn answered_late(&mut self, line: Line) -> Vec<Act> {
        self.stage = Stage::Ringing;
        self.answered(line)
    }

    /// Time has passed, or the call stands differently with Callslot.
    fn go_on(&mut self, message: Message, line: Line, now_ms: u64) -> Vec<Act> {
        match (self.stage, line) {
            (Stage::Waiting, _) => self.wait(line, now_ms),
            (Stage::Talking | Stage::Ringing, Line::Ended) if message == Message::LineChanged => {
                self.stage = Stage::Over;
                vec![Act::HangUp(Cause::Normal)]
            }
            (Stage::ToDial, Line::Active) => {
                self.stage = Stage::Ringing;
                vec![Act::Dial]
            }
            (Stage::ToDial, Line::NotTaken | Line::Ended | Line::OutOfSight) => {
                self.stage = Stage::Over;
                Vec::new()
            }
            (
                Stage::ToDial | Stage::Ringing | Stage::Talking | Stage::Overflow(_) | Stage::Over,
                _,
            ) => Vec::new(),
        }
    }

    /// The number that was called.
    pub(crate) fn number(&self) -> Option<&Number> {
        match &self.way {
            Way::In(number) => Some(number),
            Way::Out(_) => None,
        }
    }

    fn max_wait_ms(&self) -> u64 {
        self.number().map_or(0, |number| number.max_wait_s.get_ref().saturating_mul(1000))
    }
}
