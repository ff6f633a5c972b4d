//! The slowest steps and the slowest tests of a run: shorten these when it takes too long.

use std::fs;
use std::time::Duration;

use crate::process::step::{Time, root, times};

/// How many of each are shown.
const SHOWN: usize = 20;
/// Where nextest writes how long each test took; `.config/nextest.toml` says so.
const REPORT: &str = "target/nextest/default/junit.xml";

/// Prints the slowest steps, and the slowest tests where nextest ran them.
pub fn show() {
    table("slowest steps", times());
    // Without nextest there is no report, and a run that failed early may have none yet.
    if let Ok(report) = fs::read_to_string(root().join(REPORT)) {
        table("slowest tests, several at a time", tests(&report));
    }
}

fn table(title: &str, times: Vec<Time>) {
    println!("── {title}");
    for Time { name, took } in slowest(times) {
        println!("{:>8.1} s  {name}", took.as_secs_f64());
    }
}

fn slowest(mut times: Vec<Time>) -> Vec<Time> {
    times.sort_by_key(|time| std::cmp::Reverse(time.took));
    times.truncate(SHOWN);
    times
}

/// The tests of a report as nextest writes it, in the form of `JUnit`: an element a test, with its attributes on one line.
fn tests(report: &str) -> Vec<Time> {
    let attribute = |element: &str, name: &str| {
        let (_, value) = element.split_once(&format!(" {name}=\""))?;
        value.split('"').next().map(str::to_owned)
    };
    let test = |element: &str| {
        let element = element.split('>').next()?;
        let name = [attribute(element, "classname")?, attribute(element, "name")?].join(" ");
        let took = attribute(element, "time")?.parse().ok()?;
        Some(Time { name, took: Duration::try_from_secs_f64(took).ok()? })
    };
    report.split("<testcase").skip(1).filter_map(test).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_come_first_and_no_more_than_twenty() {
        let time = |n: u64| Time { name: n.to_string(), took: Duration::from_secs(n) };
        let names: Vec<_> =
            slowest((0..30).map(time).collect()).into_iter().map(|t| t.name).collect();
        assert_eq!(names, (10..30).rev().map(|n: u64| n.to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn a_report_of_nextest_is_read() {
        let report = r#"<testsuites name="nextest-run"><testsuite name="a">
            <testcase name="x::is_quick" classname="a::b" timestamp="2026-01-01T00:00:00" time="0.016"></testcase>
            <testcase name="is_slow" classname="a" time="33.500"><system-out>time="9"</system-out></testcase>"#;
        let time = |name: &str, ms| Time { name: name.into(), took: Duration::from_millis(ms) };
        assert_eq!(tests(report), [time("a::b x::is_quick", 16), time("a is_slow", 33_500)]);
    }
}
