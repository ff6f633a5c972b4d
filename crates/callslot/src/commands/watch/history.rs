//! `callslot history`: figures over time as a table, as CSV or as JSON.

use callslot_api::{HistoryPoint, HistorySeries};
use clap::{Args, ValueEnum};

use crate::failure::Failure;
use crate::output::{print, print_json, print_table, word};
use crate::remote::{Remote, given};

/// Shows figures over time.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot history\n  callslot history --by agent --step 3600 --from 2026-01-31T00:00:00Z\n  \
    callslot history --csv > hour.csv"
)]
pub struct History {
    #[command(flatten)]
    remote: Remote,
    /// Start time, such as 2026-01-31T12:00:00Z (default: an hour before --to)
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// End time (default: now)
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// Length of a row in seconds: whole minutes, up to a day (default: about 120 rows)
    #[arg(long, value_name = "SECONDS")]
    step: Option<u64>,
    /// Group by
    #[arg(long)]
    by: Option<By>,
    /// Show only this gate, with --by gate
    #[arg(long, value_name = "GATE")]
    gate: Option<String>,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

/// What figures can be grouped by, on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// Not at all.
    None,
    /// By agent.
    Agent,
    /// By call type.
    Type,
    /// By gate.
    Gate,
}

impl History {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let step = self.step.map(|step_s| step_s.to_string());
        let by = self.by.map(|by| word(&callslot_api::HistoryBy::from(by)));
        let asked = given(&[
            ("from", self.from.as_deref()),
            ("to", self.to.as_deref()),
            ("step_s", step.as_deref()),
            ("by", by.as_deref()),
            ("gate", self.gate.as_deref()),
        ]);
        if self.csv {
            print(&client.history_csv(&asked)?);
            return Ok(());
        }
        let found = client.history(&asked)?;
        if self.remote.json {
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
}

impl From<By> for callslot_api::HistoryBy {
    fn from(by: By) -> Self {
        match by {
            By::None => Self::None,
            By::Agent => Self::Agent,
            By::Type => Self::Type,
            By::Gate => Self::Gate,
        }
    }
}

fn row(series: &HistorySeries, point: &HistoryPoint) -> Vec<String> {
    let of_type = || series.call_type.map_or_else(|| "all".into(), |call_type| word(&call_type));
    let wait = |of: fn(callslot_api::HistoryWaits) -> u64| {
        point.wait_ms.map_or_else(|| "-".into(), |waits| seconds(of(waits)))
    };
    vec![
        point.at.to_string(),
        series.agent.clone().or_else(|| series.gate.clone()).unwrap_or_else(of_type),
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
    use callslot_api::{HistoryEnds, HistoryWaits, Time};

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
            ended: HistoryEnds::default(),
            refused: 0,
            wait_ms: None,
        };
        let series = HistorySeries { agent: None, call_type: None, gate: None, points: Vec::new() };
        let all = row(&series, &point);
        assert_eq!(all[..4], ["2026-01-31T12:00:00.000Z", "all", "3", "1.50"]);
        assert_eq!(all[10], "-");
        point.wait_ms = Some(HistoryWaits { p50: 0, p95: 950, p99: 1_000, max: 61_250 });
        let series = HistorySeries { agent: Some("support".into()), ..series };
        let of_agent = row(&series, &point);
        assert_eq!((&*of_agent[1], &*of_agent[9], &*of_agent[10]), ("support", "0.9 s", "61.2 s"));
        let series = HistorySeries { agent: None, gate: Some("spring".into()), ..series };
        assert_eq!(row(&series, &point)[1], "spring");
    }
}
