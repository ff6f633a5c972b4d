//! Whether hours are open at a time, and when that changes next. It knows time zones and reads no clock.
//!
//! What happens while a clock is set forward or back follows from one rule: a gate is open at a moment if the clock of its time zone
//! shows a time of its hours at that moment. So a time that is skipped opens nothing, and one that comes twice opens twice.

use callslot_core::{Hours, OpenSpan, Timestamp};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp as Moment, ToSpan};

/// How many days are looked at for the next change. Hours repeat every week, and what a week shows may be skipped once: a clock set
/// forward skips an hour, and a country that changes to the other side of the date line a day.
const DAYS_AHEAD: i64 = 16;
/// A change found on one day is the next one if none is found on that many days after it, as a clock set back moves days by at most one.
const DAYS_BEHIND: i64 = 2;
const MINUTES_PER_DAY: u16 = 24 * 60;

/// What hours are at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening {
    /// Whether a gate is within them.
    pub(crate) is_within: bool,
    /// When that changes next; none if it does not.
    pub(crate) changes_at: Option<Timestamp>,
}

impl Opening {
    /// What hours are at this time. In a time zone that is not known a gate stays closed: at the wrong time nobody should be called.
    pub(crate) fn at(hours: &Hours, at: Timestamp) -> Self {
        let known = time_zone(&hours.tz).zip(moment(at));
        let Some((zone, now)) = known else {
            return Self { is_within: false, changes_at: None };
        };
        let is_within = is_within(hours, &zone, now);
        let changes_at = next_change(hours, &zone, now, is_within);
        Self { is_within, changes_at: changes_at.and_then(timestamp) }
    }
}

/// The name of a time zone as the IANA database has it, whatever its case in `name`; none if it has no such zone.
#[must_use]
pub fn time_zone_name(name: &str) -> Option<String> {
    let zone = time_zone(name)?;
    zone.iana_name().filter(|_| !zone.is_unknown()).map(str::to_owned)
}

/// By the system's database, which is updated without Callslot, else by the one that comes with it.
fn time_zone(name: &str) -> Option<TimeZone> {
    let of_system = jiff::tz::db().get(name);
    of_system.or_else(|_| TimeZoneDatabase::bundled().get(name)).ok()
}

fn is_within(hours: &Hours, zone: &TimeZone, at: Moment) -> bool {
    let shown = zone.to_datetime(at);
    let day = 1 << shown.date().weekday().to_monday_zero_offset();
    let minute =
        u16::from(shown.hour().unsigned_abs()) * 60 + u16::from(shown.minute().unsigned_abs());
    hours.open.iter().any(|span| span.days & day != 0 && span.contains(minute))
}

trait Contains {
    fn contains(&self, minute: u16) -> bool;
}

impl Contains for OpenSpan {
    fn contains(&self, minute: u16) -> bool {
        (self.from_min..self.to_min).contains(&minute)
    }
}

/// The first moment after `now` at which it is otherwise.
///
/// It can only change when the clock shows the beginning or the end of a span, or when it is set. Each such moment is looked at.
fn next_change(hours: &Hours, zone: &TimeZone, now: Moment, is_within_now: bool) -> Option<Moment> {
    let changes = |at: &Moment| *at > now && is_within(hours, zone, *at) != is_within_now;
    let until = now.checked_add(SignedDuration::from_hours(24 * DAYS_AHEAD)).ok()?;
    let set = zone.following(now).map(|transition| transition.timestamp());
    let mut first = set.take_while(|at| *at <= until).find(changes);
    let today = zone.to_datetime(now).date();
    let mut found_on = None;
    for ahead in -1..=DAYS_AHEAD {
        if found_on.is_some_and(|day| ahead > day + DAYS_BEHIND) {
            break;
        }
        let Ok(date) = today.checked_add(ahead.days()) else { break };
        let next = edges(hours, date).flat_map(|shown| moments(zone, shown)).filter(changes).min();
        if let Some(next) = next {
            found_on = found_on.or(Some(ahead));
            first = Some(first.map_or(next, |first| first.min(next)));
        }
    }
    first
}

/// The times of a day at which a span begins or ends.
fn edges(hours: &Hours, date: Date) -> impl Iterator<Item = DateTime> {
    let day = 1 << date.weekday().to_monday_zero_offset();
    let spans = hours.open.iter().filter(move |span| span.days & day != 0);
    spans.flat_map(move |span| {
        [span.from_min, span.to_min].into_iter().filter_map(move |minute| at_minute(date, minute))
    })
}

fn at_minute(date: Date, minute: u16) -> Option<DateTime> {
    let date = if minute < MINUTES_PER_DAY { date } else { date.tomorrow().ok()? };
    let minute = minute % MINUTES_PER_DAY;
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    Some(date.to_datetime(Time::new(hour, minute, 0, 0).ok()?))
}

/// The moments at which the clock shows this time: one, or two if it is set back over it. If it is set forward over it, two near it
/// that do no harm.
fn moments(zone: &TimeZone, shown: DateTime) -> impl Iterator<Item = Moment> {
    let ambiguous = zone.to_ambiguous_timestamp(shown);
    [ambiguous.earlier(), ambiguous.later()].into_iter().flatten()
}

fn moment(at: Timestamp) -> Option<Moment> {
    Moment::from_millisecond(i64::try_from(at.0).ok()?).ok()
}

fn timestamp(moment: Moment) -> Option<Timestamp> {
    u64::try_from(moment.as_millisecond()).ok().map(Timestamp)
}

#[cfg(test)]
mod tests;
