//! Gates: named limits that calls pass on their way to a slot, and what they are made of. Nothing here decides.
//!
//! Opening hours are data here: the caller turns them into [`crate::SetWithinHours`], and the core knows only open and closed.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::id::GateId;
use crate::limits::MAX_GATES_PER_CALL;

/// How often calls may start: over every span of `w` seconds at most `burst + starts × w ÷ per_s` of them.
///
/// That is the generic cell rate algorithm of ITU-T I.371 (2004), annex A, with `per_s ÷ starts` as the increment and `burst − 1` of
/// these as the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How many calls may start, at least 1 …
    pub starts: u32,
    /// … in that many seconds, at least 1.
    pub per_s: u32,
    /// How many may start at once after a pause, at least 1.
    pub burst: u32,
}

/// What a gate stands for. It decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GateKind {
    /// A list of numbers that are to be called.
    Campaign,
    /// A carrier's line.
    Trunk,
    /// A customer of the organisation.
    Customer,
    /// A phone number.
    Number,
    /// Anything else.
    Other,
}

impl GateKind {
    /// All kinds.
    pub const ALL: [Self; 5] =
        [Self::Campaign, Self::Trunk, Self::Customer, Self::Number, Self::Other];

    /// The name in JSON and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Trunk => "trunk",
            Self::Customer => "customer",
            Self::Number => "number",
            Self::Other => "other",
        }
    }
}

/// When a gate is open, week by week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// The time zone, by its name in the IANA database.
    pub tz: Arc<str>,
    /// The spans in which it is open.
    pub open: Vec<OpenSpan>,
}

/// A span of a day, on some days of the week, by the clock of the time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenSpan {
    /// One bit for each day, the lowest for Monday.
    pub days: u8,
    /// The first minute of the day that it is open.
    pub from_min: u16,
    /// The minute at which it closes, up to 1,440 for the end of the day.
    pub to_min: u16,
}

/// A gate's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateSettings {
    /// Its name, for people.
    pub name: Arc<str>,
    /// What it stands for.
    pub kind: GateKind,
    /// How many of its calls may be active at once; none: no bound of its own.
    pub cap: Option<u32>,
    /// How often its calls may start; none: no bound of its own.
    pub pace: Option<Pace>,
    /// Whether no call may start through it until it goes on.
    pub is_paused: bool,
    /// When calls may start through it; none: always.
    pub hours: Option<Arc<Hours>>,
}

/// The gates that a call passes: a set of up to four, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallGates(Option<Arc<[GateId]>>);

impl CallGates {
    /// Makes a set of them, whatever their order; an id that is named twice is in it once. None if there are more than four.
    #[must_use]
    pub fn new(mut ids: Vec<GateId>) -> Option<Self> {
        ids.sort_unstable();
        ids.dedup();
        match ids.len() {
            0 => Some(Self::default()),
            len if len <= MAX_GATES_PER_CALL => Some(Self(Some(ids.into()))),
            _ => None,
        }
    }

    /// The ids, in order.
    #[must_use]
    pub fn ids(&self) -> &[GateId] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether the call passes none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gates(ids: &[&str]) -> Option<CallGates> {
        let ids = ids.iter().map(|id| GateId::parse(id).expect("a gate id"));
        CallGates::new(ids.collect())
    }

    #[test]
    fn a_call_passes_a_set_of_up_to_four_gates() {
        let set = gates(&["b", "a", "b"]).expect("two gates");
        assert_eq!(Some(&set), gates(&["a", "b"]).as_ref());
        assert_eq!(set.ids().iter().map(GateId::as_str).collect::<Vec<_>>(), ["a", "b"]);
        assert!(gates(&[]).expect("none").is_empty());
        assert!(gates(&["a", "b", "c", "d"]).is_some());
        assert_eq!(gates(&["a", "b", "c", "d", "e"]), None);
    }
}
