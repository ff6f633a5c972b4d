//! A page of ended calls, gathered from blocks that are shown to it newest first.

use callslot_core::{Call, Ended, Sequence};

use crate::contract::history::{EndedFilter, EndedPage};
use crate::history_blocks::block::holds;
use crate::history_blocks::{Summary, WantedId};
use crate::limits::{BLOCKS_UNPACKED_PER_READ, EXAMINED_PER_READ, SUMMARIES_PER_READ};

/// A page that is being gathered. It is over when it is full, or has looked at as much as one read may.
#[derive(Debug)]
pub struct Search<'a> {
    filter: &'a EndedFilter,
    limit: usize,
    page: EndedPage,
    examined: usize,
    unpacked: usize,
    summaries: usize,
}

impl<'a> Search<'a> {
    /// A page of at most `limit` calls.
    #[must_use]
    pub fn new(filter: &'a EndedFilter, limit: usize) -> Self {
        let page = EndedPage::default();
        Self { filter, limit, page, examined: 0, unpacked: 0, summaries: 0 }
    }

    /// Whether nothing more is to be shown to it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.page.next.is_some()
    }

    /// Whether it wants to see this block, which comes next.
    pub fn wants(&mut self, summary: &Summary) -> bool {
        self.summaries += 1;
        let wants = summary.may_match(self.filter);
        if !wants {
            self.skip(summary);
        }
        wants
    }

    /// What the filter of a closed block is to be asked; none if it has nothing to say.
    #[must_use]
    pub fn wanted_ids(&self) -> Option<WantedId> {
        self.filter.id_prefix.as_deref().and_then(WantedId::beginning_with)
    }

    /// Goes on without this block, which has nothing that it looks for.
    pub fn skip(&mut self, summary: &Summary) {
        if self.summaries >= SUMMARIES_PER_READ {
            self.stop_before(summary.first);
        }
    }

    /// Whether it wants to see the calls of a block that is unpacked. If not, it is as if it had seen them.
    pub fn wants_unpacked(&mut self, summary: &Summary, unpacked: &[u8]) -> bool {
        let EndedFilter { agent, gate, id_prefix, .. } = self.filter;
        let wants = agent.as_ref().is_none_or(|agent| holds(unpacked, agent.as_str()))
            && gate.as_ref().is_none_or(|gate| holds(unpacked, gate.as_str()))
            && id_prefix.as_ref().is_none_or(|prefix| holds(unpacked, prefix));
        if !wants {
            self.count_unpacked(summary.first);
        }
        wants
    }

    /// Looks at the calls of a block.
    pub fn look_at(&mut self, calls: &[(Sequence, Call<Ended>)]) {
        let end = self.filter.before.map_or(calls.len(), |before| {
            calls.partition_point(|(sequence, _)| *sequence < before)
        });
        for (sequence, call) in calls[..end].iter().rev() {
            if self.filter.lets_through(call) {
                self.page.calls.push((*sequence, call.clone()));
            }
            self.examined += 1;
            if self.page.calls.len() == self.limit || self.examined == EXAMINED_PER_READ {
                self.page.next = Some(*sequence);
                return;
            }
        }
        if let Some((first, _)) = calls.first() {
            self.count_unpacked(*first);
        }
    }

    /// The page.
    #[must_use]
    pub fn into_page(self) -> EndedPage {
        self.page
    }

    fn count_unpacked(&mut self, first: Sequence) {
        self.unpacked += 1;
        if self.unpacked >= BLOCKS_UNPACKED_PER_READ {
            self.stop_before(first);
        }
    }

    fn stop_before(&mut self, first: Sequence) {
        self.page.next = Some(first);
    }
}
