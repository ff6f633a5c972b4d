//! The pages of reconciliations, and sums of calls.

use std::sync::Arc;

use callslot_core::{CallId, LeaseSum, NamedCalls, Tick};
use sha2::{Digest, Sha256};

/// How far a lease's reconciliation in pages is.
#[derive(Debug, Clone)]
pub(super) enum Paging {
    None,
    /// A page has come: this list.
    Begun(List),
    /// All was decided; this was the last page, which is refused if it comes again before this tick.
    Decided(LeaseSum, Tick),
    /// Of a list that began with this page some were lost. If another one is told, it came then, and is refused once more.
    Lost {
        began_with: LeaseSum,
        refused: Option<LeaseSum>,
    },
}

/// A list whose last page has not come.
#[derive(Debug, Clone)]
pub(super) struct List {
    /// The first page of it, or of the lost list whose end it may be.
    pub(super) began_with: LeaseSum,
    pub(super) may_be_a_rest: bool,
    /// Its pages, if they were not lost.
    pub(super) collected: Option<Collected>,
}

/// Pages that wait for the last one.
#[derive(Debug, Clone, Default)]
pub(super) struct Collected {
    pub(super) pages: Vec<Arc<NamedCalls>>,
    pub(super) is_linked: bool,
    pub(super) cursor: u64,
    pub(super) until: Tick,
}

impl Collected {
    pub(super) fn calls(&self) -> usize {
        self.pages.iter().map(|page| page.ids().len()).sum()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.pages.iter().map(|page| bytes_of(page)).sum()
    }
}

/// What a page counts for.
pub(super) fn bytes_of(page: &NamedCalls) -> u64 {
    page.ids().iter().map(|id| 64 + id.as_str().len() as u64).sum()
}

/// Count and digest of calls.
pub(super) fn sum_of<'a>(ids: impl Iterator<Item = &'a CallId>) -> LeaseSum {
    let mut sum = LeaseSum::default();
    for id in ids {
        let hash = Sha256::digest(id.as_str());
        let first: [u8; 8] = hash[..8].try_into().expect("a SHA-256 has 32 bytes");
        sum.count += 1;
        sum.digest ^= u64::from_be_bytes(first);
    }
    sum
}
