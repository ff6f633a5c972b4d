//! How right the estimated waits are: traffic for hours of virtual time, each queued call's estimate as it queues, and how long
//! it then waited.
//!
//! It drives the real core alone, without a server, a disk or a sleep; a seed decides what comes when. Start reading at
//! [`estimates`]; the kinds of traffic are in `estimate/traffic.rs`.

mod course;
mod judged;
mod traffic;

pub use judged::Judged as JudgedEstimates;
pub use traffic::{Traffic as EstimateTraffic, kinds as estimate_kinds};

use crate::estimate::course::Course;
use crate::estimate::judged::Judged;
use crate::estimate::traffic::Traffic;

/// Each kind of traffic runs with these seeds.
const SEEDS: [u64; 3] = [1, 2, 3];

/// Runs a kind of traffic and judges the estimates that its queued calls were given.
#[must_use]
pub fn estimates(traffic: &Traffic) -> Judged {
    let mut judged = Judged::default();
    for seed in SEEDS {
        Course::new(traffic, seed, &mut judged).run();
    }
    judged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_as_right_as_promised_in_every_kind_of_traffic() {
        for traffic in estimate_kinds() {
            let judged = estimates(&traffic);
            let name = traffic.name;
            assert!(judged.queued() > 1_000, "{name}: {} calls queued", judged.queued());
            assert!(judged.untold * 1_000 < judged.queued(), "{name}: {} untold", judged.untold);
            let (half, most) = (judged.error(50), judged.error(90));
            assert!(half.is_some_and(|error| error <= 150), "{name}: half are off by {half:?} %");
            assert!(most.is_some_and(|error| error <= 300), "{name}: a tenth by over {most:?} %");
            assert_eq!(judged.hopeless_told, 0, "{name}: told a wait that never ends");
            if name == "steady" {
                assert_eq!(judged.below_half(), Some(0), "{name}: told less than half");
            }
        }
    }
}
