//! The promises of [`Webhooks`](crate::Webhooks).

use callslot_core::{CallType, Sequence, Timestamp};

use crate::conformance::facts::org;
use crate::contract::store::Store;
use crate::contract::store_error::StoreError;
use crate::contract::webhooks::{
    Attempt, AttemptOutcome, PendingDelivery, Webhook, WebhookFailure, WebhookMessage,
    WebhookPlace, WebhookProgress,
};
use crate::limits::ATTEMPTS_KEPT;

/// A webhook with everything that it may have.
pub(super) fn webhook(id: &str) -> Webhook {
    Webhook {
        id: id.into(),
        org: org("acme"),
        url: "https://example.com/hook?a=b".into(),
        events: vec!["call.started".into(), "call.ended".into()],
        agents: None,
        types: Some(vec![CallType::Chat, CallType::Inbound]),
        gates: Some(vec![callslot_core::GateId::parse("spring").expect("an id")]),
        description: Some("for\nthe ledger".into()),
        claims: true,
        secret: vec![7; 24],
        old_secret: Some((vec![8; 24], Timestamp(9))),
        created_at: Timestamp(1),
        disabled: None,
    }
}

fn attempt(number: u64) -> Attempt {
    let outcomes = AttemptOutcome::ALL.len() as u64;
    let outcome = usize::try_from(number % outcomes).expect("a small number");
    Attempt {
        message: format!("evt_{number}"),
        event: "call.started".into(),
        sequence: Sequence(number),
        attempt: 1,
        at: Timestamp(number),
        outcome: AttemptOutcome::ALL[outcome],
        status: number.is_multiple_of(2).then_some(500),
        duration_ms: 3,
        bytes: 4,
        cause: (number % 2 == 1).then(|| "no answer".into()),
        next_at: number.is_multiple_of(3).then_some(Timestamp(8)),
    }
}

fn pending(sequence: u64, due: u64) -> PendingDelivery {
    PendingDelivery {
        sequence: Sequence(sequence),
        key: sequence.is_multiple_of(2).then_some(u64::MAX - sequence),
        attempts: 1,
        due_at: Timestamp(due),
        is_dispatch: sequence.is_multiple_of(3),
    }
}

fn message(sequence: u64) -> WebhookMessage {
    let body = format!("{{\"seq\":{sequence}}}").into_bytes();
    WebhookMessage { id: format!("evt_{sequence}"), event: "call.ended".into(), body }
}

fn keep(store: &dyn Store, id: &str, progress: &WebhookProgress) -> Result<(), StoreError> {
    store.keep_progress(&[(id.to_owned(), progress.clone())])
}

/// Settings are kept, in the order of their ids.
pub fn webhooks_are_kept_replaced_and_forgotten(store: &dyn Store) {
    store.put_webhook(&webhook("wh_2")).expect("one is kept");
    let plain = Webhook {
        agents: Some(vec![]),
        types: None,
        gates: None,
        description: None,
        claims: false,
        old_secret: None,
        disabled: Some("it answered 410".into()),
        ..webhook("wh_1")
    };
    store.put_webhook(&webhook("wh_1")).expect("one is kept");
    store.put_webhook(&plain).expect("it is replaced");
    assert_eq!(store.webhooks().expect("a read"), [plain, webhook("wh_2")]);
    assert!(store.delete_webhook("wh_1").expect("a deletion"));
    assert!(!store.delete_webhook("wh_1").expect("a deletion"));
    assert_eq!(store.webhooks().expect("a read"), [webhook("wh_2")]);
}

/// The place, what waits and the attempts are kept together, and go with the webhook.
pub fn the_progress_of_a_webhook_is_kept_and_goes_with_it(store: &dyn Store) {
    for id in ["wh_1", "wh_2"] {
        store.put_webhook(&webhook(id)).expect("one is kept");
    }
    assert_eq!(store.webhook_place("wh_1").expect("a read"), None);
    let failure = WebhookFailure { at: Timestamp(5), status: Some(503), cause: "503".into() };
    let place = WebhookPlace {
        sequence: Sequence(4),
        beyond: vec![6..8, 9..10],
        missed: 2,
        last_success_at: Some(Timestamp(3)),
        last_failure: Some(failure),
        failures_in_row: 1,
    };
    let waiting =
        |due| (2..5).map(|sequence| (pending(sequence, due), Some(message(sequence)))).collect();
    let progress = WebhookProgress {
        place: place.clone(),
        settled: vec![],
        pending: waiting(50),
        attempts: vec![attempt(2), attempt(3)],
    };
    keep(store, "wh_1", &progress).expect("it is kept");
    keep(store, "wh_2", &progress).expect("it is kept");
    assert_eq!(store.webhook_place("wh_1").expect("a read"), Some(place.clone()));
    let later = WebhookProgress {
        place: WebhookPlace { sequence: Sequence(9), ..place },
        settled: vec![Sequence(2), Sequence(77)],
        pending: vec![(pending(3, 90), None)],
        attempts: vec![attempt(4)],
    };
    keep(store, "wh_1", &later).expect("it is kept");
    let left = store.pending_deliveries("wh_1").expect("a read");
    assert_eq!(left, [pending(3, 90), pending(4, 50)]);
    let of_third = store.pending_message("wh_1", Sequence(3)).expect("a read");
    assert_eq!(of_third, Some(message(3)));
    assert_eq!(store.pending_message("wh_1", Sequence(2)).expect("a read"), None);
    let moved = WebhookPlace { sequence: Sequence(1), ..WebhookPlace::default() };
    store.put_place("wh_1", &moved).expect("it is kept");
    assert_eq!(store.webhook_place("wh_1").expect("a read"), Some(moved));
    assert_eq!(store.pending_deliveries("wh_1").expect("a read"), []);
    store.delete_webhook("wh_1").expect("a deletion");
    assert_eq!(store.webhook_place("wh_1").expect("a read"), None);
    assert_eq!(store.attempts("wh_1", None, 9).expect("a read"), []);
    assert_eq!(store.pending_deliveries("wh_2").expect("a read").len(), 3);
}

/// Attempts are read newest first, page by page, and the oldest go.
pub fn the_newest_attempts_of_a_webhook_are_kept(store: &dyn Store) {
    store.put_webhook(&webhook("wh_1")).expect("one is kept");
    let last = ATTEMPTS_KEPT as u64 + 20;
    for first in (1..=last).step_by(100) {
        let attempts = (first..=last.min(first + 99)).map(attempt).collect();
        let progress = WebhookProgress { attempts, ..WebhookProgress::default() };
        keep(store, "wh_1", &progress).expect("it is kept");
    }
    let newest = store.attempts("wh_1", None, 2).expect("a read");
    assert_eq!(
        newest.iter().map(|(_, it)| it.clone()).collect::<Vec<_>>(),
        [attempt(last), attempt(last - 1)]
    );
    let rest = store.attempts("wh_1", Some(newest[1].0), usize::MAX).expect("a read");
    assert_eq!(rest.len(), ATTEMPTS_KEPT - 2);
    assert_eq!(rest[0].1, attempt(last - 2));
    assert_eq!(rest[rest.len() - 1].1, attempt(21));
}
