//! What becomes of a caller who cannot be connected: the items of the number's `overflow`, one after the other.

use super::{Act, Caller, Playing, Stage, Way};
use crate::asterisk::settings::{Cause, Overflow};

impl Caller {
    /// The call leaves the line for the overflow.
    pub(super) fn overflow(&mut self) -> Vec<Act> {
        let mut acts = vec![Act::End(Some("overflow"))];
        acts.extend(self.overflow_from(0));
        acts
    }

    /// Goes to the item at an index; the call has no slot any more.
    pub(super) fn overflow_from(&mut self, index: usize) -> Vec<Act> {
        let mut acts = self.quiet();
        self.stage = Stage::Overflow(index);
        let item = match &self.way {
            Way::In(number) => number.overflow.get(index).map(|item| item.get_ref().clone()),
            Way::Out(_) => None,
        };
        match item {
            Some(Overflow::Dialplan(place)) => acts.push(Act::Overflow { place, index }),
            Some(Overflow::Play(media)) => {
                if !std::mem::replace(&mut self.is_answered, true) {
                    acts.push(Act::Answer);
                }
                let number = self.next_number();
                self.playing = Some(Playing::Farewell(number));
                acts.push(Act::Play { media, number });
            }
            Some(Overflow::HangUp(cause)) => {
                self.stage = Stage::Over;
                acts.push(Act::HangUp(cause));
            }
            None => {
                self.stage = Stage::Over;
                acts.push(Act::HangUp(Cause::Busy));
            }
        }
        acts
    }
}
