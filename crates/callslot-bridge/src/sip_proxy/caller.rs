//! What becomes of one call, message by message: a state machine that knows no clock, no proxy and no server.
//!
//! [`Caller::hear`] takes what the proxy said, how the call stands with Callslot, and the time, and returns what is to be done. Start reading
//! there.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::line::Line;
use crate::settings::{Number, Overflow, Target};
use crate::sip_proxy::wire::{Command, Leg};

/// How long after the end of `max_wait_s` a caller goes to the overflow though the server has not said so, in milliseconds.
const PATIENCE_MS: u64 = 5_000;
/// How soon a caller is told a place in line that has changed, in milliseconds.
const TELL_AFTER_MS: u64 = 10_000;
/// How often one who waits is told the place anyway, in milliseconds: proxies on the way give up calls of which they hear nothing for
/// three minutes.
const TELL_EVERY_MS: u64 = 60_000;
/// What a user part of a SIP address has as it is.
const USER: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'+');

/// How far a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The caller waits for a slot.
    Waiting,
    /// The proxy was told to connect; nobody has answered yet.
    Ringing,
    /// The caller talks with the agent.
    Talking,
    /// The proxy has lost sight of a caller who talked, as it was started anew: the call keeps its slot until this time.
    Orphaned(u64),
    /// The proxy was told to go to the overflow; there is no slot.
    Overflow,
    /// It is over.
    Over,
}

/// What is heard about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Message {
    /// How it stands with Callslot may have changed, or time has passed.
    LineChanged,
    /// Who was called has answered.
    Answered,
    /// Who was called did not take the call: the code.
    Failed(u16),
    /// It is over at the proxy.
    Gone,
    /// Somebody has hung up, as it seems, a call that the proxy does not know.
    Left,
    /// The proxy was told to go on with it, and could not: it is not waiting there.
    NotGone,
    /// The proxy says how far it has the call.
    IsThere(Presence),
    /// The connection to the proxy is back. What it said meanwhile is lost.
    ProxyBack,
    /// The proxy was started anew: those who waited are gone, and it knows nothing of those who talk, who keep their slots for this long.
    ProxyRestarted { grace_ms: u64 },
    /// The proxy is away for too long.
    ProxyLost,
}

/// How far the proxy has a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Absent,
    /// It waits, or somebody's telephone rings.
    Early,
    Talking,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The call ends at Callslot, with a note.
    End(Option<&'static str>),
    /// The proxy is told something.
    Tell(Command),
    /// The proxy was told to connect, this many milliseconds after the slot was there.
    Connected(u64),
    /// The caller went to the overflow.
    Overflowed,
    /// Its end was not told; the proxy was asked.
    FoundOver,
}

/// A call: who calls whom, and how far it is.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) number: Arc<Number>,
    /// The id of the call at Callslot.
    pub(crate) call: String,
    pub(crate) leg: Leg,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) stage: Stage,
    /// After how many seconds a caller who was not connected may try again.
    retry_after_s: u64,
    arrived_ms: u64,
    /// When there was a slot.
    slot_ms: Option<u64>,
    /// When the place in line was told last, and which.
    told: Option<(u64, u64)>,
    /// Whether a bridge before this one connected it, so that it may talk for all that is known.
    is_inherited: bool,
}

impl Caller {
    /// A call that has just come.
    pub(crate) fn new(
        number: Arc<Number>,
        call: &str,
        leg: Leg,
        (from, to): (&str, &str),
        retry_after_s: u64,
        now_ms: u64,
    ) -> Self {
        Self {
            number,
            call: call.to_owned(),
            leg,
            from: from.to_owned(),
            to: to.to_owned(),
            stage: Stage::Waiting,
            retry_after_s,
            arrived_ms: now_ms,
            slot_ms: None,
            told: None,
            is_inherited: false,
        }
    }

    /// The same call, which a bridge before this one has taken and which has a slot. Whether the proxy was told is not known: it is told
    /// once it is there, and says if it was.
    pub(crate) fn of_before(self) -> Self {
        Self { stage: Stage::Ringing, is_inherited: true, ..self }
    }

