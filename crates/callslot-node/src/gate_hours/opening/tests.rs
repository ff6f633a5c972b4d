//! Hours by the clocks of time zones that are set forward and back, or go over the date line.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const ALL_DAYS: &str = "mon tue wed thu fri sat sun";

/// Hours from texts: `sat sun 08:00-12:00`, one a span.
fn hours(tz: &str, spans: &[&str]) -> Hours {
    let open = spans.iter().map(|span| span_of(span)).collect();
    Hours { tz: tz.into(), open }
}

fn span_of(text: &str) -> OpenSpan {
    let (days, times) = text.rsplit_once(' ').expect("days and times");
    let (from, to) = times.split_once('-').expect("two times");
    let names: Vec<&str> = ALL_DAYS.split(' ').collect();
    let bit = |day: &str| 1 << names.iter().position(|name| *name == day).expect("a day");
    OpenSpan {
        days: days.split(' ').map(bit).sum(),
        from_min: minute_of(from),
        to_min: minute_of(to),
    }
}

fn minute_of(text: &str) -> u16 {
    let (hour, minute) = text.split_once(':').expect("a time");
    hour.parse::<u16>().expect("an hour") * 60 + minute.parse::<u16>().expect("a minute")
}

fn utc(text: &str) -> Timestamp {
    timestamp(text.parse().expect("a time in UTC")).expect("a time after 1970")
}

fn shown(at: Timestamp) -> String {
    moment(at).expect("a time").to_string()
}

/// From a time on, the hours begin and end at these times; the first says by its sign which of the two comes first.
#[track_caller]
fn check(tz: &str, spans: &[&str], from: &str, expected: &[&str]) {
    let hours = hours(tz, spans);
    let mut opening = Opening::at(&hours, utc(from));
    for expected in expected {
        let (opens, at) = expected.split_at(1);
        assert_eq!(opening.is_within, opens == "-", "{tz} {spans:?} before {at}");
        let changes_at = opening.changes_at.map(shown);
        assert_eq!(changes_at.as_deref(), Some(at), "{tz} {spans:?} from {from}");
        opening = Opening::at(&hours, utc(at));
    }
}

#[test]
fn a_clock_that_is_set_forward_brings_the_morning_an_hour_sooner() {
    let daily = format!("{ALL_DAYS} 08:00-21:00");
    check(
        "America/New_York",
        &[&daily],
        "2026-03-07T13:00:00Z",
        &[
            "-2026-03-08T02:00:00Z",
            "+2026-03-08T12:00:00Z",
            "-2026-03-09T01:00:00Z",
            "+2026-03-09T12:00:00Z",
        ],
    );
}

#[test]
fn a_time_that_is_skipped_opens_nothing() {
    let ny = |spans: &[&str], expected: &[&str]| {
        check("America/New_York", spans, "2026-03-07T20:00:00Z", expected);
    };
    ny(&["sun 02:15-02:45"], &["+2026-03-15T06:15:00Z", "-2026-03-15T06:45:00Z"]);
    ny(&["sun 01:30-02:30"], &["+2026-03-08T06:30:00Z", "-2026-03-08T07:00:00Z"]);
    ny(&["sun 02:30-03:30"], &["+2026-03-08T07:00:00Z", "-2026-03-08T07:30:00Z"]);
    // A gap of two hours.
    let troll = |spans: &[&str], expected: &[&str]| {
        check("Antarctica/Troll", spans, "2026-03-28T12:00:00Z", expected);
    };
    troll(&["sun 01:30-02:30"], &["+2026-04-04T23:30:00Z", "-2026-04-05T00:30:00Z"]);
    troll(&["sun 00:30-03:30"], &["+2026-03-29T00:30:00Z", "-2026-03-29T01:30:00Z"]);
}

#[test]
fn a_time_that_comes_twice_opens_twice() {
    let ny = |spans: &[&str], expected: &[&str]| {
        check("America/New_York", spans, "2026-10-31T20:00:00Z", expected);
    };
    ny(
        &["sun 01:15-01:45"],
        &[
            "+2026-11-01T05:15:00Z",
            "-2026-11-01T05:45:00Z",
            "+2026-11-01T06:15:00Z",
            "-2026-11-01T06:45:00Z",
            "+2026-11-08T06:15:00Z",
        ],
    );
    ny(
        &["sun 00:30-01:30"],
        &[
            "+2026-11-01T04:30:00Z",
            "-2026-11-01T05:30:00Z",
            "+2026-11-01T06:00:00Z",
            "-2026-11-01T06:30:00Z",
        ],
    );
    check(
        "Antarctica/Troll",
        &["sun 01:30-02:00"],
        "2026-10-24T12:00:00Z",
        &[
            "+2026-10-24T23:30:00Z",
            "-2026-10-25T00:00:00Z",
            "+2026-10-25T01:30:00Z",
            "-2026-10-25T02:00:00Z",
        ],
    );
}

