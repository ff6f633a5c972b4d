//! The stored form: every record comes back as it was written, and no other bytes are taken for one.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use callslot_core::{
    CallEvent, CallGates, CallType, Event, GateId, Now, OrgId, Pace, Recorded, Sequence,
    SettingsEvent, Tick, Timestamp,
};
use callslot_store::conformance::audit::every_entry;
use callslot_store::conformance::facts::{record, record_of_everything};
use callslot_store::stored_form::{decode, decode_audited, encode, encode_audited};
use callslot_store::{Record, StoreError};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::any_record::any_record;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_record_is_read_back_as_it_was_written(record in any_record()) {
        prop_assert_eq!(decode(&encode(&record), "the record").expect("it is readable"), record);
    }

    #[test]
    fn no_bytes_whatever_stop_the_reader(bytes in vec(any::<u8>(), 0..200)) {
        prop_assert!(decode(&bytes, "the record").is_err());
    }

    /// A matching checksum does not make a record: what is in it is checked all the same.
    #[test]
    fn no_bytes_with_a_matching_checksum_stop_the_reader(body in vec(any::<u8>(), 0..200)) {
        if let Ok(record) = decode(&with_checksum(&body), "the record") {
            prop_assert_eq!(decode(&encode(&record), "the record").expect("it is readable"), record);
        }
    }

    #[test]
    fn no_changed_byte_with_a_matching_checksum_stops_the_reader(
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut body = encode(&record_of_everything()).split_off(5);
        *place.get_mut(&mut body) = byte;
        if let Ok(record) = decode(&with_checksum(&body), "the record") {
            prop_assert_eq!(decode(&encode(&record), "the record").expect("it is readable"), record);
        }
    }
}

fn with_checksum(body: &[u8]) -> Vec<u8> {
    let checksum = crc32fast::hash(body).to_le_bytes();
    [&[1], &checksum[..], body].concat()
}

#[test]
fn no_change_of_a_stored_byte_goes_unnoticed() {
    let bytes = encode(&record_of_everything());
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 0x55;
        assert!(decode(&changed, "the record").is_err(), "byte {place}");
        assert!(decode(&bytes[..place], "the record").is_err(), "cut at {place}");
    }
}

#[test]
fn a_record_of_a_newer_version_is_refused_with_both_versions() {
    let mut bytes = encode(&record("acme", 1, 1));
    bytes[0] = 8;
    let Err(error @ StoreError::TooNew { .. }) = decode(&bytes, "the record at position 3") else {
        panic!("a newer format is refused");
    };
    let text = error.to_string();
    assert!(text.starts_with("the record at position 3 has format 8"), "{text}");
    assert!(text.contains("up to 7"), "{text}");
}

#[test]
fn zeros_are_no_record() {
    let mut bytes = encode(&record("acme", 1, 1));
    bytes[0] = 0;
    for zeroed in [bytes, vec![0; 4096]] {
        assert!(matches!(decode(&zeroed, "the record"), Err(StoreError::Damaged { .. })));
    }
}

#[test]
fn a_call_in_another_state_than_its_event_gives_it_is_damaged() {
    let body = encode(&record("acme", 1, 1)).split_off(5);
    // The numbers of the two events in the stored form.
    let (queued, started) = (7, 8);
    let errors: Vec<String> = (0..body.len())
        .filter(|place| body[*place] == queued)
        .filter_map(|place| {
            let mut changed = body.clone();
            changed[place] = started;
            Some(decode(&with_checksum(&changed), "the record").err()?.to_string())
        })
        .collect();
    let is_wanted = |error: &String| error.contains("another state than its event gives it");
    assert!(errors.iter().any(is_wanted), "{errors:?}");
}

