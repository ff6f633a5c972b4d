//! Paces: `5/s` is five starts a second, `10/60s` ten a minute, `1/2m` one every two minutes.

use callslot_api::Pace;
use callslot_api::limits::{MAX_PACE_S, MAX_PACE_STARTS};
use clap::Args;

/// A pace that is typed, without its burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    starts: u32,
    per_s: u32,
}

/// The flags of a pace.
#[derive(Debug, Args)]
pub struct PaceFlags {
    /// How often calls may start, as 5/s, 10/60s or 1/2m (default: no pace)
    #[arg(long, value_parser = parsed)]
    pace: Option<Rate>,
    /// How many may start at once after a pause (default: 1)
    #[arg(long, requires = "pace", value_name = "CALLS", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_PACE_STARTS)))]
    burst: Option<u32>,
}

impl PaceFlags {
    /// The pace, if one was given.
    pub fn pace(&self) -> Option<Pace> {
        let Rate { starts, per_s } = self.pace?;
        Some(Pace { starts, per_s, burst: self.burst.unwrap_or(1) })
    }
}

/// Reads a pace.
pub fn parsed(text: &str) -> Result<Rate, String> {
    let wrong = || format!("`{text}` is no pace; write 5/s, 10/60s, 1/2m or 100/h");
    let (starts, time) = text.split_once('/').ok_or_else(wrong)?;
    let starts: u32 = starts.parse().map_err(|_| wrong())?;
    let digits = time.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit_s: u32 = match &time[digits.len()..] {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        _ => return Err(wrong()),
    };
    let count: u32 = if digits.is_empty() { 1 } else { digits.parse().map_err(|_| wrong())? };
    let per_s = count.checked_mul(unit_s).filter(|per_s| (1..=MAX_PACE_S).contains(per_s));
    let per_s = per_s.ok_or_else(|| format!("the time of a pace is 1 to {MAX_PACE_S} seconds"))?;
    if !(1..=MAX_PACE_STARTS).contains(&starts) {
        return Err(format!("a pace has 1 to {MAX_PACE_STARTS} starts"));
    }
    Ok(Rate { starts, per_s })
}

/// A pace as it is typed, and its burst if that is more than 1.
pub fn shown(pace: &Pace) -> String {
    let time = match pace.per_s {
        1 => "s".to_owned(),
        60 => "m".to_owned(),
        3_600 => "h".to_owned(),
        per_s if per_s % 3_600 == 0 => format!("{}h", per_s / 3_600),
        per_s if per_s % 60 == 0 => format!("{}m", per_s / 60),
        per_s => format!("{per_s}s"),
    };
    let burst = if pace.burst > 1 { format!(" burst {}", pace.burst) } else { String::new() };
    format!("{}/{time}{burst}", pace.starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_read_and_shown() {
        for (text, starts, per_s, again) in [
            ("5/s", 5, 1, "5/s"),
            ("10/60s", 10, 60, "10/m"),
            ("1/2m", 1, 120, "1/2m"),
            ("100/h", 100, 3_600, "100/h"),
            ("7/90s", 7, 90, "7/90s"),
            ("3/24h", 3, 86_400, "3/24h"),
        ] {
            assert_eq!(parsed(text), Ok(Rate { starts, per_s }), "{text}");
            assert_eq!(shown(&Pace { starts, per_s, burst: 1 }), again);
        }
        assert_eq!(shown(&Pace { starts: 5, per_s: 1, burst: 20 }), "5/s burst 20");
    }

    #[test]
    fn what_is_no_pace_is_refused_with_the_way_to_write_one() {
        for text in ["5", "5/", "/s", "5/x", "a/s", "-1/s", "5/1.5s", "5/s s", ""] {
            let said = parsed(text).expect_err(text);
            assert!(said.contains("write 5/s"), "{text}: {said}");
        }
        assert!(parsed("0/s").expect_err("no start").contains("1 to 10000 starts"));
        assert!(parsed("10001/s").expect_err("too many").contains("1 to 10000 starts"));
        for text in ["1/0s", "1/25h", "1/4294967295h"] {
            assert!(parsed(text).expect_err(text).contains("1 to 86400 seconds"));
        }
    }
}
