//! The stored form of figures. Belongs to `stored_form.rs`, which says how stored forms may change.

use serde::{Deserialize, Serialize};

use crate::contract::store_error::StoreError;
use crate::figures::{EndCounts, Figures, Levels, Waits};
use crate::stored_form::call::StoredReason;
use crate::stored_form::version_and_checksum::{Unreadable, opened, sealed};

/// The newest version of the stored form of figures, which is the one written. It has the reasons of ends after all that version
/// 1 has.
const VERSION: u8 = 2;
const WITHOUT_REASONS: u8 = 1;
/// What errors call it.
const PLACE: &str = "a row of figures";

#[derive(Serialize, Deserialize)]
struct StoredFigures {
    active: [u64; 3],
    queued: [u64; 3],
    active_ms: u64,
    starts: u64,
    ends: u64,
    longest_wait_ms: u64,
    waits: Vec<(u16, u64)>,
}

type StoredEnds = Vec<(StoredReason, u64)>;

/// The stored form of figures.
#[must_use]
pub fn encode_figures(figures: &Figures) -> Vec<u8> {
    let Figures { before, after, peak, active_ms, starts, ends, ended, waits } = figures;
    let stored = StoredFigures {
        active: [before.active, after.active, peak.active],
        queued: [before.queued, after.queued, peak.queued],
        active_ms: *active_ms,
        starts: *starts,
        ends: *ends,
        longest_wait_ms: waits.longest_ms(),
        waits: waits.counts().to_vec(),
    };
    let reasons: StoredEnds = ended.each().map(|(reason, count)| (reason.into(), count)).collect();
    sealed(VERSION, &(stored, reasons))
}

/// Reads stored figures.
pub fn decode_figures(bytes: &[u8]) -> Result<Figures, StoreError> {
    read(bytes).map_err(|unreadable| unreadable.into_error(PLACE, VERSION))
}

fn read(bytes: &[u8]) -> Result<Figures, Unreadable> {
    let (stored, reasons): (StoredFigures, StoredEnds) = match bytes.first() {
        Some(&WITHOUT_REASONS) => (opened(VERSION, bytes)?, Vec::new()),
        _ => opened(VERSION, bytes)?,
    };
    let mut ended = EndCounts::default();
    for (reason, count) in reasons {
        ended.add(reason.into(), count);
    }
    let waits = Waits::from_counts(stored.waits, stored.longest_wait_ms)
        .ok_or(Unreadable::Damaged("its waits cannot have been counted"))?;
    let levels = |of: usize| Levels { active: stored.active[of], queued: stored.queued[of] };
    Ok(Figures {
        before: levels(0),
        after: levels(1),
        peak: levels(2),
        active_ms: stored.active_ms,
        starts: stored.starts,
        ends: stored.ends,
        ended,
        waits,
    })
}

#[cfg(test)]
mod tests {
    use callslot_core::EndReason;

    use super::*;
    use crate::figures::Change;

    /// Version 1 wrote these bytes, and every later version reads them.
    const WRITTEN_BY_VERSION_1: &[u8] = &[
        1, 213, 187, 225, 242, 3, 5, 6, 172, 2, 169, 2, 172, 2, 166, 189, 16, 3, 1, 168, 192, 2, 2,
        0, 2, 160, 9, 1,
    ];

    /// Version 2 wrote these bytes, and every later version reads them.
    const WRITTEN_BY_VERSION_2: &[u8] = &[
        2, 3, 20, 150, 182, 3, 5, 6, 172, 2, 169, 2, 172, 2, 166, 189, 16, 3, 1, 168, 192, 2, 2, 0,
        2, 160, 9, 1, 1, 4, 1,
    ];

    fn figures() -> Figures {
        let mut figures = Figures::quiet(Levels { active: 3, queued: 300 }, 60_000);
        for waited_ms in [0, 0, 41_000] {
            let start = Change { active: 1, queued: -1, waited_ms: Some(waited_ms), ended: None };
            figures.note(start, 30_000);
        }
        let ended = Some(EndReason::MaxDuration);
        figures.note(Change { active: -1, ended, ..Change::default() }, 10);
        figures
    }

    #[test]
    fn figures_are_read_back_as_they_were_written() {
        assert_eq!(decode_figures(&encode_figures(&figures())).expect("readable"), figures());
        let bytes = encode_figures(&Figures::default());
        assert_eq!(decode_figures(&bytes).expect("readable"), Figures::default());
    }

    #[test]
    fn bytes_written_by_version_1_still_load_without_reasons() {
        let without_reasons = Figures { ended: EndCounts::default(), ..figures() };
        assert_eq!(decode_figures(WRITTEN_BY_VERSION_1).expect("readable"), without_reasons);
    }

    #[test]
    fn bytes_written_by_version_2_still_load() {
        assert_eq!(encode_figures(&figures()), WRITTEN_BY_VERSION_2);
        assert_eq!(decode_figures(WRITTEN_BY_VERSION_2).expect("readable"), figures());
    }

    #[test]
    fn no_change_of_a_stored_byte_goes_unnoticed() {
        let bytes = encode_figures(&figures());
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 0x55;
            assert!(decode_figures(&changed).is_err(), "byte {place}");
            assert!(decode_figures(&bytes[..place]).is_err(), "cut at {place}");
        }
    }
}
