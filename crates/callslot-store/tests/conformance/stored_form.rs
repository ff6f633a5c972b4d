//! The stored form: every record comes back as it was written, and no other bytes are taken for one.

use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use callslot_core::{
    Active, Adoption, AgentId, Call, CallEvent, CallFilter, CallId, CallType, Claim, Claimant,
    ClassFigures, Counters, EndReason, Ended, Event, HeldSlots, KeyId, LeaseEvent, LeaseId,
    LeaseSum, Line, LiveState, Now, OrgEvent, OrgId, OrgSettings, PerType, PlanId, Queued,
    Recorded, Request, Sequence, SetFigures, SettingsEvent, SlotKind, StateFilter, Sweep,
    SweepEvent, Tick, Ticket, Timestamp, Version, WaitFigures,
};
use callslot_store::conformance::facts::{record, record_of_everything};
use callslot_store::stored_form::{decode, encode};
use callslot_store::{Record, StoreError};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

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
    bytes[0] = 7;
    let Err(error @ StoreError::TooNew { .. }) = decode(&bytes, "the record at position 3") else {
        panic!("a newer format is refused");
    };
    let text = error.to_string();
    assert!(text.starts_with("the record at position 3 has format 7"), "{text}");
    assert!(text.contains("up to 3"), "{text}");
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

/// Each file is what its version wrote and is never written again; the first release of a new version adds one of its own.
#[test]
fn bytes_written_by_every_version_still_load() {
    let all = record_of_everything();
    // How many of the facts are newer.
    for (version, newer) in [(1, 24), (2, 23), (3, 3)] {
        let mut expected = all.clone();
        expected.events.truncate(all.events.len() - newer);
        let name = format!("tests/fixtures/record-v{version}.bin");
        let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
        let bytes = bytes.expect("the fixture is there");
        assert_eq!(bytes[0], version);
        assert_eq!(decode(&bytes, "the fixture").expect("it loads"), expected);
    }
}

fn any_record() -> impl Strategy<Value = Record> {
    let recorded = (org_id(), any_event(), 1..u64::MAX).prop_map(|(org, event, number)| Recorded {
        org,
        sequence: event.is_public().then_some(Sequence(number)),
        event,
    });
    (time(), time(), vec(recorded, 0..12)).prop_map(|(at, tick, events)| Record {
        now: Now { at: Timestamp(at), tick: Tick(tick) },
        events,
    })
}

fn any_event() -> impl Strategy<Value = Event> {
    let limit = (plan_id(), any::<u32>(), any::<Option<u32>>()).prop_map(
        |(plan, plan_limit, limit_override)| SettingsEvent::LimitChanged {
            plan,
            plan_limit,
            limit_override,
        },
    );
    let put = (agent_id(), ".{0,40}", any::<Option<u32>>()).prop_map(|(agent, name, cap)| {
        SettingsEvent::AgentPut { agent, name: Arc::from(name), cap }
    });
    let reserved = (any::<u64>(), vec((agent_id(), any::<[u32; 4]>().prop_map(PerType)), 0..5))
        .prop_map(|(version, reservations)| SettingsEvent::ReservationsChanged {
            version: Version(version),
            reservations,
        });
    let types = [CallType::Webcall, CallType::Chat, CallType::Outbound, CallType::Inbound];
    let type_cap = (select(types.to_vec()), any::<Option<u32>>())
        .prop_map(|(call_type, cap)| SettingsEvent::TypeCapChanged { call_type, cap });
    let deleted = agent_id().prop_map(|agent| SettingsEvent::AgentDeleted { agent });
    let counters = any_counters().prop_map(Box::new);
    prop_oneof![
        any_settings().prop_map(|settings| OrgEvent::Created(Box::new(settings)).into()),
        any_settings().prop_map(|settings| OrgEvent::Changed(Box::new(settings)).into()),
        Just(OrgEvent::Deleted.into()),
        limit.prop_map(Event::from),
        put.prop_map(Event::from),
        deleted.prop_map(Event::from),
        type_cap.prop_map(Event::from),
        reserved.prop_map(Event::from),
        any_call(any_queued()).prop_map(|call| CallEvent::Queued(call).into()),
        any_call(any_active()).prop_map(|call| CallEvent::Started(call).into()),
        (any_call(any_active()), option::of(claimant())).prop_map(|(call, claimant)| Claim {
            call,
            claimant
        }
        .into()),
        (any_call(any_live()), option::of(lease_id())).prop_map(|(call, from)| Adoption {
            call,
            from
        }
        .into()),
        any_call(any_ended()).prop_map(|call| CallEvent::Ended(call).into()),
        any_call(any_ended()).prop_map(|call| CallEvent::EndedAtOnce(call).into()),
        (vec(call_id(), 1..4), time())
            .prop_map(|(calls, until)| Event::EndsRemembered(calls, Tick(until))),
        any_sweep().prop_map(|sweep| SweepEvent::Begun(Box::new(sweep)).into()),
        any::<[u64; 2]>().prop_map(|[number, ended]| SweepEvent::Done { number, ended }.into()),
        (lease_id(), any::<u64>(), option::of(key_id()))
            .prop_map(|(lease, ttl_ms, key)| { LeaseEvent::Opened { lease, ttl_ms, key }.into() }),
        lease_id().prop_map(|lease| LeaseEvent::Ended { lease }.into()),
        (lease_id(), option::of(any_sum()), any::<bool>()).prop_map(
            |(lease, first, is_in_doubt)| {
                LeaseEvent::PagesBegun { lease, first, is_in_doubt }.into()
            }
        ),
        (lease_id(), any_sum(), time()).prop_map(|(lease, last, until)| {
            LeaseEvent::PagesDecided { lease, last, until: Tick(until) }.into()
        }),
        (lease_id(), option::of(any_sum()), option::of(any_sum())).prop_map(
            |(lease, last, first)| { LeaseEvent::PagesLost { lease, last, first }.into() }
        ),
        counters.prop_map(|counters| OrgEvent::CountersRestored(counters).into()),
        any_waits().prop_map(|waits| OrgEvent::WaitsRestored(Box::new(waits)).into()),
        (agent_id(), vec(any_class_waits(), 4)).prop_map(|(agent, classes)| {
            let classes = classes.try_into().expect("there are four");
            OrgEvent::AgentWaitsRestored(agent, Box::new(PerType(classes))).into()
        }),
        (call_id(), time()).prop_map(|(call, at)| OrgEvent::StartRestored(call, Tick(at)).into()),
    ]
}

