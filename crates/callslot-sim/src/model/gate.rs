//! A gate, and what is left of a pace that is changed.

use callslot_core::{GateId, GateSettings, Pace, Tick};

use crate::model::bucket::Bucket;
use crate::model::wait_figures::Held;

#[derive(Debug)]
pub(super) struct Gate {
    pub(super) id: GateId,
    pub(super) settings: GateSettings,
    pub(super) is_within_hours: bool,
    pub(super) bucket: Option<Bucket>,
    pub(super) ended: u64,
    pub(super) held: Held,
}

/// What is left of a pace when it is put anew.
pub(super) fn kept_bucket(
    bucket: Option<Bucket>,
    pace: Option<Pace>,
    tick: Tick,
) -> Option<Bucket> {
    let mut bucket = match bucket.filter(|bucket| Some(bucket.pace) != pace) {
        None => bucket.or_else(|| pace.map(Bucket::new))?,
        Some(before) => before.changed(pace?, tick),
    };
    bucket.look(tick);
    Some(bucket)
}
