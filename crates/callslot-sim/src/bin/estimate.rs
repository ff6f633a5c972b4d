//! Prints how right the estimated waits are in six kinds of traffic; see `estimate.rs` of the library.

use callslot_sim::{EstimateTraffic, JudgedEstimates, estimate_kinds, estimates};

fn main() {
    println!(
        "The error is the factor between estimate and wait, at least 1 s each. \
         Targets: p50 ≤ 1.5, p90 ≤ 3; steady traffic is never told less than half.\n"
    );
    println!(
        "| traffic | queued calls | without estimate | error p50 | p90 | least told / waited | below half | \
         cannot start: told |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for traffic in estimate_kinds() {
        println!("{}", row(&traffic, &estimates(&traffic)));
    }
}

fn row(traffic: &EstimateTraffic, judged: &JudgedEstimates) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} |",
        traffic.name,
        judged.queued(),
        judged.untold,
        hundredths(judged.error(50)),
        hundredths(judged.error(90)),
        hundredths(judged.least()),
        judged
            .below_half()
            .map_or_else(|| "-".into(), |many| format!("{} %", decimal(many as u64))),
        if judged.hopeless == 0 {
            "-".into()
        } else {
            format!("{} of {}", judged.hopeless_told, judged.hopeless)
        },
    )
}

fn hundredths(number: Option<u64>) -> String {
    number.map_or_else(|| "-".into(), decimal)
}

fn decimal(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
