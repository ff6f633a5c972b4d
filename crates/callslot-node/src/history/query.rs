//! Reads figures from the history over any span of time, within bounds. Computes nothing itself: `chart_points.rs` does.
//! Start reading at [`read_history`].

use std::collections::BTreeMap;

use callslot_core::{OrgId, Timestamp};
use callslot_store::{Grain, Levels, Marker, Series, SeriesRows, Store, StoreError, Which};

use crate::history::chart_points::{Point, Segment, points, segments};
use crate::limits::{MAX_HISTORY_POINTS, MAX_HISTORY_ROWS, MAX_MARKERS};

/// Which figures to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryQuery {
    pub org: OrgId,
    pub which: Which,
    /// Start of the span. It is rounded down to the start of its step.
    pub from: Timestamp,
    /// End of the span; nothing later than the time of reading is shown.
    pub to: Timestamp,
    /// Length of a point in milliseconds; a whole number of minutes.
    pub step_ms: u64,
}

/// Figures over a span of time.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryView {
    /// Start of the first point.
    pub from: Timestamp,
    /// End of the last point.
    pub to: Timestamp,
    /// The points of each series that is not idle throughout, ordered by series. A query for one series always gets that
    /// series.
    pub series: Vec<(Series, Vec<Point>)>,
    /// The most recent changes of settings in the span, oldest first.
    pub markers: Vec<Marker>,
}

/// The query is too large: its answer would be too long, or take too much reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HistoryTooLong {
    #[error("the answer would have {points} points; at most {most} are allowed")]
    Points {
        /// Over all series.
        points: u64,
        most: u64,
    },
    #[error("{minutes} minutes would be read; at most {most} are allowed")]
    Minutes {
        /// Over all series.
        minutes: u64,
        most: u64,
    },
}

/// Reads figures. Blocks. `now` returns the node's time.
///
/// # Errors
/// [`StoreError`] when the store cannot be read; the inner [`HistoryTooLong`] when the query is too large.
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
        // If minutes were removed during the read, read again: those times now have only hours.
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
        // Taken after the read, so nothing found can be later than this, unless a clock was ahead for a while.
        let read_at = now();
        if let Some(sole) = sole.filter(|_| found.is_empty()) {
            let before = Levels::default();
            found.push(SeriesRows { series: sole.clone(), before, rows: Vec::new() });
        }
        for kept in found {
            // A series that appears between two reads was idle before.
            let shown = points(segment, &kept, read_at);
            series.entry(kept.series).or_default().extend(shown);
        }
        to = segment.end().min(read_at).max(from);
    }
    series.retain(|of, points| sole == Some(of) || points.iter().any(|point| !point.is_idle()));
    let markers = store.markers(&query.org, from, to, MAX_MARKERS)?;
    Ok(HistoryView { from, to, series: series.into_iter().collect(), markers })
}
