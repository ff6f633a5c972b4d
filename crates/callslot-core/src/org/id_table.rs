//! Finds calls by the hash of their id.
//!
//! A hash table that grows moves everything in it at once, which takes 50 ms for two million calls, and all organisations wait.
//! So a large one is many tables, each of which grows on its own.

use alloc::vec::Vec;
use core::num::NonZeroU32;

use hashbrown::HashTable;

use crate::org::index::{CallIndex, EndedIndex, Found, IdHash, KnownCall};

/// A table with more calls than this becomes [`PARTS`] tables.
const MAX_CALLS_IN_ONE: usize = 4_096;
const PARTS: usize = 256;

/// The calls of an organisation by the hash of their id.
#[derive(Debug)]
pub(crate) struct IdTable {
    /// One, or [`PARTS`].
    parts: Vec<HashTable<Listed>>,
}

/// A hash, and the call whose id has it: a table is searched, and grows, without a look at the calls.
#[derive(Debug, Clone, Copy)]
struct Listed {
    hash: IdHash,
    /// A [`KnownCall`]: the highest bit says that the call has ended.
    place: u32,
}

impl Listed {
    const ENDED: u32 = 1 << EndedIndex::BITS;

    fn new(hash: IdHash, call: KnownCall) -> Self {
        let place = match call {
            KnownCall::Live(index) => {
                assert!(index.0.get() < Self::ENDED, "an organisation has fewer than 2^31 calls");
                index.0.get()
            }
            KnownCall::Ended(index) => index.number() | Self::ENDED,
        };
        Self { hash, place }
    }

    fn call(self) -> KnownCall {
        match NonZeroU32::new(self.place).filter(|place| place.get() < Self::ENDED) {
            Some(place) => KnownCall::Live(CallIndex(place)),
            None => KnownCall::Ended(EndedIndex::from_number(self.place)),
        }
    }
}

impl Default for IdTable {
    fn default() -> Self {
        Self { parts: alloc::vec![HashTable::new()] }
    }
}

impl IdTable {
    /// The call that `has_id`, of those with this hash.
    pub(crate) fn find(
        &self,
        hash: IdHash,
        has_id: impl Fn(KnownCall) -> bool,
    ) -> Option<KnownCall> {
        let is_it = |listed: &Listed| listed.hash == hash && has_id(listed.call());
        self.part(hash).find(hash.spread(), is_it).map(|listed| listed.call())
    }

    /// Puts a call where the one of its id was found, or adds it.
    pub(crate) fn put(&mut self, found: Found, call: KnownCall) {
        let hash = found.hash;
        let listed = Listed::new(hash, call);
        if let Some(before) = found.call {
            let place = Listed::new(hash, before).place;
            let known = self.part_mut(hash).find_mut(hash.spread(), |other| other.place == place);
            *known.expect("what was found is listed") = listed;
            return;
        }
        if let [one] = &mut self.parts[..]
            && one.len() >= MAX_CALLS_IN_ONE
        {
            let all = core::mem::take(one);
            self.parts.resize_with(PARTS, HashTable::new);
            for listed in all {
                self.add(listed);
            }
        }
        self.add(listed);
    }

    /// Removes a call. If another one has been put there since, that one stays.
    pub(crate) fn remove(&mut self, hash: IdHash, call: KnownCall) {
        let place = Listed::new(hash, call).place;
        let listed = self.part_mut(hash).find_entry(hash.spread(), |listed| listed.place == place);
        if let Ok(listed) = listed {
            listed.remove();
        }
    }

    fn add(&mut self, listed: Listed) {
        let part = self.part_mut(listed.hash);
        part.insert_unique(listed.hash.spread(), listed, |other| other.hash.spread());
    }

    fn part(&self, hash: IdHash) -> &HashTable<Listed> {
        &self.parts[part_of(hash, self.parts.len())]
    }

    fn part_mut(&mut self, hash: IdHash) -> &mut HashTable<Listed> {
        let parts = self.parts.len();
        &mut self.parts[part_of(hash, parts)]
    }
}

/// A table goes by the lowest and highest bits of a hash, so the part goes by others.
fn part_of(hash: IdHash, parts: usize) -> usize {
    (hash.0 >> 16) as usize & (parts - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(number: u32) -> KnownCall {
        KnownCall::Ended(EndedIndex::from_number(number))
    }

    /// Hashes as different as those of ids: the multiplier is odd, so no two numbers have the same.
    fn hash(number: u32) -> IdHash {
        IdHash(number.wrapping_mul(0x9E37_79B1))
    }

    #[test]
    fn calls_are_found_replaced_and_removed_while_one_table_becomes_many() {
        let mut table = IdTable::default();
        let calls = 12_288;
        assert!(calls as usize > 2 * MAX_CALLS_IN_ONE);
        for number in 0..calls {
            table.put(Found { hash: hash(number), call: None }, ended(number));
            let oldest = number / 2;
            assert_eq!(table.find(hash(oldest), |_| true), Some(ended(oldest)), "of {number}");
        }
        assert_eq!(table.parts.len(), PARTS);
        for number in 0..calls {
            let found = Found { hash: hash(number), call: Some(ended(number)) };
            table.put(found, ended(number + calls));
            table.remove(hash(number), ended(number));
            assert_eq!(table.find(hash(number), |_| true), Some(ended(number + calls)));
            assert_eq!(table.find(hash(number), |_| false), None);
            table.remove(hash(number), ended(number + calls));
            assert_eq!(table.find(hash(number), |_| true), None);
        }
        assert!(table.parts.iter().all(HashTable::is_empty));
    }

    #[test]
    fn no_part_of_a_large_table_has_many_more_calls_than_the_others() {
        let mut table = IdTable::default();
        for number in 0..100_000 {
            table.put(Found { hash: hash(number), call: None }, ended(number));
        }
        let most = table.parts.iter().map(HashTable::len).max();
        assert!(most < Some(2 * 100_000 / PARTS), "{most:?}");
    }
}
