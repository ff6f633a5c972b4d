//! Which events go one after the other, and which a webhook wants.

use callslot_core::{
    AlertClosing, AlertId, AlertOpening, AlertRule, AlertWhen, CallType, WhyClosed,
};

use super::*;

fn webhook() -> Webhook {
    Webhook {
        id: "wh_1".to_owned(),
        org: OrgId::parse("acme").expect("an id"),
        url: "https://example.com/".to_owned(),
        events: vec![EVERY_EVENT.to_owned()],
        agents: None,
        types: None,
        gates: None,
        description: None,
        claims: true,
        secret: vec![1; 32],
        old_secret: None,
        created_at: Timestamp(0),
        disabled: None,
    }
}

fn opening(alert: &str, call_type: Option<CallType>) -> AlertOpening {
    AlertOpening {
        alert: AlertId::parse(alert).expect("an id"),
        rule: AlertRule {
            when: AlertWhen::Queued,
            agent: None,
            call_type,
            gate: None,
            above_milli: 1_000,
            for_ms: 0,
        },
        opened_at: Timestamp(1),
        figure_milli: 2_000,
    }
}

fn opened(alert: &str, call_type: Option<CallType>) -> FedEvent {
    let event = AlertEvent::Opened(Box::new(opening(alert, call_type)));
    FedEvent { sequence: Sequence(1), at: Timestamp(1), event: PublicEvent::Alert(event) }
}

fn closed(alert: &str) -> FedEvent {
    let closing = AlertClosing {
        number: 1,
        opening: opening(alert, None),
        closed_at: Timestamp(2),
        figure_milli: Some(0),
        why: WhyClosed::Recovered,
    };
    let event = AlertEvent::Closed(Box::new(closing));
    FedEvent { sequence: Sequence(2), at: Timestamp(2), event: PublicEvent::Alert(event) }
}

fn key_of_event(fed: &FedEvent) -> u64 {
    wanted(&webhook(), fed).expect("it is wanted").key.expect("a key")
}

#[test]
fn events_of_one_alert_go_one_after_the_other() {
    assert_eq!(key_of_event(&opened("busy", None)), key_of_event(&closed("busy")));
    assert_ne!(key_of_event(&opened("busy", None)), key_of_event(&closed("idle")));
    let deleted = SettingsEvent::AlertDeleted { alert: AlertId::parse("busy").expect("an id") };
    let event = PublicEvent::Settings(deleted);
    let deleted = FedEvent { sequence: Sequence(3), at: Timestamp(3), event };
    assert_eq!(key_of_event(&deleted), key_of_event(&closed("busy")));
}

#[test]
fn kept_keys_are_the_same_in_every_release() {
    // The vectors of the hash's authors.
    for (text, hash) in [
        ("", 0xcbf2_9ce4_8422_2325),
        ("a", 0xaf63_dc4c_8601_ec8c),
        ("foobar", 0x8594_4171_f739_67e8),
    ] {
        assert_eq!(fnv_1a(text.bytes()), hash, "{text}");
    }
    assert_eq!(key_of_event(&closed("busy")), fnv_1a(*b"alert\0busy"));
    assert_ne!(key_of("call", "busy"), key_of("alert", "busy"));
}

#[test]
fn a_webhook_of_some_types_gets_no_alert_about_another() {
    let of_chat = Webhook { types: Some(vec![CallType::Chat]), ..webhook() };
    for (of_rule, is_wanted) in
        [(None, true), (Some(CallType::Chat), true), (Some(CallType::Inbound), false)]
    {
        let came = wanted(&of_chat, &opened("busy", of_rule)).is_some();
        assert_eq!(came, is_wanted, "{of_rule:?}");
    }
}
