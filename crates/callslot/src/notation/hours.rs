//! Opening hours: `mon-fri 08:00-21:00; sat 10:00-14:00`. Several spans of a day are separated by commas.

use callslot_api::{Day, Hours, OpenSpan};
use clap::Args;

use crate::output::word;

const DAYS: [Day; 7] = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun];

/// The flags of opening hours.
#[derive(Debug, Args)]
pub struct HoursFlags {
    /// When calls may start, as 'mon-fri 08:00-21:00; sat 10:00-14:00' (default: always)
    #[arg(long, requires = "tz", value_parser = parsed)]
    hours: Option<Spans>,
    /// The time zone of the hours
    #[arg(
        long,
        help = "The time zone of the hours, as America/New_York",
        requires = "hours",
        value_name = "ZONE"
    )]
    tz: Option<String>,
}

/// Hours that are typed, without their time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spans(Vec<OpenSpan>);

impl HoursFlags {
    /// The hours, if they were given.
    pub fn hours(&self) -> Option<Hours> {
        let (Spans(open), tz) = (self.hours.clone()?, self.tz.clone()?);
        Some(Hours { tz, open })
    }
}

/// Reads hours.
pub fn parsed(text: &str) -> Result<Spans, String> {
    let mut open = Vec::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (days, spans) = part.split_once(char::is_whitespace).ok_or_else(|| {
            format!("`{part}` has no times; write days and times, as mon-fri 08:00-21:00")
        })?;
        let days = days_of(days)?;
        for span in spans.split(',').map(str::trim) {
            let (from, to) = span
                .split_once('-')
                .filter(|(from, to)| is_time(from) && is_time(to))
                .ok_or_else(|| {
                    format!("`{span}` is no span of a day; write it as 08:00-21:00, up to 24:00")
                })?;
            if from >= to {
                return Err(format!(
                    "`{span}` ends before it begins; write hours over midnight as two, as mon 22:00-24:00; tue 00:00-06:00"
                ));
            }
            let (from, to) = (from.to_owned(), to.to_owned());
            open.push(OpenSpan { days: days.clone(), from, to });
        }
    }
    if open.is_empty() {
        return Err("no hours are given; write them as mon-fri 08:00-21:00".to_owned());
    }
    Ok(Spans(open))
}

/// Days, as `mon`, `mon-fri` or `mon,wed,fri`. A range may go over Sunday.
fn days_of(text: &str) -> Result<Vec<Day>, String> {
    let place = |name: &str| {
        let name = name.to_ascii_lowercase();
        DAYS.iter().position(|day| word(day) == name).ok_or_else(|| {
            format!("`{name}` is no day; days are mon, tue, wed, thu, fri, sat and sun")
        })
    };
    let mut is_open = [false; 7];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (place(first)?, place(last)?);
        let count = (last + 7 - first) % 7 + 1;
        (first..first + count).for_each(|day| is_open[day % 7] = true);
    }
    Ok(DAYS.into_iter().zip(is_open).filter_map(|(day, is_open)| is_open.then_some(day)).collect())
}

/// Whether a text is a time of day, `00:00` to `24:00`.
fn is_time(text: &str) -> bool {
    let Some((hour, minute)) = text.split_once(':') else { return false };
    let number = |text: &str| {
        let is_two = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u8>().ok().filter(|_| is_two)
    };
    match (number(hour), number(minute)) {
        (Some(24), Some(minute)) => minute == 0,
        (Some(hour), Some(minute)) => hour < 24 && minute < 60,
        _ => false,
    }
}

/// Hours as they are typed, with their time zone.
pub fn shown(hours: &Hours) -> String {
    let spans = hours
        .open
        .iter()
        .map(|span| format!("{} {}-{}", days_shown(&span.days), span.from, span.to));
    let spans: Vec<_> = spans.collect();
    let spans = if spans.is_empty() { "never".to_owned() } else { spans.join("; ") };
    format!("{spans} ({})", hours.tz)
}

/// Days as they are typed: neighbours as a range.
fn days_shown(days: &[Day]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for place in (0..7).filter(|&place| days.contains(&DAYS[place])) {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == place => *last = place,
            _ => ranges.push((place, place)),
        }
    }
    let ranges = ranges.into_iter().map(|(first, last)| match last - first {
        0 => word(&DAYS[first]),
        1 => format!("{},{}", word(&DAYS[first]), word(&DAYS[last])),
        _ => format!("{}-{}", word(&DAYS[first]), word(&DAYS[last])),
    });
    ranges.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_and_shown_as_they_are_written() {
        for (text, again) in [
            ("mon-fri 08:00-21:00; sat 10:00-14:00", "mon-fri 08:00-21:00; sat 10:00-14:00"),
            ("Mon,Wed 08:00-12:00,13:00-24:00", "mon,wed 08:00-12:00; mon,wed 13:00-24:00"),
            ("sat-mon 00:00-24:00;", "mon,sat,sun 00:00-24:00"),
            ("mon,mon-wed,fri 09:30-10:00", "mon-wed,fri 09:30-10:00"),
        ] {
            let Spans(open) = parsed(text).expect(text);
            let hours = Hours { tz: "Europe/Rome".into(), open };
            assert_eq!(shown(&hours), format!("{again} (Europe/Rome)"));
        }
    }

    #[test]
    fn wrong_hours_are_refused_with_the_part_that_is_wrong() {
        for (text, said) in [
            ("", "no hours are given"),
            ("mon-fri", "`mon-fri` has no times"),
            ("today 08:00-21:00", "`today` is no day"),
            ("mon 8-21", "`8-21` is no span of a day"),
            ("mon 08:00-24:01", "`08:00-24:01` is no span"),
            ("mon 08:60-21:00", "`08:60-21:00` is no span"),
            ("mon +8:00-21:00", "`+8:00-21:00` is no span"),
            ("mon 22:00-06:00", "`22:00-06:00` ends before it begins"),
            ("mon 08:00-08:00", "ends before it begins"),
        ] {
            let refused = parsed(text).expect_err(text);
            assert!(refused.contains(said), "{text}: {refused}");
        }
    }
}
