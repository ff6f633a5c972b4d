//! The stored form of a change of settings: a record of it. Belongs to `stored_form.rs`.

use callslot_core::{Event, Now, Recorded, Tick};

use crate::contract::history::Marker;
use crate::contract::record::Record;
use crate::contract::store_error::StoreError;
use crate::stored_form::{decode, encode};

/// The stored form of a change of settings.
#[must_use]
pub fn encode_marker(marker: &Marker) -> Vec<u8> {
    let now = Now { at: marker.at, tick: Tick(0) };
    let event = Event::Settings(marker.change.clone());
    let recorded = Recorded { org: marker.org.clone(), sequence: Some(marker.sequence), event };
    encode(&Record { now, events: vec![recorded] })
}

/// Reads a stored change of settings.
pub fn decode_marker(bytes: &[u8]) -> Result<Marker, StoreError> {
    let place = "a change of settings";
    let record = decode(bytes, place)?;
    match record.events.into_iter().next() {
        Some(Recorded { org, sequence: Some(sequence), event: Event::Settings(change) }) => {
            Ok(Marker { at: record.now.at, org, sequence, change })
        }
        Some(_) | None => Err(StoreError::damaged(place, "it holds none")),
    }
}
