//! The page on the stored form decodes a record by hand: these are its bytes, and this is what they mean.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use callslot_core::{
    Active, AgentId, Call, CallEvent, CallGates, CallId, CallType, EndReason, Ended, Event, GateId,
    LeaseId, Now, OrgId, Recorded, Request, Sequence, SlotKind, Tick, Ticket, Timestamp,
};
use callslot_store::Record;
use callslot_store::stored_form::{decode, encode};

#[test]
fn the_record_in_the_docs_is_read_as_the_docs_have_it() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/internals/stored-form.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let (_, dump) = page.split_once("```text\n00  ").expect("the page shows bytes");
    let (dump, _) = dump.split_once("```").expect("the bytes end");
    let bytes: Vec<u8> = dump
        .lines()
        .enumerate()
        .flat_map(|(row, line)| {
            let line = if row == 0 { line } else { line.split_once("  ").expect("a place").1 };
            line.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).expect("a byte"))
        })
        .collect();
    let record = record_of_the_docs();
    assert_eq!(decode(&bytes, "the record of the docs").expect("it is readable"), record);
    assert_eq!(encode(&record), bytes);
}

fn record_of_the_docs() -> Record {
    let at = |ms: u64| Timestamp(1_700_000_000_000 + ms);
    let now = Now { at: at(5_250), tick: Tick(5_250) };
    let request = |id: &str, ticket: u64, requested_ms: u64| Request {
        id: CallId::parse(id).expect("a call id"),
        agent: AgentId::parse("support").expect("an agent id"),
        call_type: CallType::Chat,
        ticket: Ticket(ticket),
        requested_at: at(requested_ms),
        lease: None,
        wait_deadline: None,
        max_duration_ms: None,
        claim_within_ms: None,
        gates: CallGates::default(),
        metadata: None,
    };
    let first = Request {
        lease: Some(LeaseId::parse("lease-1").expect("a lease id")),
        ..request("call-1", 3, 250)
    };
    let second = Request {
        wait_deadline: Some(Tick(34_000)),
        claim_within_ms: Some(5_000),
        gates: CallGates::new(vec![GateId::parse("spring").expect("a gate id")]).expect("one"),
        metadata: Some(Arc::from(r#"{"vip":true}"#)),
        ..request("call-2", 4, 4_000)
    };
    let ended = Ended {
        served: Some((SlotKind::Shared, at(260))),
        ended_at: now.at,
        reason: EndReason::Completed,
        note: None,
        remembered_until: Tick(605_250),
    };
    let active = Active {
        slot: SlotKind::Shared,
        started_at: now.at,
        dispatched: Some(now.tick),
        deadline: Some(Tick(10_250)),
        is_claim_due: true,
        misses: 0,
    };
    let recorded = |number: u64, event: CallEvent| Recorded {
        org: OrgId::parse("acme").expect("an organisation id"),
        sequence: Some(Sequence(number)),
        event: Event::Call(event),
    };
    let events = vec![
        recorded(7, CallEvent::Ended(Call { request: Arc::new(first), state: ended })),
        recorded(8, CallEvent::Started(Call { request: Arc::new(second), state: active })),
    ];
    Record { now, events }
}
