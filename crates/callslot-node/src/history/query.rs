//! The history: what events come to, and what figures say over any span of time.
//!
//! `minutes_and_hours.rs` makes figures of events, `chart_points.rs` makes points of what is kept; both are pure. `refusals.rs` counts what is no
//! event. Start reading at [`read_history`]; the log is projected in `project.rs`.

use std::collections::BTreeMap;

use callslot_core::{OrgId, Timestamp};
use callslot_store::{Grain, Levels, Marker, Series, SeriesRows, Store, StoreError, Which};

use crate::history::chart_points::{Point, Segment, points, segments};
use crate::limits::{MAX_HISTORY_POINTS, MAX_HISTORY_ROWS, MAX_MARKERS};

/// Which figures to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryQuery {
    /// The organisation.
    pub org: OrgId,
    /// Which series.
    pub which: Which,
    /// From when on. What lies in the step that this is in belongs to it.
    pub from: Timestamp,
    /// Until when; nothing after the moment of reading is shown.
    pub to: Timestamp,
    /// How long a point is, in milliseconds: whole minutes.
    pub step_ms: u64,
}

/// Figures over a span of time.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryView {
    /// Where the first point begins.
    pub from: Timestamp,
    /// Where the last point ends.
    pub to: Timestamp,
    /// The points of each series in which anything was, by name; where one alone was asked for, of that.
    pub series: Vec<(Series, Vec<Point>)>,
    /// The newest changes of settings in the span, in order.
    pub markers: Vec<Marker>,
}

/// Why figures are not read: the answer would be too long, or take too much reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HistoryTooLong {
    /// Too many points.
    #[error("the answer would have {points} points, and may have {most}")]
    Points {
        /// How many there would be, over all series.
        points: u64,
        /// How many there may be.
        most: u64,
    },
    /// Too many minutes to read.
    #[error("{minutes} minutes would be read, and {most} may be")]
    Minutes {
        /// How many there would be, over all series.
        minutes: u64,
        /// How many there may be.
        most: u64,
    },
}

/// Reads figures. Blocks. `now` tells the time of the node.
///
/// # Errors
/// [`StoreError`] when the store cannot be read; inside, [`HistoryTooLong`] when less should be asked for.
pub fn read_history(
    store: &dyn Store,
    query: &HistoryQuery,
    mut now: impl FnMut() -> Timestamp,
) -> Result<Result<HistoryView, HistoryTooLong>, StoreError> {
    loop {
        let minutes_from = store.kept_from(Grain::Minute)?;
        let asked = query.from..query.to.min(now());
        let segments = segments(asked, query.step_ms, minutes_from, store.kept_from(Grain::Hour)?);
        let count = match &query.which {
            Which::Each(kind) => store.count_series(&query.org, *kind)?.max(1),
            Which::One(_) => 1,
        };
        if let Err(too_long) = check_length(&segments, count) {
            return Ok(Err(too_long));
        }
        let view = read_segments(store, query, &segments, &mut now)?;
        // Minutes that were removed while they were read are read again as hours.
        if store.kept_from(Grain::Minute)? == minutes_from {
            return Ok(Ok(view));
        }
    }
}

fn check_length(segments: &[Segment], series: u64) -> Result<(), HistoryTooLong> {
    let points = segments.iter().map(Segment::count).sum::<u64>().saturating_mul(series);
    if points > MAX_HISTORY_POINTS {
        return Err(HistoryTooLong::Points { points, most: MAX_HISTORY_POINTS });
    }
    let minutes = segments.iter().map(Segment::rows).sum::<u64>().saturating_mul(series);
    if minutes > MAX_HISTORY_ROWS {
        return Err(HistoryTooLong::Minutes { minutes, most: MAX_HISTORY_ROWS });
    }
    Ok(())
}

fn read_segments(
    store: &dyn Store,
    query: &HistoryQuery,
    segments: &[Segment],
    now: &mut dyn FnMut() -> Timestamp,
) -> Result<HistoryView, StoreError> {
    let mut series: BTreeMap<Series, Vec<Point>> = BTreeMap::new();
    let sole = query.which.sole();
    if let Some(sole) = sole {
        series.insert(sole.clone(), Vec::new());
    }
    let from = segments.first().map_or(query.from, |segment| segment.from);
    let mut to = from;
    for segment in segments {
        let mut found =
            store.figures(&query.org, &query.which, segment.grain, segment.from, segment.end())?;
        // What was found may have happened a moment ago: nothing in it came after this.
        let read_at = now();
        if let Some(sole) = sole.filter(|_| found.is_empty()) {
            let before = Levels::default();
            found.push(SeriesRows { series: sole.clone(), before, rows: Vec::new() });
        }
        for kept in found {
            // One that comes to be between two reads had nothing happen in it before.
            let shown = points(segment, &kept, read_at);
            series.entry(kept.series).or_default().extend(shown);
        }
        to = segment.end().min(read_at);
    }
    series.retain(|of, points| sole == Some(of) || points.iter().any(|point| !point.is_idle()));
    let markers = store.markers(&query.org, from, to, MAX_MARKERS)?;
    Ok(HistoryView { from, to, series: series.into_iter().collect(), markers })
}