fn any_sum() -> impl Strategy<Value = LeaseSum> {
    any::<[u64; 2]>().prop_map(|[count, digest]| LeaseSum { count, digest })
}

fn any_sweep() -> impl Strategy<Value = Sweep> {
    let state = option::of(select(vec![StateFilter::Queued, StateFilter::Active]));
    let call_type = option::of(select(CallType::ALL.to_vec()));
    let filter = (state, option::of(agent_id()), call_type)
        .prop_map(|(state, agent, call_type)| CallFilter { state, agent, call_type });
    let ids = option::of(vec(call_id(), 0..4));
    (any::<[u64; 2]>(), filter, ids, option::of(".{0,40}")).prop_map(
        |([number, up_to], filter, ids, note)| {
            let (up_to, note) = (Ticket(up_to), note.map(Arc::from));
            Sweep { number, filter, ids, up_to, note }
        },
    )
}

fn any_settings() -> impl Strategy<Value = OrgSettings> {
    let waits = any::<[Option<u64>; 4]>().prop_map(PerType);
    let numbers = (any::<u32>(), any::<Option<u32>>(), any::<u64>(), any::<u32>());
    (".{0,40}", plan_id(), numbers, waits).prop_map(|(name, plan, numbers, max_wait_ms)| {
        let (plan_limit, limit_override, max_call_duration_ms, max_queued) = numbers;
        OrgSettings {
            name: Arc::from(name),
            plan,
            plan_limit,
            limit_override,
            max_call_duration_ms,
            max_wait_ms,
            max_queued,
        }
    })
}

fn any_counters() -> impl Strategy<Value = Counters> {
    any::<[u64; 3]>().prop_map(|[sequence, ticket, version]| Counters {
        sequence: Sequence(sequence),
        ticket: Ticket(ticket),
        version: Version(version),
    })
}

fn any_waits() -> impl Strategy<Value = WaitFigures> {
    let types =
        vec(any_set(), 4).prop_map(|types| PerType(types.try_into().expect("there are four")));
    (any_slots(), any_set(), types).prop_map(|(slots, pool, types)| WaitFigures {
        slots,
        pool,
        types,
    })
}

fn any_class_waits() -> impl Strategy<Value = ClassFigures> {
    (any_slots(), any_slots()).prop_map(|(slots, shared)| ClassFigures { slots, shared })
}

