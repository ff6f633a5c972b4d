//! Which shard an organisation is in. It knows no store.

use callslot_core::OrgId;
use sha2::{Digest, Sha256};

use crate::limits::MAX_SHARDS;

/// Whether a store may have this many shards: a power of two, up to [`MAX_SHARDS`].
#[must_use]
pub const fn is_number_of_shards(shards: u16) -> bool {
    shards.is_power_of_two() && shards <= MAX_SHARDS
}

/// The shard of an organisation, from 0 on: the top bits of SHA-256 of its id. It never changes, since data is kept by it; with twice
/// as many shards, those of shard 1 would be in 2 or 3.
///
/// # Panics
/// When no store has this many `shards`.
#[must_use]
pub fn shard_of(org: &OrgId, shards: u16) -> u16 {
    assert!(is_number_of_shards(shards), "a store never has {shards} shards");
    let digest = Sha256::digest(org.as_str());
    let top = u32::from(u16::from_be_bytes([digest[0], digest[1]]));
    let shard = (top * u32::from(shards)) >> u16::BITS;
    u16::try_from(shard).expect("it is less than the number of shards")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids, and their shards of 2, 4, 16 and 64. SHA-256 of `acme` begins with 822b.
    const VECTORS: [(&str, [u16; 4]); 6] = [
        ("acme", [1, 2, 8, 32]),
        ("globex", [0, 1, 5, 22]),
        ("org_01", [0, 1, 6, 27]),
        ("a", [1, 3, 12, 50]),
        ("Initech-2024", [0, 1, 6, 24]),
        ("00000000-0000-0000-0000-000000000000", [0, 0, 1, 4]),
    ];

    /// From `printf %s ID | sha256sum`. If this fails, nobody finds what stores hold already.
    #[test]
    fn an_organisation_stays_in_its_shard_for_ever() {
        for (id, [of_2, of_4, of_16, of_64]) in VECTORS {
            let org = OrgId::parse(id).expect("an id");
            let shards = [1, 2, 4, 16, 64].map(|shards| shard_of(&org, shards));
            assert_eq!(shards, [0, of_2, of_4, of_16, of_64], "{id}");
        }
    }

    #[test]
    fn a_number_of_shards_is_a_power_of_two() {
        let numbers: Vec<_> = (0..=300).filter(|shards| is_number_of_shards(*shards)).collect();
        assert_eq!(numbers, [1, 2, 4, 8, 16, 32, 64]);
    }
}
