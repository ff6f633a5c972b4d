//! A slab that never moves what it holds.
//!
//! A vector that grows may move everything in it at once, which takes 50 ms for half a million calls, and all organisations wait.
//! This slab is made of small pages.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::{Index, IndexMut};

/// How many places a page has. Most organisations have one page.
const PAGE: usize = 32;

/// Things by place. A place that becomes free is used again.
#[derive(Debug)]
pub(crate) struct PagedSlab<T> {
    pages: Vec<Box<[Option<T>; PAGE]>>,
    /// Empty places below `end`.
    free: Vec<u32>,
    end: usize,
}

impl<T> Default for PagedSlab<T> {
    fn default() -> Self {
        Self { pages: Vec::new(), free: Vec::new(), end: 0 }
    }
}

impl<T> PagedSlab<T> {
    /// Returns the place that the thing has got.
    pub(crate) fn insert(&mut self, thing: T) -> usize {
        let place = match self.free.pop() {
            Some(place) => place as usize,
            None => self.add_place(),
        };
        self.pages[place / PAGE][place % PAGE] = Some(thing);
        place
    }

    /// Empties a place that is taken.
    pub(crate) fn remove(&mut self, place: usize) {
        let thing = self.pages[place / PAGE][place % PAGE].take();
        assert!(thing.is_some(), "an empty place is not emptied again");
        self.free.push(u32::try_from(place).expect("there are fewer than 2^32 places"));
    }

    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        self.pages.get(place / PAGE)?[place % PAGE].as_ref()
    }

    /// No place from this one on has ever been taken.
    pub(crate) fn end(&self) -> usize {
        self.end
    }

    /// All things, with their places.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        let places = self.pages.iter().flat_map(|page| page.iter());
        places.enumerate().filter_map(|(place, thing)| Some((place, thing.as_ref()?)))
    }

    fn add_place(&mut self) -> usize {
        let place = self.end;
        if place.is_multiple_of(PAGE) {
            self.pages.push(Box::new([const { None }; PAGE]));
        }
        self.end += 1;
        place
    }
}

impl<T> Index<usize> for PagedSlab<T> {
    type Output = T;
    fn index(&self, place: usize) -> &T {
        self.pages[place / PAGE][place % PAGE].as_ref().expect("the place is taken")
    }
}

impl<T> IndexMut<usize> for PagedSlab<T> {
    fn index_mut(&mut self, place: usize) -> &mut T {
        self.pages[place / PAGE][place % PAGE].as_mut().expect("the place is taken")
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;

    use super::*;

    #[test]
    fn things_keep_their_places_and_free_places_are_used_before_new_pages() {
        let mut slab = PagedSlab::default();
        let mut kept: BTreeMap<usize, usize> = BTreeMap::new();
        for thing in 0..100 * PAGE {
            let place = slab.insert(thing);
            assert_eq!(kept.insert(place, thing), None, "{place} is free");
        }
        let most = slab.end();
        for thing in 0..100 * PAGE {
            let place = *kept.iter().nth(thing * 7 % 50).expect("things are left").0;
            assert_eq!(slab.get(place).copied(), kept.remove(&place));
            slab.remove(place);
            assert_eq!(slab.get(place), None);
            if thing % 3 != 0 {
                kept.insert(slab.insert(thing), thing);
            }
        }
        assert_eq!(slab.end(), most, "no page was added");
        assert!(slab.iter().eq(kept.iter().map(|(&place, thing)| (place, thing))));
        assert!(kept.iter().all(|(&place, thing)| slab[place] == *thing));
        assert!(kept.keys().all(|&place| place < most));
    }

    #[test]
    fn a_place_that_was_never_taken_is_empty() {
        let mut slab = PagedSlab::default();
        assert_eq!(slab.end(), 0);
        slab.insert(1);
        assert_eq!(slab.end(), 1);
        assert_eq!([slab.get(0), slab.get(1), slab.get(PAGE)], [Some(&1), None, None]);
    }
}
