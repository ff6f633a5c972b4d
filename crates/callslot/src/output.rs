//! What commands print to standard output: lines, tables, JSON, and the API's words.

use std::io::{self, Write};

use callslot_api::{BlockedOn, Pool, PoolAgent, PoolTypes, Time};
use serde::Serialize;

/// Whether printing goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printed {
    /// It was printed.
    Whole,
    /// The reader has gone, which is not a failure.
    ReaderGone,
}

/// Prints a text as it is.
pub fn print(text: &str) -> Printed {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Printed::Whole,
        Err(_) => Printed::ReaderGone,
    }
}

pub fn print_line(line: &str) -> Printed {
    print(&format!("{line}\n"))
}

/// Prints a value as JSON.
pub fn print_json(value: &impl Serialize) -> Printed {
    print_line(&serde_json::to_string_pretty(value).expect("the API's types can be written"))
}

/// Prints rows in columns as wide as they need to be. The first row is the heading.
pub fn print_table(rows: &[Vec<String>]) -> Printed {
    print(&table(rows))
}

/// Rows in columns as wide as they need to be. The first row is the heading.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Prints a value: as JSON for programs, as a line for people.
pub fn show(json: bool, value: &impl Serialize, line: &str) {
    if json {
        print_json(value)
    } else {
        print_line(line)
    };
}

/// Prints that something was deleted.
pub fn show_gone(json: bool, what: &str, id: &str) {
    show(json, &serde_json::json!({ "deleted": id }), &format!("deleted {what} {id}"));
}

/// Prints a list: as JSON for programs, as a table for people.
pub fn show_list<T: Serialize>(
    json: bool,
    items: &[T],
    heading: &[&str],
    row: impl Fn(&T) -> Vec<String>,
) {
    if json {
        print_json(&items);
        return;
    }
    let heading = heading.iter().map(ToString::to_string).collect();
    let rows: Vec<_> = std::iter::once(heading).chain(items.iter().map(row)).collect();
    print_table(&rows);
}

/// A value, or `-` if there is no value.
pub fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".into(), |value| value.to_string())
}

/// A word of the API as it is written there.
pub fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|json| json.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Why a call waits, in words.
pub fn why(blocked_on: BlockedOn) -> &'static str {
    match blocked_on {
        BlockedOn::NothingShared => "nothing shared",
        BlockedOn::Limit => "limit reached",
        BlockedOn::Settling => "settling",
        BlockedOn::AgentCap => "agent cap reached",
        BlockedOn::TypeCap => "type cap reached",
        BlockedOn::GateCap => "gate cap reached",
        BlockedOn::GatePaused => "gate paused",
        BlockedOn::GateHours => "outside gate hours",
        BlockedOn::Paced => "paced",
        BlockedOn::SharedFull => "shared pool full",
    }
}

/// The types that have a cap, with what of it is in use.
pub fn type_caps(pool: &Pool) -> Vec<String> {
    let of = pool.type_caps;
    let caps = [
        ("webcall", of.webcall),
        ("chat", of.chat),
        ("outbound", of.outbound),
        ("inbound", of.inbound),
    ];
    let active = |place: usize| -> u32 {
        let of_agent = |agent: &PoolAgent| {
            let PoolTypes { webcall, chat, outbound, inbound } = agent.types;
            [webcall, chat, outbound, inbound][place].active
        };
        pool.agents.iter().map(of_agent).sum()
    };
    let capped = caps.into_iter().enumerate().filter_map(|(place, (name, cap))| {
        cap.map(|cap| format!("{name} {} of {cap}", active(place)))
    });
    capped.collect()
}

/// A span of time for people, at most six characters long: `41 s`, `3m12s`, `2h05m`, `3d04h`. A second that has begun counts.
pub fn span(ms: u64) -> String {
    whole_span(ms.div_ceil(1_000))
}

/// Likewise of whole seconds.
pub fn whole_span(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{minutes}m{:02}s", seconds % 60),
        3_600..86_400 => format!("{hours}h{:02}m", minutes % 60),
        _ => format!("{days}d{:02}h", hours % 24),
    }
}

/// A time of the server for people: `2026-01-31 12:03:07`, in UTC.
pub fn to_the_second(time: Time) -> String {
    time.to_string().get(..19).unwrap_or_default().replace('T', " ")
}

/// How full a pool is. A slot that is reserved and idle is not free: only its agent may use it.
pub fn headline(pool: &Pool) -> String {
    let Pool { active, limit, reserved, shared, .. } = pool;
    let idle = reserved.saturating_sub(active.saturating_sub(shared.in_use));
    let idle = if idle > 0 { format!(" · {idle} reserved and idle") } else { String::new() };
    format!("{active} of {limit} in use · {} free{idle}", shared.free)
}

/// A number for people: with a comma after each three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_spans_are_written_for_people() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
        for (ms, text) in [
            (0, "0 s"),
            (1, "1 s"),
            (59_001, "1m00s"),
            (192_000, "3m12s"),
            (7_500_000, "2h05m"),
            (273_600_000, "3d04h"),
        ] {
            assert_eq!(span(ms), text);
        }
        assert_eq!(to_the_second(Time(1_769_860_987_007)), "2026-01-31 12:03:07");
    }
}
