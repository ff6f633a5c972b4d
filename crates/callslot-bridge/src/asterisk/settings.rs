//! The settings of the door for Asterisk: `bridge.toml` with a part `[asterisk]`.
//!
//! The keys are those of the other doors where they mean the same. What a carrier does in words or with addresses is done here with
//! Asterisk's sounds and its dialplan, so these are types of their own. Start reading at `file.rs`.

mod check;
mod file;
mod path;
mod place;
#[cfg(test)]
mod tests;

pub use file::Settings;
pub(crate) use file::{Cause, Number, Outbound, Overflow};
pub(crate) use place::Place;

use crate::settings::{Fault, parsed};

/// Whether a file of settings is for this door.
#[must_use]
pub fn is_for_asterisk(text: &str) -> bool {
    text.parse::<toml::Table>().is_ok_and(|file| file.contains_key("asterisk"))
}

impl Settings {
    /// The agents that take and make calls.
    pub(crate) fn agents(&self) -> impl Iterator<Item = &String> {
        let take = self.numbers.iter().map(|number| number.agent.get_ref());
        take.chain(self.outbound.iter().map(|outbound| outbound.agent.get_ref()))
    }

    /// The gates that callers pass.
    pub(crate) fn gates(&self) -> impl Iterator<Item = &String> {
        self.numbers.iter().flat_map(|number| number.gates.get_ref())
    }

    /// Reads the text of a file. The errors are all that is wrong with it, in the order of the lines.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        parsed(text, check::faults)
    }

    /// What a caller of each number goes through, in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        path::in_words(self)
    }
}
