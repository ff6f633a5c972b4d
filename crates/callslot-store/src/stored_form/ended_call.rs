//! The stored form of an ended call: the record of its end. Belongs to `stored_form.rs`.

use callslot_core::{Call, CallEvent, Ended, Event, Now, OrgId, Recorded, Sequence, Tick};

use crate::contract::record::Record;
use crate::contract::store_error::StoreError;
use crate::stored_form::{decode, encode};

/// The stored form of an ended call.
#[must_use]
pub fn encode_ended_call(org: &OrgId, sequence: Sequence, call: &Call<Ended>) -> Vec<u8> {
    let event = CallEvent::Ended(call.clone()).into();
    let now = Now { at: call.state.ended_at, tick: Tick(0) };
    let events = vec![Recorded { org: org.clone(), sequence: Some(sequence), event }];
    encode(&Record { now, events })
}

/// Reads a stored ended call.
pub fn decode_ended_call(bytes: &[u8]) -> Result<Call<Ended>, StoreError> {
    let record = decode(bytes, "an ended call")?;
    match record.events.into_iter().next().map(|recorded| recorded.event) {
        Some(Event::Call(CallEvent::Ended(call))) => Ok(call),
        _ => Err(StoreError::damaged("an ended call", "it is kept as something else")),
    }
}
