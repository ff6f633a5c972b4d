//! The calls that an engine names: a list that can also be searched. It is hashed once, outside the core; a
//! reconciliation in several steps shares it.

use alloc::vec::Vec;
use core::fmt;

use hashbrown::HashTable;

use crate::id::CallId;
use crate::lease_sum::{LeaseSum, digest_of};

/// What a named call takes in memory beside the text of its id, in bytes.
const BYTES_PER_CALL: u64 = 64;

/// Calls by id, in the order in which they were named.
#[derive(Clone, Default)]
pub struct NamedCalls {
    ids: Vec<CallId>,
    /// Their places in the list by digest, without those named again.
    places: HashTable<u32>,
    sum: LeaseSum,
    bytes: u64,
}

impl NamedCalls {
    /// The calls in the order named.
    #[must_use]
    pub fn ids(&self) -> &[CallId] {
        &self.ids
    }

    /// Whether a call is among them.
    #[must_use]
    pub fn contains(&self, id: &CallId) -> bool {
        self.contains_with(digest_of(id), id)
    }

    /// The same, of a call whose digest is known.
    pub(crate) fn contains_with(&self, digest: u64, id: &CallId) -> bool {
        self.places.find(digest, |&place| self.ids[place as usize] == *id).is_some()
    }

    /// Their number and digest, each counted as often as it is named.
    #[must_use]
    pub fn sum(&self) -> LeaseSum {
        self.sum
    }

    /// What they take in memory, about.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl From<Vec<CallId>> for NamedCalls {
    fn from(ids: Vec<CallId>) -> Self {
        let mut named = Self { places: HashTable::with_capacity(ids.len()), ..Self::default() };
        for (place, id) in (0_u32..).zip(&ids) {
            let digest = digest_of(id);
            named.sum.count += 1;
            named.sum.digest ^= digest;
            named.bytes += BYTES_PER_CALL + id.as_bytes().len() as u64;
            let is_it = |&other: &u32| ids[other as usize] == *id;
            if named.places.find(digest, is_it).is_none() {
                named.places.insert_unique(digest, place, |&it| digest_of(&ids[it as usize]));
            }
        }
        Self { ids, ..named }
    }
}

impl fmt::Debug for NamedCalls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ids.fmt(formatter)
    }
}

impl PartialEq for NamedCalls {
    fn eq(&self, other: &Self) -> bool {
        self.ids == other.ids
    }
}

impl Eq for NamedCalls {}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn a_call_is_found_however_often_it_is_named() {
        let id = |number: usize| CallId::parse(&format!("{number}")).expect("a call id");
        let ids: Vec<CallId> = (0..100).chain(0..50).map(id).collect();
        let named = NamedCalls::from(ids.clone());
        assert_eq!(named.ids(), ids);
        assert_eq!(named.sum().count, 150);
        assert!((0..100).all(|number| named.contains(&id(number))));
        assert!(!named.contains(&id(100)));
    }
}
