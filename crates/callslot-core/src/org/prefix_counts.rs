//! How many seats are taken before a seat, in O(log seats).
//!
//! A bit per seat says whether it is taken, and a Fenwick tree (Fenwick 1994, "A new data structure for cumulative frequency
//! tables") counts the bits of each word. Seats of several kinds are counted each on their own.

use alloc::vec::Vec;

const SEATS_PER_WORD: usize = 64;

/// Seats, each of one of `KINDS` kinds, and how many are taken.
#[derive(Debug)]
pub(crate) struct PrefixCounts<const KINDS: usize> {
    /// A bit per seat and kind: taken.
    taken: Vec<[u64; KINDS]>,
    /// Fenwick tree over the number of bits in each word of `taken`. Node `n` (from 1) is kept at `n - 1`.
    nodes: Vec<[u32; KINDS]>,
}

impl<const KINDS: usize> Default for PrefixCounts<KINDS> {
    fn default() -> Self {
        Self { taken: Vec::new(), nodes: Vec::new() }
    }
}

impl<const KINDS: usize> PrefixCounts<KINDS> {
    /// Takes the seat behind all others.
    pub(crate) fn push(&mut self, seat: usize, kind: usize) {
        let (word, bit) = word_and_bit(seat);
        if word == self.taken.len() {
            self.taken.push([0; KINDS]);
            self.push_node();
        }
        self.taken[word][kind] |= bit;
        self.each_node_over(word, |node| node[kind] += 1);
    }

    /// A call gives its seat up.
    pub(crate) fn leave(&mut self, seat: usize, kind: usize) {
        let (word, bit) = word_and_bit(seat);
        self.taken[word][kind] &= !bit;
        self.each_node_over(word, |node| node[kind] -= 1);
    }

    pub(crate) fn clear(&mut self) {
        self.taken.clear();
        self.nodes.clear();
    }

    /// How many seats are taken before `seat`: in all, and of a kind.
    pub(crate) fn before(&self, seat: usize, kind: usize) -> (u64, u64) {
        let (word, bit) = word_and_bit(seat);
        let (mut in_all, mut of_kind) = (0, 0);
        if let Some(kinds) = self.taken.get(word) {
            let any = kinds.iter().fold(0, |any, bits| any | bits);
            in_all = (any & (bit - 1)).count_ones();
            of_kind = (kinds[kind] & (bit - 1)).count_ones();
        }
        let mut node = word.min(self.nodes.len());
        while node > 0 {
            let below = &self.nodes[node - 1];
            in_all += below.iter().sum::<u32>();
            of_kind += below[kind];
            node &= node - 1;
        }
        (in_all.into(), of_kind.into())
    }

    /// The first seat from `first` on that is taken.
    pub(crate) fn first_taken(&self, first: usize) -> Option<usize> {
        let (first_word, first_bit) = word_and_bit(first);
        let mut not_before = !(first_bit - 1);
        for (word, kinds) in self.taken.iter().enumerate().skip(first_word) {
            let any = kinds.iter().fold(0, |any, bits| any | bits) & not_before;
            if any != 0 {
                return Some(word * SEATS_PER_WORD + any.trailing_zeros() as usize);
            }
            not_before = u64::MAX;
        }
        None
    }

    /// The seats from `first` on that are taken, in order, each with its kind.
    pub(crate) fn taken_from(&self, first: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let (first_word, first_bit) = word_and_bit(first);
        self.taken.iter().enumerate().skip(first_word).flat_map(move |(word, kinds)| {
            let any = kinds.iter().fold(0, |any, bits| any | bits);
            let from_first = if word == first_word { any & !(first_bit - 1) } else { any };
            core::iter::successors(Some(from_first), |rest| Some(rest & rest.wrapping_sub(1)))
                .take_while(|&rest| rest != 0)
                .map(move |rest| {
                    let lowest = rest & rest.wrapping_neg();
                    let kind = kinds.iter().position(|bits| bits & lowest != 0);
                    let seat = word * SEATS_PER_WORD + lowest.trailing_zeros() as usize;
                    (seat, kind.expect("a taken seat has a kind"))
                })
        })
    }

    /// Visits the nodes of the tree that count `word`.
    fn each_node_over(&mut self, word: usize, mut visit: impl FnMut(&mut [u32; KINDS])) {
        let mut node = word + 1;
        while node <= self.nodes.len() {
            visit(&mut self.nodes[node - 1]);
            node += lowest_bit(node);
        }
    }

    /// Adds a node for a new, empty word: the sum of the nodes below it.
    fn push_node(&mut self) {
        let node = self.nodes.len() + 1;
        let first = node - lowest_bit(node);
        let mut sum = [0; KINDS];
        let mut below = node - 1;
        while below > first {
            for (sum, count) in sum.iter_mut().zip(self.nodes[below - 1]) {
                *sum += count;
            }
            below &= below - 1;
        }
        self.nodes.push(sum);
    }
}

fn word_and_bit(seat: usize) -> (usize, u64) {
    (seat / SEATS_PER_WORD, 1 << (seat % SEATS_PER_WORD))
}

fn lowest_bit(node: usize) -> usize {
    node & node.wrapping_neg()
}