/// Facts of gates that no command leads to, made out of those that some do by changing one byte.
#[test]
fn a_pace_without_starts_and_a_call_with_five_gates_are_damaged() {
    let at = Now { at: Timestamp(1), tick: Tick(1) };
    let of = |event| {
        let (org, sequence) = (OrgId::parse("acme").expect("an id"), Some(Sequence(1)));
        encode(&Record { now: at, events: vec![Recorded { org, sequence, event }] }).split_off(5)
    };
    let error = |body: &[u8]| {
        decode(&with_checksum(body), "the record").expect_err("it is damaged").to_string()
    };
    let pace = Some(Pace { starts: 77, per_s: 78, burst: 79 });
    let of_type =
        of(SettingsEvent::TypeChanged { call_type: CallType::Chat, cap: None, pace }.into());
    for number in [77, 78, 79] {
        let mut changed = of_type.clone();
        let found = changed.iter().position(|byte| *byte == number).expect("it is there");
        changed[found] = 0;
        assert!(error(&changed).contains("a pace gives no start"), "{}", error(&changed));
    }
    let ids = ["g1", "g2", "g3", "g4"].map(|id| GateId::parse(id).expect("a gate id"));
    let Event::Call(CallEvent::Queued(mut call)) = record("acme", 1, 1).events.remove(0).event
    else {
        panic!("a queued call");
    };
    Arc::make_mut(&mut call.request).gates = CallGates::new(ids.to_vec()).expect("four");
    let mut gated = of(CallEvent::Queued(call).into());
    // The names are acme, support, lease-1, g1, …; the call comes to name acme as well.
    let found = gated.windows(5).position(|bytes| bytes == [4, 3, 4, 5, 6]).expect("its gates");
    gated[found] = 5;
    gated.insert(found + 1, 0);
    assert!(error(&gated).contains("more gates than it may"), "{}", error(&gated));
}

/// Each file is what its version wrote and is never written again; the first release of a new version adds one of its own.
#[test]
fn bytes_written_by_every_version_still_load() {
    let all = record_of_everything();
    // How many of the facts are newer.
    for (version, newer) in [(1, 76), (2, 75), (3, 55), (4, 22), (5, 15), (6, 2), (7, 0)] {
        let mut expected = all.clone();
        expected.events.truncate(all.events.len() - newer);
        let bytes = fixture(version);
        assert_eq!(bytes[0], version);
        assert_eq!(decode(&bytes, "the fixture").expect("it loads"), expected);
    }
}

/// Gates and paces cost nothing where there are none.
#[test]
fn what_version_3_had_is_written_as_version_3_wrote_it() {
    let former = fixture(3);
    let written = encode(&decode(&former, "the fixture").expect("it loads"));
    assert_eq!((former[0], written[0]), (3, 7));
    assert_eq!(written[1..], former[1..]);
}

/// The bytes of every version of the audit, likewise.
#[test]
fn bytes_of_the_audit_written_by_every_version_still_load() {
    // How many of the entries are newer.
    for (version, newer) in [(1, 4), (2, 0)] {
        let name = format!("tests/fixtures/audit-v{version}.bin");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let bytes = fs::read(path).expect("the fixture");
        let mut rest = &bytes[..];
        let mut expected = every_entry();
        expected.truncate(expected.len() - newer);
        for entry in expected {
            // The first file has lengths of one byte.
            let wide = usize::from(version);
            let length =
                rest[..wide].iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            let (body, after) = rest[wide..].split_at(length);
            assert_eq!((body[0], decode_audited(body).expect("it loads")), (version, entry));
            rest = after;
        }
        assert!(rest.is_empty());
    }
}

#[test]
fn a_changed_byte_of_the_audit_is_found() {
    for entry in every_entry() {
        let bytes = encode_audited(&entry);
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 0x55;
            assert!(decode_audited(&changed).is_err(), "byte {place} of {entry:?}");
        }
    }
}

fn fixture(version: u8) -> Vec<u8> {
    let name = format!("tests/fixtures/record-v{version}.bin");
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("the fixture is there")
}
