//! The stored form of a change of settings: a record of it. Belongs to `stored_form.rs`.

use callslot_core::{Now, Tick};

use crate::contract::history::Marker;
use crate::contract::log::{Record, StoreError};
use crate::stored_form::{ADVICE, decode, encode};

/// The stored form of a change of settings.
#[must_use]
pub fn encode_marker(marker: &Marker) -> Vec<u8> {
    let now = Now { at: marker.at, tick: Tick(0) };
    encode(&Record { now, events: vec![marker.recorded.clone()] })
}

/// Reads a stored change of settings.
pub fn decode_marker(bytes: &[u8]) -> Result<Marker, StoreError> {
    let record = decode(bytes, "a change of settings")?;
    let recorded =
        record.events.into_iter().next().ok_or_else(|| {
            StoreError::Damaged(format!("a change of settings holds none; {ADVICE}"))
        })?;
    Ok(Marker { at: record.now.at, recorded })
}
