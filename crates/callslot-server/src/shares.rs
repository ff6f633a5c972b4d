//! Shares of a whole: each key or organisation may hold that much at once, and what nobody holds is forgotten.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use crate::limits::REMEMBERED_SHARES;

/// The share of each key or organisation that holds something.
#[derive(Debug)]
pub(crate) struct Shares<K> {
    most: usize,
    used: Mutex<Used<K>>,
}

#[derive(Debug)]
struct Used<K> {
    shares: HashMap<K, Arc<Semaphore>>,
    /// From how many on those that nobody holds are looked for: twice as many as were held at the last look, so that looking
    /// costs little however many there are.
    look_from: usize,
}

impl<K: Eq + Hash + Clone> Shares<K> {
    /// Shares of this size.
    pub(crate) fn new(most: usize) -> Self {
        let used = Used { shares: HashMap::new(), look_from: REMEMBERED_SHARES };
        Self { most, used: Mutex::new(used) }
    }

    /// How much there is in each.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// One's share. What is taken of it stays taken until the permit is dropped.
    pub(crate) fn of(&self, whose: &K) -> Arc<Semaphore> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(share) = used.shares.get(whose) {
            return Arc::clone(share);
        }
        if used.shares.len() >= used.look_from {
            // One that nobody holds is whole.
            used.shares.retain(|_, share| Arc::strong_count(share) > 1);
            used.look_from = REMEMBERED_SHARES.max(2 * used.shares.len());
        }
        let share = Arc::new(Semaphore::new(self.most));
        used.shares.insert(whose.clone(), Arc::clone(&share));
        share
    }

    /// How much one holds.
    pub(crate) fn taken(&self, whose: &K) -> usize {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.shares.get(whose).map_or(0, |share| self.most - share.available_permits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(shares: &Shares<usize>) -> usize {
        shares.used.lock().expect("it is not poisoned").shares.len()
    }

    #[test]
    fn the_shares_of_those_who_hold_nothing_are_forgotten() {
        let shares = Shares::new(1);
        let held = shares.of(&0);
        for n in 1..10 * REMEMBERED_SHARES {
            drop(shares.of(&n));
            assert!(kept(&shares) <= REMEMBERED_SHARES);
        }
        assert!(Arc::ptr_eq(&held, &shares.of(&0)));
    }

    #[test]
    fn a_share_that_is_held_is_never_forgotten_however_many_there_are() {
        let shares = Shares::new(1);
        let held: Vec<_> = (0..5 * REMEMBERED_SHARES)
            .map(|n| shares.of(&n).try_acquire_owned().expect("it is whole"))
            .collect();
        assert!((0..held.len()).all(|n| shares.taken(&n) == 1));
        assert!((0..held.len()).all(|n| shares.of(&n).try_acquire_owned().is_err()));
        drop(held);
        assert_eq!(shares.taken(&0), 0);
    }
}
