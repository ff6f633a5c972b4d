//! The bridge's settings file, `bridge.toml`: numbers, and what becomes of their callers.
//!
//! [`Settings::read`] reads and checks a whole file: what it returns is valid. Secrets are in the environment, never in the file. Start
//! reading at `file.rs`, which has the keys; `check.rs` has what must hold, `path.rs` says in words what a caller goes through. What a SIP
//! proxy does differently is in `check_sip.rs` and `path_sip.rs`.

pub(crate) mod check;
mod check_sip;
pub(crate) mod defaults;
mod file;
pub(crate) mod path;
mod path_sip;
#[cfg(test)]
mod tests;

use serde::de::DeserializeOwned;

use check::Found;

pub use file::Settings;
pub(crate) use file::{Carrier, Number, Outbound, Overflow, SipProxy, Target};

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what is allowed.
    pub what: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.what)
    }
}

/// Reads the text of a file, and what `check` finds in it. The errors are in the order of the lines.
pub(crate) fn parsed<S: DeserializeOwned>(
    text: &str,
    check: impl FnOnce(&S) -> Found,
) -> Result<S, Vec<Fault>> {
    let line = |at: usize| 1 + text.get(..at).unwrap_or_default().matches('\n').count();
    let settings: S = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        vec![Fault { line: line(at), what: error.message().to_owned() }]
    })?;
    let found = check(&settings).into_iter();
    let mut faults: Vec<Fault> = found.map(|(at, what)| Fault { line: line(at), what }).collect();
    faults.sort_by_key(|fault| fault.line);
    if faults.is_empty() { Ok(settings) } else { Err(faults) }
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
        parsed(text, |settings: &Self| {
            let mut found = check::faults(settings);
            if let (None, Some(proxy)) = (&settings.carrier, &settings.sip_proxy) {
                check_sip::check(settings, proxy, &mut found);
            }
            found
        })
    }

    /// What a caller of each number goes through, in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        match &self.sip_proxy {
            Some(proxy) => path_sip::in_words(self, proxy),
            None => path::in_words(self),
        }
    }
}
