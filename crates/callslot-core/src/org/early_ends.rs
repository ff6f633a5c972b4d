//! Ends that came before their calls: the ids that a start finds ended. It knows no calls and makes no events.

use alloc::collections::VecDeque;

use hashbrown::HashMap;

use crate::id::CallId;
use crate::limits::MAX_EARLY_ENDS;
use crate::time::Tick;

/// The ids, each with the tick until which it is remembered.
#[derive(Debug, Default)]
pub(crate) struct EarlyEnds {
    until: HashMap<CallId, Tick>,
    /// In the order in which they came. What was taken out, or came again later, is still here until its turn comes.
    order: VecDeque<(Tick, CallId)>,
}

impl EarlyEnds {
    /// Remembers an id, in place of the oldest one if there are too many.
    pub(crate) fn remember(&mut self, id: &CallId, until: Tick) {
        if self.until.insert(id.clone(), until) == Some(until) {
            return;
        }
        self.order.push_back((until, id.clone()));
        while self.until.len() > MAX_EARLY_ENDS {
            self.forget_first();
        }
        if self.order.len() > 2 * MAX_EARLY_ENDS {
            let until = &self.until;
            self.order.retain(|(tick, id)| until.get(id) == Some(tick));
        }
    }

    /// Whether an id is remembered at `tick`.
    pub(crate) fn holds(&self, id: &CallId, tick: Tick) -> bool {
        !self.until.is_empty() && self.until.get(id).is_some_and(|until| *until > tick)
    }

    /// Forgets an id whose call has come.
    pub(crate) fn remove(&mut self, id: &CallId) {
        self.until.remove(id);
    }

    /// Forgets up to `most` ids that need not be remembered at `tick`, oldest first.
    pub(crate) fn forget(&mut self, tick: Tick, most: usize) {
        for _ in 0..most {
            if self.order.front().is_none_or(|(until, _)| *until > tick) {
                return;
            }
            self.forget_first();
        }
    }

    /// The ids that are remembered at `tick`, oldest first, and until when each is.
    pub(crate) fn remembered_at(&self, tick: Tick) -> impl Iterator<Item = (&CallId, Tick)> {
        let kept = self
            .order
            .iter()
            .filter(move |(until, id)| *until > tick && self.until.get(id) == Some(until));
        kept.map(|(until, id)| (id, *until))
    }

    fn forget_first(&mut self) {
        let Some((until, id)) = self.order.pop_front() else { return };
        if self.until.get(&id) == Some(&until) {
            self.until.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;

    use super::*;

    fn id(number: usize) -> CallId {
        CallId::parse(&format!("{number}")).expect("a call id")
    }

    #[test]
    fn the_oldest_is_forgotten_when_there_are_too_many_and_each_when_its_time_has_come() {
        let mut ends = EarlyEnds::default();
        for number in 0..MAX_EARLY_ENDS {
            ends.remember(&id(number), Tick(100));
        }
        ends.remember(&id(0), Tick(150));
        assert!(ends.holds(&id(0), Tick(149)) && !ends.holds(&id(0), Tick(150)));
        ends.remember(&id(MAX_EARLY_ENDS), Tick(200));
        assert!(!ends.holds(&id(1), Tick(0)), "the oldest: the first one came again");
        assert!(ends.holds(&id(0), Tick(0)) && ends.holds(&id(2), Tick(0)));
        ends.remove(&id(2));
        let kept: Vec<_> = ends.remembered_at(Tick(100)).collect();
        assert_eq!(kept, [(&id(0), Tick(150)), (&id(MAX_EARLY_ENDS), Tick(200))]);
        ends.forget(Tick(100), usize::MAX);
        assert_eq!(ends.until.len(), 2);
    }

    #[test]
    fn an_id_that_comes_again_and_again_takes_no_more_room() {
        let mut ends = EarlyEnds::default();
        let mut most = 0;
        for tick in 0..5 * MAX_EARLY_ENDS as u64 {
            ends.remember(&id(1), Tick(tick));
            ends.remember(&id(2), Tick(tick));
            most = most.max(ends.order.len());
        }
        assert_eq!(most, 2 * MAX_EARLY_ENDS);
        assert_eq!(ends.remembered_at(Tick(0)).count(), 2);
    }
}
