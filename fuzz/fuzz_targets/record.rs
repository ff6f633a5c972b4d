//! The stored form of records: bytes are refused, or mean one record that is written and read back unchanged.
//!
//! An odd first byte gives the rest the right checksum, since no search finds one.
#![no_main]

use callslot_store::stored_form::{decode, encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&kind, rest)) = data.split_first() else { return };
    let fitting;
    let bytes = if kind % 2 == 1 {
        fitting = [&[1], &crc32fast::hash(rest).to_le_bytes()[..], rest].concat();
        &fitting[..]
    } else {
        rest
    };
    if let Ok(record) = decode(bytes, "the record") {
        let written = encode(&record);
        let again = decode(&written, "the record").expect("what is written can be read");
        assert_eq!(again, record);
        assert_eq!(encode(&again), written);
    }
});
