//! The pages of the reconciliations that are not decided yet. They are in memory alone: the log says that there are some, so that
//! nothing is decided without those that a restart has lost. It ends no calls and makes no events.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::lease_sum::LeaseSum;
use crate::named_calls::NamedCalls;
use crate::org::index::LeaseIndex;
use crate::time::Tick;

/// How far a lease's reconciliation in pages is, as the log says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Paging {
    /// There is none.
    #[default]
    None,
    /// A page has come, and the last one has not.
    Begun(Begun),
    /// It was decided. The last page may come again until then: perhaps its answer was lost.
    Decided { last: LeaseSum, until: Tick },
    /// Its pages were lost when a later one came. That may come once more, if it is told here: perhaps its answer was lost. Until a list
    /// has come for certain from its first page on, no call ends.
    Lost { last: Option<LeaseSum>, first: Option<LeaseSum> },
}

/// A list whose first page has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Begun {
    /// That page or, in doubt, the first page of the list that was lost; none in logs from before that was kept.
    pub(crate) first: Option<LeaseSum>,
    /// Whether it may be the rest of the list that was lost.
    pub(crate) is_in_doubt: bool,
}

impl Paging {
    /// The list that begins with such a page, if one does. It may be the rest of one whose first pages were lost, unless it begins with the
    /// same page.
    pub(crate) fn begun_with(self, page: Option<LeaseSum>) -> Begun {
        let certain = Begun { first: page, is_in_doubt: false };
        match self {
            Self::None | Self::Decided { .. } | Self::Begun(Begun { is_in_doubt: false, .. }) => {
                certain
            }
            Self::Begun(Begun { first, .. }) | Self::Lost { first, .. } => {
                let is_the_same = page.is_some() && first == page;
                if is_the_same { certain } else { Begun { first, is_in_doubt: true } }
            }
        }
    }
}

/// The pages of one lease that have come.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    pub(crate) kept: Vec<Arc<NamedCalls>>,
    /// What the next page may name as the one before, so that pages of two clients do not mix.
    pub(crate) cursor: u64,
    /// Whether a page named the one before.
    pub(crate) is_linked: bool,
    /// How many calls they name, and what they take in memory.
    pub(crate) calls: usize,
    bytes: u64,
    /// They are dropped then, unless another one comes.
    until: Tick,
}

impl Pages {
    pub(crate) fn add(&mut self, page: Arc<NamedCalls>) {
        self.cursor = next_cursor(self.cursor, page.sum());
        self.calls += page.ids().len();
        self.bytes += page.bytes();
        self.kept.push(page);
    }
}

/// Follows from all pages so far, so that the same pages lead to the same cursor, and others most likely to another one.
fn next_cursor(before: u64, LeaseSum { count, digest }: LeaseSum) -> u64 {
    // An odd number without a pattern: 2^64 divided by the golden ratio.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    (before.rotate_left(23) ^ digest).wrapping_mul(SPREAD).wrapping_add(count + 1)
}

/// The pages of an organisation's leases.
#[derive(Debug, Default)]
pub(crate) struct AllPages(BTreeMap<LeaseIndex, Pages>);

impl AllPages {
    /// Those of a lease that are kept at `tick`.
    pub(crate) fn get(&self, lease: LeaseIndex, tick: Tick) -> Option<&Pages> {
        self.0.get(&lease).filter(|pages| pages.until > tick)
    }

    /// The same to change, kept until then from now on. New if there are none.
    pub(crate) fn keep(&mut self, lease: LeaseIndex, until: Tick) -> &mut Pages {
        let pages = self.0.entry(lease).or_default();
        pages.until = until;
        pages
    }

    /// Takes those of a lease.
    pub(crate) fn take(&mut self, lease: LeaseIndex) -> Vec<Arc<NamedCalls>> {
        self.0.remove(&lease).map_or_else(Vec::new, |pages| pages.kept)
    }

    pub(crate) fn drop_of(&mut self, lease: LeaseIndex) {
        self.0.remove(&lease);
    }

    /// Drops those of a lease that need not be kept at `tick`.
    pub(crate) fn forget(&mut self, lease: LeaseIndex, tick: Tick) {
        if !self.0.is_empty() && self.0.get(&lease).is_some_and(|pages| pages.until <= tick) {
            self.0.remove(&lease);
        }
    }

    /// How many bytes those have that are kept at `tick`. Drops the others.
    pub(crate) fn bytes(&mut self, tick: Tick) -> u64 {
        self.0.retain(|_, pages| pages.until > tick);
        self.0.values().map(|pages| pages.bytes).sum()
    }
}
