//! Counts of what happened in a world, to be added up over many.

use std::ops::Add;

use crate::judge::Judged;
use crate::report::Reached;

/// How much happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Happened {
    /// Crashes, each with a recovery.
    pub crashes: u64,
    /// Crashes that caught a record on its way to the disk.
    pub crashes_in_commit: u64,
    /// Commits that were not confirmed.
    pub failed_commits: u64,
    /// Records that are durable.
    pub records: u64,
    /// What the judge saw.
    pub judged: Judged,
    /// The corners that were reached.
    pub reached: Reached,
}

impl Add for Happened {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self.crashes += other.crashes;
        self.crashes_in_commit += other.crashes_in_commit;
        self.failed_commits += other.failed_commits;
        self.records += other.records;
        self.judged += other.judged;
        self.reached.merge(other.reached);
        self
    }
}
