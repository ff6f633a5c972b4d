//! A block of ended calls as bytes: one record of their ends in its stored form, compressed.

use callslot_core::{
    Call, CallEvent, CallId, Ended, Event, Now, OrgId, Recorded, Sequence, Tick, Timestamp,
};
use memchr::memmem;

use crate::contract::record::Record;
use crate::contract::store_error::{StoreError, VersionKind};
use crate::limits::MAX_RECORD_BYTES;
use crate::stored_form::{decode, encode};

/// Ended calls, with the sequence numbers of their ends, in the order of these.
pub type EndedCalls = Vec<(Sequence, Call<Ended>)>;

/// What errors call a block.
const PLACE: &str = "a block of ended calls";
/// The first byte of a block: how the rest is compressed. 1 is Zstandard, and all there is.
const FORM: u8 = 1;
/// The fastest level of those that compress well.
const LEVEL: i32 = 1;

/// Ended calls of one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The organisation.
    pub org: OrgId,
    /// The calls.
    pub calls: EndedCalls,
}

impl Block {
    /// Reads a packed block.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the bytes are not what was written; [`StoreError::TooNew`] when a newer version wrote them.
    pub fn read(packed: &[u8]) -> Result<Self, StoreError> {
        Self::read_unpacked(&unpack(packed)?)
    }

    /// Reads a block that is [unpacked](unpack).
    ///
    /// # Errors
    /// The same.
    pub fn read_unpacked(bytes: &[u8]) -> Result<Self, StoreError> {
        let mut org = None;
        let mut calls = Vec::new();
        for recorded in decode(bytes, PLACE)?.events {
            let (Event::Call(CallEvent::Ended(call)), Some(sequence)) =
                (recorded.event, recorded.sequence)
            else {
                return Err(StoreError::damaged(PLACE, "something else is in it"));
            };
            org.get_or_insert(recorded.org);
            calls.push((sequence, call));
        }
        let org = org.ok_or_else(|| StoreError::damaged(PLACE, "it is empty"))?;
        Ok(Self { org, calls })
    }

    /// The newest call with this id in an unpacked block. Only a block that has the id's bytes is decoded.
    ///
    /// # Errors
    /// As of [`Block::read`].
    pub fn newest_in(unpacked: &[u8], id: &CallId) -> Result<Option<Call<Ended>>, StoreError> {
        if !holds(unpacked, id.as_str()) {
            return Ok(None);
        }
        let calls = Self::read_unpacked(unpacked)?.calls.into_iter().rev();
        Ok(calls.map(|(_, call)| call).find(|call| call.request.id == *id))
    }
}

/// An unpacked block without the metadata and the notes of its calls with this id; none if these have none. Only a block that has the id's
/// bytes is decoded.
///
/// # Errors
/// As of [`Block::read`].
pub fn erased(unpacked: &[u8], id: &CallId) -> Result<Option<Block>, StoreError> {
    if !holds(unpacked, id.as_str()) {
        return Ok(None);
    }
    let mut block = Block::read_unpacked(unpacked)?;
    let mut has_changed = false;
    for (_, call) in block.calls.iter_mut().filter(|(_, call)| call.request.id == *id) {
        has_changed |= call.erase_texts();
    }
    Ok(has_changed.then_some(block))
}

/// Whether a text is anywhere in an unpacked block. Ids and names are in it as they are.
pub(super) fn holds(unpacked: &[u8], text: &str) -> bool {
    memmem::find(unpacked, text.as_bytes()).is_some()
}

/// Packs blocks, one after another.
pub struct Packer(zstd::bulk::Compressor<'static>);

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Packer")
    }
}

impl Default for Packer {
    fn default() -> Self {
        Self(zstd::bulk::Compressor::new(LEVEL).expect("a compressor can always be made"))
    }
}

impl Packer {
    /// The bytes of a block with these calls, of which there is at least one.
    pub fn pack(&mut self, org: &OrgId, calls: &[(Sequence, Call<Ended>)]) -> Vec<u8> {
        // Times are kept as distances from the record's own, so these make most of them short.
        let first = calls.first().map(|(_, call)| &call.state);
        let now = Now {
            at: first.map_or(Timestamp(0), |ended| ended.ended_at),
            tick: first.map_or(Tick(0), |ended| ended.remembered_until),
        };
        let event = |(sequence, call): &(Sequence, Call<Ended>)| Recorded {
            org: org.clone(),
            sequence: Some(*sequence),
            event: CallEvent::Ended(call.clone()).into(),
        };
        let record = encode(&Record { now, events: calls.iter().map(event).collect() });
        let packed = self.0.compress(&record).expect("there is room for what is packed");
        [&[FORM], &packed[..]].concat()
    }
}

/// The bytes that were packed.
///
/// # Errors
/// As of [`Block::read`].
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, StoreError> {
    let damaged = |why| StoreError::damaged(PLACE, why);
    let (form, rest) = packed.split_first().ok_or_else(|| damaged("it is too short"))?;
    if *form > FORM {
        return Err(StoreError::TooNew {
            place: PLACE.into(),
            kind: VersionKind::Format,
            found: (*form).into(),
            newest: FORM.into(),
        });
    }
    let size = zstd::zstd_safe::get_frame_content_size(rest).ok().flatten();
    let size = size.and_then(|size| usize::try_from(size).ok());
    let size = size.filter(|size| *size <= MAX_RECORD_BYTES && *form == FORM);
    let size = size.ok_or_else(|| damaged("it does not say how long it is"))?;
    zstd::bulk::decompress(rest, size).map_err(|_| damaged("it cannot be unpacked"))
}