    /// Takes a message.
    pub(crate) fn hear(&mut self, message: Message, line: Line, now_ms: u64) -> Vec<Effect> {
        if line == Line::Active {
            self.slot_ms.get_or_insert(now_ms);
        }
        match message {
            Message::LineChanged => self.line_changed(line, now_ms),
            Message::Answered => {
                if self.stage == Stage::Ringing {
                    self.stage = Stage::Talking;
                }
                Vec::new()
            }
            Message::Failed(code) => self.failed(code),
            Message::Gone => self.gone(),
            Message::Left => match self.stage {
                Stage::Orphaned(_) => self.gone(),
                // Of these the proxy would know.
                Stage::Waiting
                | Stage::Ringing
                | Stage::Talking
                | Stage::Overflow
                | Stage::Over => Vec::new(),
            },
            Message::NotGone => match self.stage {
                Stage::Over => Vec::new(),
                Stage::Waiting
                | Stage::Ringing
                | Stage::Talking
                | Stage::Orphaned(_)
                | Stage::Overflow => vec![Effect::Tell(Command::Ask)],
            },
            Message::IsThere(presence) => self.is_there(presence),
            Message::ProxyBack => self.proxy_back(line, now_ms),
            Message::ProxyRestarted { grace_ms } => match self.stage {
                Stage::Ringing if self.is_inherited => {
                    self.stage = Stage::Orphaned(now_ms.saturating_add(grace_ms));
                    Vec::new()
                }
                Stage::Talking => {
                    self.stage = Stage::Orphaned(now_ms.saturating_add(grace_ms));
                    Vec::new()
                }
                Stage::Orphaned(_) | Stage::Over => Vec::new(),
                Stage::Waiting | Stage::Ringing | Stage::Overflow => {
                    self.over(Some("the proxy was started anew"))
                }
            },
            Message::ProxyLost => match self.stage {
                Stage::Over => Vec::new(),
                Stage::Waiting
                | Stage::Ringing
                | Stage::Talking
                | Stage::Orphaned(_)
                | Stage::Overflow => self.over(Some("the proxy was away")),
            },
        }
    }

    fn line_changed(&mut self, line: Line, now_ms: u64) -> Vec<Effect> {
        match (self.stage, line) {
            (Stage::Waiting, Line::Active) => self.connect(now_ms),
            (Stage::Waiting, Line::NotTaken | Line::Ended) => self.overflow(),
            (Stage::Waiting, Line::Queued { .. } | Line::Asked | Line::OutOfSight)
                if self.has_waited_too_long(now_ms) =>
            {
                let mut effects = self.overflow();
                effects.push(Effect::End(Some("overflow")));
                effects
            }
            (Stage::Waiting, Line::Queued { position, estimate_ms }) => {
                self.tell_place(position, estimate_ms, now_ms)
            }
            (Stage::Ringing | Stage::Talking, Line::Ended) => {
                self.stage = Stage::Over;
                vec![Effect::Tell(Command::End)]
            }
            (Stage::Orphaned(until_ms), _) if line == Line::Ended || now_ms >= until_ms => {
                self.over(Some("the proxy was started anew"))
            }
            (
                Stage::Waiting
                | Stage::Ringing
                | Stage::Talking
                | Stage::Orphaned(_)
                | Stage::Overflow
                | Stage::Over,
                _,
            ) => Vec::new(),
        }
    }

    fn connect(&mut self, now_ms: u64) -> Vec<Effect> {
        self.stage = Stage::Ringing;
        let delay_ms = now_ms.saturating_sub(self.slot_ms.unwrap_or(now_ms));
        vec![self.go(true), Effect::Connected(delay_ms)]
    }

    fn overflow(&mut self) -> Vec<Effect> {
        self.stage = Stage::Overflow;
        vec![self.go(false), Effect::Overflowed]
    }

    /// The path on: with a slot to the agent first, then through the overflow. Without a slot it ends with a refusal; with one, the last
    /// failure is the caller's answer.
    fn go(&self, with_slot: bool) -> Effect {
        let agent = match self.number.connect.get_ref() {
            Target::Sip(address) => with_slot.then(|| self.filled_in(address)),
            Target::Stream(_) | Target::Dial(_) | Target::Url(_) => None,
        };
        let overflow = self.number.overflow.iter().filter_map(|item| match item.get_ref() {
            Overflow::Sip(address) => Some(self.filled_in(address)),
            Overflow::Redirect(address) => Some(format!("302 {}", self.filled_in(address))),
            Overflow::Callback(_)
            | Overflow::Dial(_)
            | Overflow::Voicemail(_)
            | Overflow::Say(_) => None,
        });
        let refusal = (!with_slot).then(|| refusal(self.retry_after_s));
        let steps: Vec<String> = agent.into_iter().chain(overflow).chain(refusal).collect();
        Effect::Tell(Command::Go { path: steps.join("|") })
    }

