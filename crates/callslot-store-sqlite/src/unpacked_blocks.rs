//! The blocks of ended calls that were read last, unpacked: a client that reads page by page wants the same block again and again.
//!
//! A block's bytes never change, and their number is never used again, so what is here is never out of date.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use callslot_store::history_blocks::EndedCalls;

use crate::limits::UNPACKED_BLOCKS;

/// A bounded number of blocks, by the numbers of their bytes. The one that was used last is the first.
#[derive(Debug, Default)]
pub(crate) struct UnpackedBlocks(Mutex<VecDeque<(i64, Arc<EndedCalls>)>>);

impl UnpackedBlocks {
    /// The calls of a block, if it was read lately.
    pub(crate) fn get(&self, body: i64) -> Option<Arc<EndedCalls>> {
        let mut blocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = blocks.iter().position(|(number, _)| *number == body)?;
        let found = blocks.remove(place)?;
        let calls = Arc::clone(&found.1);
        blocks.push_front(found);
        Some(calls)
    }

    /// Keeps a block that was just read.
    pub(crate) fn keep(&self, body: i64, calls: EndedCalls) {
        let mut blocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        blocks.push_front((body, Arc::new(calls)));
        blocks.truncate(UNPACKED_BLOCKS);
    }

    /// Lets go of all: what was removed for good is to be in no memory.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use callslot_core::{CallType, Sequence};
    use callslot_store::conformance::facts::ended_call;

    use super::*;

    #[test]
    fn the_blocks_that_were_used_last_stay() {
        let blocks = UnpackedBlocks::default();
        let calls = |n: u64| vec![(Sequence(n), ended_call("call", "a", CallType::Chat, n))];
        for n in (0..).take(UNPACKED_BLOCKS) {
            blocks.keep(n, calls(n.cast_unsigned()));
        }
        assert_eq!(blocks.get(0).as_deref(), Some(&calls(0)));
        blocks.keep(-1, calls(9));
        assert!(blocks.get(0).is_some(), "it was used after 1");
        assert!(blocks.get(1).is_none());
        blocks.forget();
        assert!(blocks.get(0).is_none());
    }
}
