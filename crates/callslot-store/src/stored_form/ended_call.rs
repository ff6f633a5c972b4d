//! The stored form of an ended call: the record of its end. Belongs to `stored_form.rs`.

use callslot_core::{Call, Event, Now, OrgId, Recorded, Sequence, Tick};

use crate::contract::history::end_of;
use crate::contract::log::{Record, StoreError};
use crate::stored_form::{ADVICE, decode, encode};

/// The stored form of an ended call.
#[must_use]
pub fn encode_ended_call(org: &OrgId, sequence: Sequence, call: &Call) -> Vec<u8> {
    let event = Event::CallEnded(call.clone());
    let now = Now { at: end_of(call).0, tick: Tick(0) };
    let events = vec![Recorded { org: org.clone(), sequence: Some(sequence), event }];
    encode(&Record { now, events })
}

/// Reads a stored ended call.
pub fn decode_ended_call(bytes: &[u8]) -> Result<Call, StoreError> {
    let record = decode(bytes, "an ended call")?;
    match record.events.into_iter().next().map(|recorded| recorded.event) {
        Some(Event::CallEnded(call)) => Ok(call),
        _ => Err(StoreError::Damaged(format!("an ended call is kept as something else; {ADVICE}"))),
    }
}
