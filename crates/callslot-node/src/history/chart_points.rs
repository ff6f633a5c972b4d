//! Points of a chart, from what is kept of a series. Pure: no store is asked and no clock read.
//!
//! Points lie on a grid that begins at the Unix epoch, so that those of an hour or a day begin with it (UTC). Where only hours
//! are kept and points are to be shorter, points are whole hours; so a span may be in two [`Segment`]s.

use std::ops::Range;

use callslot_core::Timestamp;
use callslot_store::{Figures, Grain, SeriesRows};

/// The figures of a series from one moment to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// When it begins.
    pub at: Timestamp,
    /// How long it is, in milliseconds, at least 1. The last may be shorter than the others: it ends now.
    pub ms: u64,
    /// The figures over all of it.
    pub figures: Figures,
    /// How many starts were refused for want of room.
    pub refused: u64,
}

impl Point {
    /// Points that follow on one another, in order, as one; none if there are none.
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

    /// How many calls were active in the mean over its time.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a mean is shown to three digits")]
    pub fn mean_active(&self) -> f64 {
        self.figures.active_ms as f64 / self.ms as f64
    }

    /// Whether nothing was and nothing happened.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let Figures { peak, starts, ends, .. } = &self.figures;
        peak.active + peak.queued + starts + ends + self.refused == 0
    }
}

/// A part of the span asked for whose points are made from minutes, or from hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    /// What they are made from.
    pub(crate) grain: Grain,
    /// Where the first point begins.
    pub(crate) from: Timestamp,
    /// By then the last point has begun.
    to: Timestamp,
    /// How long points are, in milliseconds.
    step_ms: u64,
    /// Where the last point ends at the latest.
    limit: Option<Timestamp>,
}

impl Segment {
    /// Where the last point ends; it may not have come to that yet.
    pub(crate) fn end(&self) -> Timestamp {
        let end = Timestamp(self.to.0.div_ceil(self.step_ms).saturating_mul(self.step_ms));
        self.limit.map_or(end, |limit| end.min(limit)).max(self.from)
    }

    /// How many points a series has.
    pub(crate) fn count(&self) -> u64 {
        self.end().0.div_ceil(self.step_ms) - self.from.0 / self.step_ms
    }

    /// How many minutes or hours of a series there are at most.
    pub(crate) fn rows(&self) -> u64 {
        self.end().ms_since(self.from) / self.grain.ms()
    }

    /// Where the points begin and end.
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

/// What the points of `asked`, which ends now at the latest, are made from: minutes are there from `minutes_from` on, hours from `hours_from` on.
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

/// The points of one series. What is kept belongs to the segment; nothing happened after `now`.
pub(crate) fn points(segment: &Segment, kept: &SeriesRows, now: Timestamp) -> Vec<Point> {
    let mut levels = kept.before;
    let mut rows = kept.rows.iter().peekable();
    let mut points = Vec::with_capacity(usize::try_from(segment.count()).unwrap_or(0));
    for (at, end) in segment.cells() {
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
