//! A Bloom filter as bytes: it says of a text that it is certainly not among some, or that it may be.

use siphasher::sip::SipHasher13;

/// How many bits a text takes: about 3 of 1,000 that are not among them seem to be.
const BITS_PER_TEXT: usize = 12;
/// How many of them are set for a text.
const SET_PER_TEXT: u32 = 8;

/// What a filter knows of a text: numbers of 24, 24 and 16 bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hash {
    first: u32,
    step: u32,
    part: u16,
}

impl Hash {
    /// SipHash-1-3 with a key of zeros: clients that choose texts which seem to be among others slow down their own queries.
    pub(super) fn of(text: &str) -> Self {
        let hash = SipHasher13::new().hash(text.as_bytes()).to_le_bytes();
        Self {
            first: u32::from_le_bytes([hash[0], hash[1], hash[2], 0]),
            step: u32::from_le_bytes([hash[3], hash[4], hash[5], 0]) | 1,
            part: u16::from_le_bytes([hash[6], hash[7]]),
        }
    }

    /// One of this many parts, the same for a text always. The bits that are set say nothing about it.
    pub(super) fn part(self, parts: usize) -> usize {
        usize::from(self.part) % parts
    }

    /// The bits that are set for it in a filter of this many bytes: of each the byte and the bit in it.
    fn places(self, bytes: usize) -> impl Iterator<Item = (usize, u8)> {
        let place = move |n| (self.first + n * self.step) as usize % (bytes * 8);
        (0..SET_PER_TEXT).map(place).map(|place| (place / 8, 1 << (place % 8)))
    }
}

/// An empty filter with room for this many texts, but for at least eight.
pub(super) fn room_for(texts: usize) -> Vec<u8> {
    vec![0; (texts.max(8) * BITS_PER_TEXT).div_ceil(8)]
}

/// Adds a text.
pub(super) fn add(filter: &mut [u8], hash: Hash) {
    for (byte, bit) in hash.places(filter.len()) {
        filter[byte] |= bit;
    }
}

/// Whether a text may be among those that were added. An empty filter says nothing.
pub(super) fn may_have(filter: &[u8], hash: Hash) -> bool {
    filter.is_empty() || hash.places(filter.len()).all(|(byte, bit)| filter[byte] & bit != 0)
}
