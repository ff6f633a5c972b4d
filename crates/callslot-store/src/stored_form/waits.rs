//! The stored form of what waits are estimated from. Belongs to `stored_form.rs`, which says how stored forms may change.

use callslot_core::{
    ClassFigures, HeldSlots, Line, Now, PerType, SetFigures, Tick, Ticket, WaitFigures,
};
use serde::{Deserialize, Serialize};

use crate::stored_form::call::{before, distance};

#[derive(Serialize, Deserialize)]
pub(super) struct StoredWaits {
    slots: StoredSlots,
    pool: StoredSet,
    types: [StoredSet; 4],
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredClassWaits {
    slots: StoredSlots,
    shared: StoredSlots,
}

#[derive(Serialize, Deserialize)]
struct StoredSet {
    shared: StoredSlots,
    line: StoredLine,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredSlots {
    slot_ms: u64,
    freed: u64,
    until_ticks_ago: i64,
}

#[derive(Serialize, Deserialize)]
struct StoredLine {
    reached: u64,
    passed: u64,
    marked: u64,
    left: u32,
    given: u32,
}

impl StoredWaits {
    pub(super) fn from_core(figures: &WaitFigures, now: Now) -> Self {
        Self {
            slots: StoredSlots::from_core(figures.slots, now),
            pool: StoredSet::from_core(figures.pool, now),
            types: figures.types.0.map(|figures| StoredSet::from_core(figures, now)),
        }
    }

    pub(super) fn into_core(self, now: Now) -> WaitFigures {
        WaitFigures {
            slots: self.slots.into_core(now),
            pool: self.pool.into_core(now),
            types: PerType(self.types.map(|stored| stored.into_core(now))),
        }
    }
}

impl StoredClassWaits {
    pub(super) fn from_core(figures: ClassFigures, now: Now) -> Self {
        Self {
            slots: StoredSlots::from_core(figures.slots, now),
            shared: StoredSlots::from_core(figures.shared, now),
        }
    }

    pub(super) fn into_core(self, now: Now) -> ClassFigures {
        ClassFigures { slots: self.slots.into_core(now), shared: self.shared.into_core(now) }
    }
}

impl StoredSet {
    fn from_core(figures: SetFigures, now: Now) -> Self {
        let Line { reached, passed, marked, left, given } = figures.line;
        Self {
            shared: StoredSlots::from_core(figures.shared, now),
            line: StoredLine { reached: reached.0, passed, marked: marked.0, left, given },
        }
    }

    fn into_core(self, now: Now) -> SetFigures {
        let StoredLine { reached, passed, marked, left, given } = self.line;
        SetFigures {
            shared: self.shared.into_core(now),
            line: Line { reached: Ticket(reached), passed, marked: Ticket(marked), left, given },
        }
    }
}

impl StoredSlots {
    pub(super) fn from_core(slots: HeldSlots, now: Now) -> Self {
        let HeldSlots { slot_ms, freed, until } = slots;
        Self { slot_ms, freed, until_ticks_ago: distance(until.0, now.tick.0) }
    }

    pub(super) fn into_core(self, now: Now) -> HeldSlots {
        let until = Tick(before(now.tick.0, self.until_ticks_ago));
        HeldSlots { slot_ms: self.slot_ms, freed: self.freed, until }
    }
}
