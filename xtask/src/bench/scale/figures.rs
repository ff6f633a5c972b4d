//! Figures: read from the output of a load, and printed with their units and targets.

use std::fmt::Display;
use std::time::Duration;

/// The figure after a name.
pub fn figure<'a>(said: &'a str, name: &str) -> Result<&'a str, String> {
    let rest = said.split(name).nth(1).ok_or_else(|| format!("no {name} in {said}"))?;
    let rest = rest.trim_start_matches([' ', '"', ':']);
    let end = rest.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(rest.len());
    Ok(&rest[..end])
}

pub fn per_second(said: &str) -> Result<String, String> {
    Ok(format!("{} a second", figure(said, "per_s")?))
}

/// The same for the output of a load of other callers.
pub fn per_second_of(said: &str) -> Result<String, String> {
    let figure = figure(said, "pairs_per_s")?;
    Ok(format!("{} a second", figure.split('.').next().unwrap_or(figure)))
}

pub fn us(figure: &str) -> String {
    format!("{figure} µs")
}

/// Microseconds as milliseconds.
pub fn ms(figure: &str) -> Result<String, String> {
    let us: f64 = figure.parse().map_err(|_| format!("{figure} is no number"))?;
    Ok(format!("{:.1} ms", us / 1_000.0))
}

pub fn seconds(took: Duration) -> String {
    format!("{:.2} s", took.as_secs_f64())
}

pub fn bytes(count: u64) -> String {
    format!("{count} B")
}

pub fn mib(count: u64) -> String {
    format!("{} MiB", count >> 20)
}

pub fn percent(thousandths: u64) -> String {
    format!("{}.{} % of a processor", thousandths / 10, thousandths % 10)
}

/// Prints a figure and its target.
pub fn say(what: &str, figure: impl Display, target: &str) {
    let target = if target.is_empty() { String::new() } else { format!("(target: {target})") };
    println!("{what:<56} {figure:>24}  {target}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_stands_behind_its_name() {
        let said = "ends 20, seconds 1.5, per_s 13, p50 2, p99 4, max 5\n";
        assert_eq!(figure(said, "per_s"), Ok("13"));
        assert_eq!(figure(said, "seconds"), Ok("1.5"));
        assert_eq!(figure(said, "max"), Ok("5"));
        let json = "{\n  \"start_us\": {\n    \"p99\": 812,\n    \"p99_9\": 900,\n    \"max\": 7";
        assert_eq!(figure(json, "p99"), Ok("812"));
        assert_eq!(figure(json, "max"), Ok("7"));
        assert!(figure(json, "p50").is_err());
    }
}
