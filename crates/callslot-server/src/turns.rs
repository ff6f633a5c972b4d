//! Turns of reads that take long: the pool with its agents, lists of ended calls, figures. An organisation has a few at once, so
//! however many it asks for, those of others wait for a few.

use std::sync::Arc;

use callslot_core::OrgId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::{HISTORY_READS, LONG_READS_PER_ORG};
use crate::shares::Shares;

/// A turn, until it is dropped. It goes with the read, which goes on after its client has hung up.
#[derive(Debug)]
pub(crate) struct Turn {
    _of_org: OwnedSemaphorePermit,
    _of_all: Option<OwnedSemaphorePermit>,
}

/// The turns that there are.
#[derive(Debug)]
pub(crate) struct Turns {
    of_orgs: Shares<OrgId>,
    /// One answer may hold many figures in memory.
    figures: Arc<Semaphore>,
}

impl Default for Turns {
    fn default() -> Self {
        let figures = Arc::new(Semaphore::new(HISTORY_READS));
        Self { of_orgs: Shares::new(LONG_READS_PER_ORG), figures }
    }
}

impl Turns {
    /// Waits for a turn of the organisation.
    pub(crate) async fn to_read(&self, org: &OrgId) -> Turn {
        Turn { _of_org: permit(self.of_orgs.of(org)).await, _of_all: None }
    }

    /// Waits for a turn of the organisation, then for one of all of them.
    pub(crate) async fn to_read_figures(&self, org: &OrgId) -> Turn {
        let of_org = permit(self.of_orgs.of(org)).await;
        Turn { _of_org: of_org, _of_all: Some(permit(Arc::clone(&self.figures)).await) }
    }
}

async fn permit(of: Arc<Semaphore>) -> OwnedSemaphorePermit {
    of.acquire_owned().await.expect("it is never closed")
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn now<T>(turn: impl Future<Output = T>) -> Option<T> {
        match pin!(turn).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(turn) => Some(turn),
            Poll::Pending => None,
        }
    }

    #[test]
    fn an_organisation_that_reads_without_end_leaves_others_their_turns() {
        let turns = Turns::default();
        let [greedy, other] = ["acme", "globex"].map(|id| OrgId::parse(id).expect("an id"));
        let held: Vec<_> = (0..100).map_while(|_| now(turns.to_read(&greedy))).collect();
        assert_eq!(held.len(), LONG_READS_PER_ORG);
        assert!(now(turns.to_read_figures(&greedy)).is_none(), "these are long reads too");
        assert!(now(turns.to_read(&other)).is_some());
        drop(held);
        let figures = now(turns.to_read_figures(&greedy)).expect("a turn");
        assert!(now(turns.to_read_figures(&other)).is_none(), "one at a time, of all");
        assert!(now(turns.to_read(&other)).is_some());
        drop(figures);
        assert!(now(turns.to_read_figures(&other)).is_some());
    }
}
