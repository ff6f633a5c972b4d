//! The body of a record's row: the stored form behind a byte that says how it is kept.

use callslot_store::stored_form::decode;
use callslot_store::{Position, Record, StoreError};

/// It is not compressed.
const PLAIN: u8 = 0;

/// The body with this stored form.
pub(crate) fn body_of(mut stored: Vec<u8>) -> Vec<u8> {
    stored.insert(0, PLAIN);
    stored
}

/// A record from its body.
pub(crate) fn decoded(at: Position, body: &[u8]) -> Result<Record, StoreError> {
    let place = format!("the record at position {}", at.0);
    match body.split_first() {
        Some((&PLAIN, stored)) => decode(stored, &place),
        Some(_) | None => Err(StoreError::damaged(place, "it begins as no record does")),
    }
}