fn any_set() -> impl Strategy<Value = SetFigures> {
    (any_slots(), any::<[u64; 3]>(), any::<[u32; 2]>()).prop_map(
        |(shared, [reached, passed, marked], [left, given])| SetFigures {
            shared,
            line: Line { reached: Ticket(reached), passed, marked: Ticket(marked), left, given },
        },
    )
}

fn any_slots() -> impl Strategy<Value = HeldSlots> {
    any::<[u64; 3]>().prop_map(|[slot_ms, freed, until]| HeldSlots {
        slot_ms,
        freed,
        until: Tick(until),
    })
}

fn any_call<State: Debug>(
    state: impl Strategy<Value = State>,
) -> impl Strategy<Value = Call<State>> {
    let names = (call_id(), agent_id(), option::of(lease_id()), option::of(text()));
    let times = (any::<u64>(), time(), option::of(time()));
    let spans = (any::<Option<u64>>(), any::<Option<u64>>());
    let request = (names, select(&CallType::ALL[..]), times, spans).prop_map(
        |((id, agent, lease, metadata), call_type, times, spans)| {
            let (ticket, requested_at, wait_deadline) = times;
            let (max_duration_ms, claim_within_ms) = spans;
            Request {
                id,
                agent,
                call_type,
                ticket: Ticket(ticket),
                requested_at: Timestamp(requested_at),
                lease,
                wait_deadline: wait_deadline.map(Tick),
                max_duration_ms,
                claim_within_ms,
                metadata,
            }
        },
    );
    (request, state).prop_map(|(request, state)| Call { request: Arc::new(request), state })
}

fn any_queued() -> impl Strategy<Value = Queued> {
    any::<u8>().prop_map(|misses| Queued { misses })
}

fn any_active() -> impl Strategy<Value = Active> {
    let times = (time(), option::of(time()), option::of(time()));
    (slot(), times, any::<bool>(), any::<u8>()).prop_map(
        |(slot, (started_at, dispatched, deadline), is_claim_due, misses)| Active {
            slot,
            started_at: Timestamp(started_at),
            dispatched: dispatched.map(Tick),
            deadline: deadline.map(Tick),
            is_claim_due,
            misses,
        },
    )
}

fn any_live() -> impl Strategy<Value = LiveState> {
    prop_oneof![any_queued().prop_map(LiveState::Queued), any_active().prop_map(LiveState::Active)]
}

fn any_ended() -> impl Strategy<Value = Ended> {
    let served = option::of((slot(), time().prop_map(Timestamp)));
    (served, time(), select(&EndReason::ALL[..]), option::of(text()), time()).prop_map(
        |(served, ended_at, reason, note, remembered_until)| Ended {
            served,
            ended_at: Timestamp(ended_at),
            reason,
            note,
            remembered_until: Tick(remembered_until),
        },
    )
}

/// Ordinary times, and the extremes that distances must survive.
fn time() -> impl Strategy<Value = u64> {
    prop_oneof![1_700_000_000_000..1_800_000_000_000_u64, 0..100_000_u64, any::<u64>()]
}

fn slot() -> impl Strategy<Value = SlotKind> {
    select(&[SlotKind::Reserved, SlotKind::Shared][..])
}

fn text() -> impl Strategy<Value = Arc<str>> {
    ".{0,60}".prop_map(Arc::from)
}

/// A few ids, which recur, and some of any form that was ever allowed: earlier versions made `.` and `..`.
const IDS: &str = "(a|b|support|[.]{1,2}|[A-Za-z0-9_.:-]{1,64})";

fn org_id() -> impl Strategy<Value = OrgId> {
    IDS.prop_map(|id| OrgId::kept(&id).expect("an organisation id"))
}

fn agent_id() -> impl Strategy<Value = AgentId> {
    IDS.prop_map(|id| AgentId::kept(&id).expect("an agent id"))
}

fn lease_id() -> impl Strategy<Value = LeaseId> {
    IDS.prop_map(|id| LeaseId::kept(&id).expect("a lease id"))
}

fn key_id() -> impl Strategy<Value = KeyId> {
    IDS.prop_map(|id| KeyId::kept(&id).expect("a key id"))
}

fn plan_id() -> impl Strategy<Value = PlanId> {
    IDS.prop_map(|id| PlanId::kept(&id).expect("a plan id"))
}

fn claimant() -> impl Strategy<Value = Claimant> {
    "(a|b|[!-~]{1,255})".prop_map(|name| Claimant::kept(&name).expect("a claimant"))
}

fn call_id() -> impl Strategy<Value = CallId> {
    "(batch|end|[.]{1,2}|[!-~]{1,255})".prop_map(|id| CallId::kept(&id).expect("a call id"))
}
