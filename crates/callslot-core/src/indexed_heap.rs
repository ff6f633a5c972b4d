//! A binary heap of things by key, lowest first, that knows where each thing is, so that its key can change.
//!
//! Things are small numbers. Changing a key costs O(log n); setting the same key again costs almost nothing.

use alloc::vec::Vec;

const NOWHERE: u32 = u32::MAX;

#[derive(Debug)]
pub(crate) struct IndexedHeap<K> {
    /// Keys and things; none has a key below that of its parent, `(place − 1) ÷ 2`.
    heap: Vec<(K, u32)>,
    /// Each thing's place in `heap`.
    places: Vec<u32>,
}

impl<K> Default for IndexedHeap<K> {
    fn default() -> Self {
        Self { heap: Vec::new(), places: Vec::new() }
    }
}

impl<K: Copy + Ord> IndexedHeap<K> {
    /// The lowest key and a thing that has it.
    pub(crate) fn first(&self) -> Option<(K, u32)> {
        self.heap.first().copied()
    }

    /// Gives a thing another key, or none.
    pub(crate) fn set(&mut self, thing: u32, key: Option<K>) {
        let place = self.places.get(thing as usize).copied().filter(|&place| place != NOWHERE);
        match (place, key) {
            (None, None) => {}
            (None, Some(key)) => {
                let len = self.places.len().max(thing as usize + 1);
                self.places.resize(len, NOWHERE);
                self.heap.push((key, thing));
                self.settle(self.heap.len() - 1);
            }
            (Some(place), Some(key)) => {
                let place = place as usize;
                if self.heap[place].0 != key {
                    self.heap[place].0 = key;
                    self.settle(place);
                }
            }
            (Some(place), None) => {
                let place = place as usize;
                self.heap.swap_remove(place);
                self.places[thing as usize] = NOWHERE;
                if place < self.heap.len() {
                    self.settle(place);
                }
            }
        }
    }

    /// All things with a key up to `most`, in no order that means anything.
    pub(crate) fn up_to(&self, most: K) -> Vec<(K, u32)> {
        let mut found = Vec::new();
        let mut next = alloc::vec![0];
        while let Some(place) = next.pop() {
            if let Some(&item) = self.heap.get(place).filter(|(key, _)| *key <= most) {
                found.push(item);
                next.extend([2 * place + 1, 2 * place + 2]);
            }
        }
        found
    }

    /// Moves the thing at `place` to where its key belongs.
    fn settle(&mut self, mut place: usize) {
        let item = self.heap[place];
        while let Some(parent) = place.checked_sub(1).map(|place| place / 2) {
            if self.heap[parent].0 <= item.0 {
                break;
            }
            self.put(place, self.heap[parent]);
            place = parent;
        }
        loop {
            let (left, right) = (2 * place + 1, 2 * place + 2);
            let Some(&(key, _)) = self.heap.get(left) else {
                break;
            };
            let is_right_lower = self.heap.get(right).is_some_and(|other| other.0 < key);
            let child = if is_right_lower { right } else { left };
            if item.0 <= self.heap[child].0 {
                break;
            }
            self.put(place, self.heap[child]);
            place = child;
        }
        self.put(place, item);
    }

    fn put(&mut self, place: usize, item: (K, u32)) {
        self.heap[place] = item;
        self.places[item.1 as usize] = u32::try_from(place).expect("fewer than 2^32 things");
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;

    use super::*;

    #[test]
    fn keys_change_come_and_go_and_the_lowest_is_always_first() {
        let mut heap = IndexedHeap::default();
        let mut keys = BTreeMap::new();
        let mut random = 1_u64;
        for _ in 0..20_000 {
            // The multiplier is Knuth's for a 64-bit linear congruential generator (MMIX).
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let (thing, key) = ((random >> 33) as u32 % 50, (random >> 40) as u32 % 40);
            if key < 10 {
                heap.set(thing, None);
                keys.remove(&thing);
            } else {
                heap.set(thing, Some(key));
                keys.insert(thing, key);
            }
            let mut expected: Vec<_> = keys.iter().map(|(&thing, &key)| (key, thing)).collect();
            assert_eq!(heap.first().map(|first| first.0), expected.iter().map(|item| item.0).min());
            let mut found = heap.up_to(25);
            found.sort_unstable();
            expected.retain(|&(key, _)| key <= 25);
            expected.sort_unstable();
            assert_eq!(found, expected);
        }
    }
}