#[test]
fn an_offset_may_have_quarters_of_an_hour() {
    check(
        "Asia/Kathmandu",
        &["mon tue wed thu fri 09:00-17:00"],
        "2026-06-05T00:00:00Z",
        &["+2026-06-05T03:15:00Z", "-2026-06-05T11:15:00Z", "+2026-06-08T03:15:00Z"],
    );
}

#[test]
fn a_day_that_a_country_skips_opens_nothing() {
    let apia = |spans: &[&str], expected: &[&str]| {
        check("Pacific/Apia", spans, "2011-12-28T12:00:00Z", expected);
    };
    apia(&["fri 09:00-17:00"], &["+2012-01-05T19:00:00Z", "-2012-01-06T03:00:00Z"]);
    // The night after Thursday is the one before Saturday.
    apia(
        &["thu 22:00-24:00", "sat 00:00-02:00"],
        &["+2011-12-30T08:00:00Z", "-2011-12-30T12:00:00Z", "+2012-01-05T08:00:00Z"],
    );
}

#[test]
fn spans_that_meet_are_one() {
    check(
        "UTC",
        &["mon 22:00-24:00", "tue 00:00-06:00", "tue 05:00-07:00"],
        "2026-06-01T12:00:00Z",
        &["+2026-06-01T22:00:00Z", "-2026-06-02T07:00:00Z", "+2026-06-08T22:00:00Z"],
    );
}

#[test]
fn what_is_always_or_never_open_does_not_change() {
    let at = utc("2026-06-01T12:00:00Z");
    let all = format!("{ALL_DAYS} 00:00-24:00");
    for tz in ["UTC", "America/New_York", "Antarctica/Troll"] {
        let always = Opening::at(&hours(tz, &[&all]), at);
        assert_eq!(always, Opening { is_within: true, changes_at: None }, "{tz}");
        let never = Opening::at(&hours(tz, &[]), at);
        assert_eq!(never, Opening { is_within: false, changes_at: None }, "{tz}");
    }
}

#[test]
fn in_a_time_zone_that_is_not_known_nothing_opens() {
    let all = format!("{ALL_DAYS} 00:00-24:00");
    let opening = Opening::at(&hours("Mars/Olympus", &[&all]), utc("2026-06-01T12:00:00Z"));
    assert_eq!(opening, Opening { is_within: false, changes_at: None });
}

#[test]
fn a_time_zone_has_one_name_whatever_the_case() {
    assert_eq!(time_zone_name("america/new_york").as_deref(), Some("America/New_York"));
    for unknown in ["", "Mars/Olympus", "Etc/Unknown", "../../etc/passwd", "EST5EDT,M3.2.0,M11.1.0"]
    {
        assert_eq!(time_zone_name(unknown), None, "{unknown}");
    }
}

fn any_span() -> impl Strategy<Value = OpenSpan> {
    (1_u8..128, 0_u16..1_440, 1_u16..1_441).prop_map(|(days, from_min, length)| OpenSpan {
        days,
        from_min,
        to_min: (from_min + length).min(1_440),
    })
}

proptest! {
    /// Minute by minute nothing changes before the change that was foretold, and it does then.
    #[test]
    fn nothing_changes_before_the_next_change(
        tz in select(&["America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Antarctica/Troll"][..]),
        open in proptest::collection::vec(any_span(), 1..4),
        // From 2009 to 2027.
        minute in 20_600_000_u64..30_000_000,
    ) {
        let hours = Hours { tz: tz.into(), open };
        let at = Timestamp(minute * 60_000);
        let Opening { is_within: before, changes_at } = Opening::at(&hours, at);
        let zone = time_zone(tz).expect("it is known");
        let is_within_at = |at: u64| is_within(&hours, &zone, moment(Timestamp(at)).expect("a time"));
        let end = changes_at.map_or(at.0 + 15 * 86_400_000, |at| at.0);
        for at in (at.0..end).step_by(60_000) {
            prop_assert_eq!(is_within_at(at), before, "at {}", shown(Timestamp(at)));
        }
        if let Some(changes_at) = changes_at {
            prop_assert_ne!(is_within_at(changes_at.0), before, "at {}", shown(changes_at));
        }
    }
}
