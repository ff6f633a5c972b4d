//! The filter of a closed block's ids, in pieces: a search for an id reads the one piece in which it would be, of each block.

use std::collections::BTreeSet;

use callslot_core::CallId;

use crate::history_blocks::bits::{Hash, add, may_have, room_for};

/// How many pieces the filter of a block has.
pub const PIECES: usize = 8;

/// The first characters of an id, of which there are this many, are in the filter by themselves, for those who know how it begins. Ids that are random
/// differ in them.
const BEGINNING: usize = 8;

/// The pieces of the filter of these ids and their beginnings, in order.
#[must_use]
pub fn filter_of<'a>(ids: impl Iterator<Item = &'a CallId>) -> Vec<Vec<u8>> {
    let mut by_piece = vec![Vec::new(); PIECES];
    let mut beginnings = BTreeSet::new();
    let mut put = |hash: Hash| by_piece[hash.part(PIECES)].push(hash);
    for id in ids.map(CallId::as_str) {
        put(Hash::of(id));
        if let Some((beginning, rest)) = id.split_at_checked(BEGINNING)
            && !rest.is_empty()
            && beginnings.insert(beginning)
        {
            put(Hash::of(beginning));
        }
    }
    let filled = |hashes: Vec<Hash>| {
        let mut piece = room_for(hashes.len());
        for hash in hashes {
            add(&mut piece, hash);
        }
        piece
    };
    by_piece.into_iter().map(filled).collect()
}

/// An id that is looked for, or ids that begin alike.
#[derive(Debug, Clone, Copy)]
pub struct WantedId(Hash);

impl WantedId {
    /// This id.
    #[must_use]
    pub fn new(id: &CallId) -> Self {
        Self(Hash::of(id.as_str()))
    }

    /// Those that begin with this; none if it is so short that filters know nothing of it.
    #[must_use]
    pub fn beginning_with(prefix: &str) -> Option<Self> {
        Some(Self(Hash::of(prefix.get(..BEGINNING)?)))
    }

    /// The number of the piece that knows of it, from 0 on.
    #[must_use]
    pub fn piece(&self) -> usize {
        self.0.part(PIECES)
    }

    /// Whether a block may have a call with this id, by that piece of its filter.
    #[must_use]
    pub fn may_be_in(&self, piece: &[u8]) -> bool {
        may_have(piece, self.0)
    }
}
