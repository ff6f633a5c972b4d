//! A Bloom filter as bytes: it says of a text that it is certainly not among some, or that it may be.

use siphasher::sip::SipHasher13;

/// How many bits a text takes: about 3 of 1,000 that are not among them seem to be.
const BITS_PER_TEXT: usize = 12;
/// How many of them are set for a text.
const SET_PER_TEXT: u64 = 8;

/// What a filter knows of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hash(u64);

impl Hash {
    /// SipHash-1-3 with a key of zeros: whoever chooses texts that seem to be among others only slows down their own queries.
    pub(super) fn of(text: &str) -> Self {
        Self(SipHasher13::new().hash(text.as_bytes()))
    }

    /// One of so many parts, the same for a text always. What [`places`] goes by is independent of it.
    pub(super) fn part(self, parts: usize) -> usize {
        (self.0 >> 48) as usize % parts
    }

    /// The bits that are set for it.
    fn places(self, bits: u64) -> impl Iterator<Item = u64> {
        let (first, step) = (self.0 & 0xff_ffff, (self.0 >> 24 & 0xff_ffff) | 1);
        (0..SET_PER_TEXT).map(move |n| (first + n * step) % bits)
    }
}

/// An empty filter with room for so many texts, but for at least eight.
pub(super) fn room_for(texts: usize) -> Vec<u8> {
    vec![0; (texts.max(8) * BITS_PER_TEXT).div_ceil(8)]
}

/// Adds a text.
pub(super) fn add(filter: &mut [u8], hash: Hash) {
    for place in hash.places(bits_of(filter)) {
        filter[place as usize / 8] |= 1 << (place % 8);
    }
}

/// Whether a text may be among those that were added. An empty one says nothing.
pub(super) fn may_have(filter: &[u8], hash: Hash) -> bool {
    let is_set = |place: u64| filter[place as usize / 8] >> (place % 8) & 1 == 1;
    filter.is_empty() || hash.places(bits_of(filter)).all(is_set)
}

fn bits_of(filter: &[u8]) -> u64 {
    filter.len() as u64 * 8
}
