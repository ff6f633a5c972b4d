//! Sums of calls: their number and a digest, by which two sides compare what they believe.

use sha2::{Digest, Sha256};

use crate::id::CallId;

/// A digest of a set of calls, so that two sides can compare what they believe cheaply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeaseSum {
    /// How many calls are active.
    pub count: u64,
    /// Exclusive or over the active calls of the first 8 bytes, big endian, of SHA-256 of the id.
    pub digest: u64,
}

/// A call's share of a lease's digest: the first 8 bytes, big endian, of SHA-256 (FIPS 180-4) of its id.
pub(crate) fn digest_of(id: &CallId) -> u64 {
    let hash = Sha256::digest(id.as_str().as_bytes());
    let first = hash.first_chunk().expect("a SHA-256 hash has 32 bytes");
    u64::from_be_bytes(*first)
}
