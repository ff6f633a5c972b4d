//! Points of a chart, computed from the stored minutes or hours of a series. Pure: reads no store and no clock.
//!
//! Points lie on a grid that begins at the Unix epoch, so points of an hour or a day begin on the hour or at midnight UTC.
//! Where shorter points are asked for but only hours are kept, points are whole hours; so a span may consist of two
//! [`Segment`]s.

use std::ops::Range;

use callslot_core::Timestamp;
use callslot_store::{Figures, Grain, SeriesRows};

/// The figures of a series over one step of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub at: Timestamp,
    /// Its length in milliseconds, at least 1. The last point may be shorter than the others, since it ends now.
    pub ms: u64,
    pub figures: Figures,
    /// How many starts were refused for lack of room.
    pub refused: u64,
}

impl Point {
    /// Merges consecutive points, given in order, into one; none if there are none.
    #[must_use]
    pub fn joined(points: &[Self]) -> Option<Self> {
        let first = points.first()?;
        let ms = points.iter().map(|point| point.ms).sum();
        let figures = Figures::quiet(first.figures.before, ms);
        let mut whole = Self { at: first.at, ms, figures, refused: 0 };
        let mut left_ms = ms;
        for point in points {
            left_ms -= point.ms;
            whole.figures.append(&point.figures, point.ms, left_ms);
            whole.refused += point.refused;
        }
        Some(whole)
    }

    /// The mean number of active calls.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a mean is shown to three digits")]
    pub fn mean_active(&self) -> f64 {
        self.figures.active_ms as f64 / self.ms as f64
    }

    /// Whether there were no calls, no events and no refusals.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let Figures { peak, starts, ends, .. } = &self.figures;
        peak.active + peak.queued + starts + ends + self.refused == 0
    }
}

/// A part of the requested span whose points all come from minutes, or all from hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) grain: Grain,
    /// Start of the first point.
    pub(crate) from: Timestamp,
    /// The last point begins before this time.
    to: Timestamp,
    step_ms: u64,
    /// The latest end of the last point, if it is cut off.
    limit: Option<Timestamp>,
}

impl Segment {
    /// End of the last point; may be in the future.
    pub(crate) fn end(&self) -> Timestamp {
        let end = Timestamp(self.to.0.div_ceil(self.step_ms).saturating_mul(self.step_ms));
        self.limit.map_or(end, |limit| end.min(limit)).max(self.from)
    }

    /// The number of points in each series.
    pub(crate) fn count(&self) -> u64 {
        self.end().0.div_ceil(self.step_ms) - self.from.0 / self.step_ms
    }

    /// The largest number of minutes or hours that a series may have.
    pub(crate) fn rows(&self) -> u64 {
        self.end().ms_since(self.from) / self.grain.ms()
    }

    /// The start and end of each point.
    fn cells(&self) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let (mut from, end, step_ms) = (self.from, self.end(), self.step_ms);
        std::iter::from_fn(move || {
            let next = Timestamp((from.0 / step_ms + 1) * step_ms).min(end);
            let cell = (from < end).then_some((from, next));
            from = next;
            cell
        })
    }
}

/// Splits the requested span, which ends no later than now, by what its points are made from. Minutes are kept since
/// `minutes_from`, hours since `hours_from`.
pub(crate) fn segments(
    asked: Range<Timestamp>,
    step_ms: u64,
    minutes_from: Timestamp,
    hours_from: Timestamp,
) -> Vec<Segment> {
    let hour_ms = Grain::Hour.ms();
    let (from, to) = (asked.start.max(hours_from), asked.end);
    let begin = |step_ms: u64| Timestamp(from.0 - from.0 % step_ms);
    let hours = |limit| {
        let step_ms = step_ms.div_ceil(hour_ms) * hour_ms;
        Segment { grain: Grain::Hour, from: begin(step_ms), to, step_ms, limit }
    };
    let minutes = || {
        let from = begin(step_ms).max(minutes_from);
        Segment { grain: Grain::Minute, from, to, step_ms, limit: None }
    };
    let mut segments = if step_ms.is_multiple_of(hour_ms) {
        vec![hours(None)]
    } else if from >= minutes_from {
        vec![minutes()]
    } else if to <= minutes_from {
        vec![hours(Some(minutes_from))]
    } else {
        vec![hours(Some(minutes_from)), minutes()]
    };
    segments.retain(|segment| from < to && segment.from < segment.to);
    segments
}

/// The points of one series. `kept` covers the segment. What it has of times later than `now`, where a clock was ahead for a while, is
/// not shown.
pub(crate) fn points(segment: &Segment, kept: &SeriesRows, now: Timestamp) -> Vec<Point> {
    let mut levels = kept.before;
    let mut rows = kept.rows.iter().filter(|row| row.at <= now).peekable();
    let mut points = Vec::with_capacity(usize::try_from(segment.count()).unwrap_or(0));
    // The clock may have been set back since the span was chosen.
    for (at, end) in segment.cells().take_while(|(at, _)| *at < now) {
        let mut point = Point {
            at,
            ms: end.ms_since(at),
            figures: Figures::quiet(levels, end.ms_since(at)),
            refused: 0,
        };
        while let Some(row) = rows.next_if(|row| row.at < end) {
            if let Some(part) = &row.figures {
                let left_ms = end.ms_since(Timestamp(row.at.0 + segment.grain.ms()));
                point.figures.append(part, segment.grain.ms(), left_ms);
            }
            point.refused += row.refused;
        }
        levels = point.figures.after;
        let left_ms = end.ms_since(now);
        point.figures.active_ms = point.figures.active_ms_without_last(left_ms);
        point.ms -= left_ms;
        points.push(point);
    }
    points
}
