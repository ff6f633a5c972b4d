//! What becomes of a caller who cannot be connected: the items of the number's `overflow`, one after the other.

use super::{Caller, Dialled, Effect, Line, Next, Stage, Way};
use crate::settings::Overflow;
use crate::twilio::markup::{Callee, Verb};

impl Caller {
    /// Goes to the items from an index on, as far as there are any.
    pub(super) fn overflow_from(&mut self, index: usize) -> Next {
        match (self.item(index), self.stage) {
            // A call back needs the place in line, which is there as long as nothing has ended the call.
            (
                Some(Overflow::Callback(words)),
                Stage::Waiting | Stage::Turning(_) | Stage::Offered(_),
            ) => {
                self.stage = Stage::Offered(index);
                let (language, not_pressed) =
                    (self.language(), self.url(&format!("overflow?at={index}&")));
                let action = self.url(&format!("digit?at={index}&"));
                Next::of(vec![
                    Verb::Gather { language, words, action },
                    Verb::Redirect(not_pressed),
                ])
            }
            (_, Stage::Overflow(_) | Stage::Talking) => self.overflow_after_end(index),
            (_, _) => {
                let mut next = self.overflow_after_end(index);
                next.effects.push(Effect::End(Some("overflow")));
                next
            }
        }
    }

    /// The same for a call that has ended at Callslot, or is about to: it can have no place in line.
    pub(super) fn overflow_after_end(&mut self, index: usize) -> Next {
        self.stage = Stage::Overflow(index);
        let mut verbs = Vec::new();
        match self.item(index) {
            // With a carrier, the settings have no redirect: there is nothing in its instructions for that.
            Some(Overflow::Callback(_) | Overflow::Redirect(_)) => {
                return self.overflow_after_end(index + 1);
            }
            Some(Overflow::Sip(address)) => {
                let action = self.url(&format!("passed?at={index}&"));
                let to = Callee::Sip(self.filled_in(&address));
                verbs.push(Verb::Dial { to, action });
            }
            Some(Overflow::Dial(number)) => {
                let action = self.url(&format!("passed?at={index}&"));
                verbs.push(Verb::Dial { to: Callee::Number(number), action });
            }
            Some(Overflow::Voicemail(words)) => {
                verbs.push(self.say(&words));
                verbs.push(Verb::Record { action: self.url("recorded?") });
                verbs.push(Verb::Hangup);
            }
            Some(Overflow::Say(words)) => verbs.extend([self.say(&words), Verb::Hangup]),
            None => verbs.extend([self.say(self.words().nobody_free), Verb::Hangup]),
        }
        Next::of(verbs)
    }

    /// The number at an item is done.
    pub(super) fn passed(&mut self, index: usize, dialled: Dialled) -> Next {
        if self.stage != Stage::Overflow(index) {
            return Next::of(vec![Verb::Hangup]);
        }
        match dialled {
            Dialled::Answered => Next::of(vec![Verb::Hangup]),
            Dialled::Busy | Dialled::NoAnswer | Dialled::Failed => {
                self.overflow_after_end(index + 1)
            }
        }
    }

    /// A digit was pressed at an item: 1 takes the call back.
    pub(super) fn pressed(&mut self, index: usize, digit: char, line: Line, now_ms: u64) -> Next {
        let is_on_offer = self.stage == Stage::Offered(index);
        match line {
            Line::Queued { .. } | Line::Asked if is_on_offer && digit == '1' => {
                self.stage = Stage::ToCallBack;
                Next::of(vec![self.say(self.words().will_call_back), Verb::Hangup])
            }
            Line::Queued { .. }
            | Line::Asked
            | Line::Active
            | Line::NotTaken
            | Line::Ended
            | Line::OutOfSight => self.not_pressed(index, line, now_ms),
        }
    }

    /// Nothing was pressed at an item, or not 1.
    pub(super) fn not_pressed(&mut self, index: usize, line: Line, now_ms: u64) -> Next {
        match (self.stage, line) {
            // There is a slot by now, or its last moment has come.
            (Stage::Offered(_) | Stage::Turning(_), Line::Active) => self.connect(now_ms),
            (Stage::Offered(_), _) => self.overflow_from(index + 1),
            (
                Stage::Waiting
                | Stage::Turning(_)
                | Stage::Talking
                | Stage::Overflow(_)
                | Stage::ToCallBack
                | Stage::Ringing
                | Stage::Over,
                _,
            ) => self.go_on(line, now_ms),
        }
    }

    pub(super) fn recorded(&mut self) -> Next {
        Next::of(vec![self.say(self.words().message_taken), Verb::Hangup])
    }

    fn item(&self, index: usize) -> Option<Overflow> {
        match &self.way {
            Way::In(number) => number.overflow.get(index).map(|item| item.get_ref().clone()),
            Way::Out(_) => None,
        }
    }
}
