//! `callslot history`: figures over time as a table, as CSV or as JSON.

use callslot_api::{HistoryPoint, HistorySeries};

use crate::cli::History;
use crate::commands::status::{client, word};
use crate::output::{Failure, print, print_json, print_table};

/// Prints figures over time.
pub fn history(history: &History) -> Result<(), Failure> {
    let client = client(&history.remote);
    let step = history.step.map(|step_s| step_s.to_string());
    let by = history.by.map(|by| word(&callslot_api::HistoryBy::from(by)));
    let asked = [
        ("from", history.from.as_deref()),
        ("to", history.to.as_deref()),
        ("step_s", step.as_deref()),
        ("by", by.as_deref()),
    ];
    let asked: Vec<_> =
        asked.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect();
    if history.csv {
        print(&client.history_csv(&asked)?);
        return Ok(());
    }
    let found = client.history(&asked)?;
    if history.remote.json {
        print_json(&found);
        return Ok(());
    }
    let heading = [
        "at", "series", "peak", "mean", "queued", "starts", "ends", "refused", "p50", "p95",
        "max wait",
    ];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for series in &found.series {
        rows.extend(series.points.iter().map(|point| row(series, point)));
    }
    print_table(&rows);
    Ok(())
}

fn row(series: &HistorySeries, point: &HistoryPoint) -> Vec<String> {
    let of_type = || series.call_type.map_or_else(|| "all".into(), |call_type| word(&call_type));
    let wait = |of: fn(callslot_api::HistoryWaits) -> u64| {
        point.wait_ms.map_or_else(|| "-".into(), |waits| seconds(of(waits)))
    };
    vec![
        point.at.to_string(),
        series.agent.clone().unwrap_or_else(of_type),
        point.peak_active.to_string(),
        format!("{:.2}", point.mean_active),
        point.peak_queued.to_string(),
        point.starts.to_string(),
        point.ends.to_string(),
        point.refused.to_string(),
        wait(|waits| waits.p50),
        wait(|waits| waits.p95),
        wait(|waits| waits.max),
    ]
}

/// A wait to a tenth of a second.
fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use callslot_api::{HistoryWaits, Time};

    #[test]
    fn a_row_says_whose_figures_it_has_and_that_there_were_no_waits() {
        let mut point = HistoryPoint {
            at: Time(1_769_860_800_000),
            span_ms: 60_000,
            peak_active: 3,
            mean_active: 1.5,
            peak_queued: 0,
            starts: 0,
            ends: 2,
            refused: 0,
            wait_ms: None,
        };
        let series = HistorySeries { agent: None, call_type: None, points: Vec::new() };
        let all = row(&series, &point);
        assert_eq!(all[..4], ["2026-01-31T12:00:00.000Z", "all", "3", "1.50"]);
        assert_eq!(all[10], "-");
        point.wait_ms = Some(HistoryWaits { p50: 0, p95: 950, p99: 1_000, max: 61_250 });
        let series = HistorySeries { agent: Some("support".into()), ..series };
        let of_agent = row(&series, &point);
        assert_eq!((&*of_agent[1], &*of_agent[9], &*of_agent[10]), ("support", "0.9 s", "61.2 s"));
    }
}
