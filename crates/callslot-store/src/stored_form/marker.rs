//! The stored form of a change of settings: a record of it and, since version 5, of who made it. Belongs to `stored_form.rs`.

use std::sync::Arc;

use callslot_core::{ChangedBy, Event, Now, Recorded, Tick};

use crate::contract::history::Marker;
use crate::contract::record::Record;
use crate::contract::store_error::StoreError;
use crate::stored_form::{decode, encode};

/// The stored form of a change of settings.
#[must_use]
pub fn encode_marker(marker: &Marker) -> Vec<u8> {
    let now = Now { at: marker.at, tick: Tick(0) };
    let by = marker.by.as_ref().map(|actor| Recorded {
        org: marker.org.clone(),
        sequence: None,
        event: ChangedBy { actor: Arc::clone(actor), former: None }.into(),
    });
    let event = Event::Settings(marker.change.clone());
    let recorded = Recorded { org: marker.org.clone(), sequence: Some(marker.sequence), event };
    encode(&Record { now, events: by.into_iter().chain([recorded]).collect() })
}

/// Reads a stored change of settings.
pub fn decode_marker(bytes: &[u8]) -> Result<Marker, StoreError> {
    let place = "a change of settings";
    let record = decode(bytes, place)?;
    let mut events = record.events.into_iter().peekable();
    let by = events.next_if(|recorded| matches!(recorded.event, Event::ChangedBy(_)));
    let by =
        by.and_then(
            |recorded| {
                if let Event::ChangedBy(by) = recorded.event { Some(by.actor) } else { None }
            },
        );
    match events.next() {
        Some(Recorded { org, sequence: Some(sequence), event: Event::Settings(change) }) => {
            Ok(Marker { at: record.now.at, org, sequence, by, change })
        }
        Some(_) | None => Err(StoreError::damaged(place, "it holds none")),
    }
}
