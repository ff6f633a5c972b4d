//! What every stored form begins with: its version and a checksum, so that damage and newer forms are told apart from data.

use callslot_core::InvalidId;
use serde::{Deserialize, Serialize};

use crate::contract::store_error::{StoreError, VersionKind};

const HEADER_BYTES: usize = 5;

/// A body, preceded by its version and checksum.
pub(super) fn sealed(version: u8, body: &impl Serialize) -> Vec<u8> {
    let mut bytes = vec![version, 0, 0, 0, 0];
    bytes = postcard::to_extend(body, bytes).expect("a stored form can always be written");
    let checksum = crc32fast::hash(&bytes[HEADER_BYTES..]);
    bytes[1..HEADER_BYTES].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

/// The body after a version up to `newest` and a matching checksum.
pub(super) fn opened<'a, T: Deserialize<'a>>(newest: u8, bytes: &'a [u8]) -> Result<T, Unreadable> {
    let Some((&[version, a, b, c, d], body)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
        return Err(Unreadable::Damaged("it is too short"));
    };
    if version > newest {
        return Err(Unreadable::TooNew(version));
    }
    if version == 0 || u32::from_le_bytes([a, b, c, d]) != crc32fast::hash(body) {
        return Err(Unreadable::Damaged("its checksum does not match"));
    }
    postcard::from_bytes(body).map_err(|_| Unreadable::Damaged("its parts do not fit together"))
}

/// Why stored bytes cannot be read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unreadable {
    /// No version wrote them.
    Damaged(&'static str),
    /// A newer version wrote them, in this format.
    TooNew(u8),
}

impl Unreadable {
    /// The error of reading `place`, whose format may be up to `newest`.
    pub(super) fn into_error(self, place: &str, newest: u8) -> StoreError {
        match self {
            Self::Damaged(why) => StoreError::damaged(place, why),
            Self::TooNew(version) => StoreError::TooNew {
                place: place.to_owned(),
                kind: VersionKind::Format,
                found: version.into(),
                newest: newest.into(),
            },
        }
    }
}

impl From<InvalidId> for Unreadable {
    fn from(_: InvalidId) -> Self {
        Self::Damaged("an id has characters that ids do not have")
    }
}