    fn tell_place(&mut self, position: u64, estimate_ms: Option<u64>, now_ms: u64) -> Vec<Effect> {
        let is_due = self.told.is_none_or(|(at_ms, told)| {
            let after_ms = if told == position { TELL_EVERY_MS } else { TELL_AFTER_MS };
            now_ms.saturating_sub(at_ms) >= after_ms
        });
        if !is_due {
            return Vec::new();
        }
        self.told = Some((now_ms, position));
        let estimate = estimate_ms
            .map(|ms| format!(", about {} min", ms.div_ceil(60_000).max(1)))
            .unwrap_or_default();
        vec![Effect::Tell(Command::Queued(format!("Queued, position {position}{estimate}")))]
    }

    /// Who was called did not take the call. The proxy goes on along the path by itself.
    fn failed(&mut self, code: u16) -> Vec<Effect> {
        match self.stage {
            Stage::Ringing => {
                self.stage = Stage::Overflow;
                let note = match code {
                    486 | 600 => "the agent's line was busy",
                    408 | 480 | 487 => "the agent's line did not answer",
                    _ => "the agent's line could not be reached",
                };
                vec![Effect::End(Some(note)), Effect::Overflowed]
            }
            // The proxy has kept it waiting for as long as it does.
            Stage::Waiting => {
                self.stage = Stage::Overflow;
                vec![Effect::End(Some("the proxy gave up waiting"))]
            }
            Stage::Talking | Stage::Orphaned(_) | Stage::Overflow | Stage::Over => Vec::new(),
        }
    }

    fn gone(&mut self) -> Vec<Effect> {
        let note = match self.stage {
            Stage::Waiting | Stage::Ringing => Some("hung up"),
            Stage::Talking | Stage::Orphaned(_) | Stage::Overflow | Stage::Over => None,
        };
        self.over(note)
    }

    fn is_there(&mut self, presence: Presence) -> Vec<Effect> {
        match (self.stage, presence) {
            (
                Stage::Waiting | Stage::Ringing | Stage::Talking | Stage::Overflow,
                Presence::Absent,
            ) => {
                let mut effects = self.over(Some("its end was not told"));
                effects.push(Effect::FoundOver);
                return effects;
            }
            (Stage::Ringing, Presence::Talking) => self.stage = Stage::Talking,
            (Stage::Waiting | Stage::Talking | Stage::Overflow, Presence::Talking)
            | (
                Stage::Waiting | Stage::Ringing | Stage::Talking | Stage::Overflow,
                Presence::Early,
            )
            // The proxy has no dialog for a caller who talked before it was started anew.
            | (Stage::Orphaned(_) | Stage::Over, _) => {}
        }
        Vec::new()
    }

    fn proxy_back(&mut self, line: Line, now_ms: u64) -> Vec<Effect> {
        match self.stage {
            Stage::Waiting => {
                // What was told last may have been lost.
                self.told = None;
                let mut effects = vec![Effect::Tell(Command::Ask)];
                effects.extend(self.line_changed(line, now_ms));
                effects
            }
            // If it was told already, it waits no longer, and the proxy says so.
            Stage::Ringing => vec![self.go(true)],
            Stage::Overflow => vec![self.go(false)],
            Stage::Talking => vec![Effect::Tell(Command::Ask)],
            Stage::Orphaned(_) | Stage::Over => Vec::new(),
        }
    }

    fn over(&mut self, note: Option<&'static str>) -> Vec<Effect> {
        let was_over = self.stage == Stage::Over;
        self.stage = Stage::Over;
        if was_over { Vec::new() } else { vec![Effect::End(note)] }
    }

    fn has_waited_too_long(&self, now_ms: u64) -> bool {
        let most_ms = self.number.max_wait_s.get_ref() * 1000 + PATIENCE_MS;
        now_ms.saturating_sub(self.arrived_ms) >= most_ms
    }

    fn filled_in(&self, template: &str) -> String {
        let coded = |text: &str| utf8_percent_encode(text, USER).to_string();
        template
            .replace("{call}", &coded(&self.call))
            .replace("{from}", &coded(&self.from))
            .replace("{to}", &coded(&self.to))
    }
}

/// The step of a path that refuses a caller, who may try again after that many seconds.
pub(crate) fn refusal(retry_after_s: u64) -> String {
    format!("486 {retry_after_s}")
}
