//! The promises of the audit.

use std::sync::Arc;

use callslot_core::{
    Actor, ActorKind, AgentId, Event, Former, OrgId, PlanId, SettingsEvent, Timestamp,
};

use crate::conformance::facts::org;
use crate::conformance::webhooks::webhook;
use crate::contract::audit::{
    AuditFilter, Audited, AuditedChange, CatalogueChange, KeyFacts, Origin, WebhookFacts,
};
use crate::contract::catalogue::{ApiKey, Plan, Role};
use crate::contract::record::Position;
use crate::contract::seen_time::OldTimes;
use crate::contract::store::Store;
use crate::contract::webhooks::WebhookPlace;
use crate::stored_form::{decode_audited, encode_audited};

fn actor(id: &str) -> Arc<Actor> {
    Arc::new(Actor { kind: ActorKind::Key, id: Arc::from(id), name: Arc::from("Anna") })
}

fn plan(limit: u32) -> Plan {
    Plan { id: PlanId::parse("small").expect("a plan id"), name: "Small".into(), limit }
}

fn key() -> ApiKey {
    ApiKey {
        id: "key_9".into(),
        org: Some(org("acme")),
        name: "engine".into(),
        role: Role::Engine,
        secret_sha256: [7; 32],
        created_at: Timestamp(1),
        last_used_at: None,
        expires_at: Some(Timestamp(9)),
        old_secret: None,
    }
}

fn entry(at: u64, org: Option<OrgId>, change: AuditedChange) -> Audited {
    Audited { at: Timestamp(at), org, actor: actor("key_1"), change, event: None }
}

/// A change in the log: the name of an agent.
pub(super) fn logged(name: &str, at: u64) -> Audited {
    let agent = AgentId::parse("support").expect("an agent id");
    let event = SettingsEvent::AgentPut { agent, name: Arc::from("New"), cap: None, pace: None };
    let former = Some(Former::Agent { name: Arc::from("Old"), cap: Some(3), pace: None });
    let change = AuditedChange::Logged { org: org(name), former, event: Event::Settings(event) };
    entry(at, Some(org(name)), change)
}

fn origin(position: u64, place: u32) -> Origin {
    Origin { position: Position(position), place }
}

fn all(store: &dyn Store) -> Vec<Audited> {
    let page = store.audit(&AuditFilter::default(), usize::MAX).expect("a read");
    page.entries.into_iter().map(|(_, entry)| entry).collect()
}

/// Entries of every kind.
#[must_use]
pub fn every_entry() -> Vec<Audited> {
    let facts = KeyFacts::from(&key());
    let operators = AuditedChange::PlanPut { former: Some(plan(1)), now: plan(2) };
    let hook = || Box::new(WebhookFacts::from(&webhook("wh_1")));
    let plain = Box::new(WebhookFacts {
        agents: Some(vec![AgentId::parse("a").expect("an id")]),
        types: None,
        gates: None,
        description: None,
        claims: false,
        old_secret_until: None,
        disabled: Some("it answered 410".into()),
        ..*hook()
    });
    let of_acme = |at, change| entry(at, Some(org("acme")), change);
    vec![
        logged("acme", 10),
        entry(20, Some(org("acme")), AuditedChange::KeyCreated(facts.clone())),
        entry(
            30,
            Some(org("acme")),
            AuditedChange::KeyRotated {
                former: KeyFacts { old_secret_until: Some(Timestamp(5)), ..facts.clone() },
                now: KeyFacts { expires_at: None, role: Role::Operator, ..facts.clone() },
            },
        ),
        entry(40, Some(org("acme")), AuditedChange::KeyRevoked(facts)),
        entry(50, None, AuditedChange::SignInCode { key: "key_9".into() }),
        entry(60, None, operators),
        entry(70, None, AuditedChange::PlanPut { former: None, now: plan(2) }),
        entry(80, None, AuditedChange::PlanDeleted(plan(2))),
        of_acme(90, AuditedChange::WebhookCreated(plain.clone())),
        of_acme(100, AuditedChange::WebhookChanged { former: plain, now: hook() }),
        of_acme(110, AuditedChange::WebhookRotated { former: hook(), now: hook() }),
        Audited {
            actor: Arc::new(Actor {
                kind: ActorKind::System,
                id: Arc::from("webhooks"),
                name: Arc::from("Callslot"),
            }),
            ..of_acme(120, AuditedChange::WebhookDeleted(hook()))
        },
    ]
}

/// A change of the catalogue and its entry are kept together, and neither if there is nothing to change.
pub fn a_change_of_the_catalogue_is_kept_with_its_entry(store: &dyn Store) {
    let change = |change: CatalogueChange<'_>, of: &AuditedChange| {
        store.change_catalogue(change, &entry(1, None, of.clone())).expect("a change")
    };
    let put = AuditedChange::PlanPut { former: None, now: plan(2) };
    let created = AuditedChange::KeyCreated((&key()).into());
    let revoked = AuditedChange::KeyRevoked((&key()).into());
    assert!(change(CatalogueChange::PutPlan(&plan(2)), &put));
    assert!(change(CatalogueChange::PutKey(&key()), &created));
    assert_eq!(store.keys().expect("a read"), [key()]);
    assert!(change(CatalogueChange::DeleteKey("key_9"), &revoked));
    assert!(!change(CatalogueChange::DeleteKey("key_9"), &revoked));
    let hook = webhook("wh_1");
    let facts = || Box::new(WebhookFacts::from(&hook));
    let added = AuditedChange::WebhookCreated(facts());
    let removed = AuditedChange::WebhookDeleted(facts());
    assert!(change(CatalogueChange::PutWebhook(&hook), &added));
    assert_eq!(store.webhooks().expect("a read"), std::slice::from_ref(&hook));
    store.put_place("wh_1", &WebhookPlace::default()).expect("a place is kept");
    assert!(change(CatalogueChange::DeleteWebhook("wh_1"), &removed));
    assert!(!change(CatalogueChange::DeleteWebhook("wh_1"), &removed));
    assert!(store.webhooks().expect("a read").is_empty());
    assert_eq!(store.webhook_place("wh_1").expect("a read"), None);
    let gone = AuditedChange::PlanDeleted(plan(2));
    assert!(change(CatalogueChange::DeletePlan(&plan(2)), &gone));
    assert!(!change(CatalogueChange::DeletePlan(&plan(2)), &gone));
    assert!(store.keys().expect("a read").is_empty() && store.plans().expect("a read").is_empty());
    let kept: Vec<_> = all(store).into_iter().map(|entry| entry.change).collect();
    assert_eq!(kept, [gone, removed, added, revoked, created, put]);
}

/// What is projected from the log a second time is kept once.
pub fn a_change_in_the_log_is_kept_once(store: &dyn Store) {
    let entries = [(origin(3, 1), logged("acme", 1)), (origin(3, 2), logged("globex", 2))];
    for _ in 0..2 {
        store.keep_audited(&entries).expect("entries are kept");
    }
    store.keep_audited(&[(origin(4, 1), logged("acme", 3))]).expect("an entry is kept");
    assert_eq!(all(store), [logged("acme", 3), logged("globex", 2), logged("acme", 1)]);
}

/// Entries are read newest first and page by page, by each of their marks, and an organisation's alone.
pub fn the_audit_is_read_page_by_page_and_by_its_marks(store: &dyn Store) {
    for entry in every_entry() {
        store.change_catalogue(CatalogueChange::Nothing, &entry).expect("an entry is kept");
    }
    let newest_first: Vec<_> = every_entry().into_iter().rev().collect();
    let (mut filter, mut read) = (AuditFilter::default(), Vec::new());
    loop {
        let page = store.audit(&filter, 3).expect("a read");
        assert!(page.entries.len() <= 3);
        for (number, entry) in page.entries {
            assert_eq!(store.audited(number).expect("a read").as_ref(), Some(&entry));
            read.push(entry);
        }
        filter.before = page.next;
        if filter.before.is_none() {
            break;
        }
    }
    assert_eq!(read, newest_first);
    assert_eq!(store.audited(u64::MAX).expect("a read"), None);
    let count = |filter: AuditFilter| store.audit(&filter, 100).expect("a read").entries.len();
    let none = AuditFilter::default;
    assert_eq!(count(AuditFilter { org: Some(org("acme")), ..none() }), 8);
    assert_eq!(count(AuditFilter { org: Some(org("globex")), ..none() }), 0);
    assert_eq!(count(AuditFilter { action: Some("plan.created".into()), ..none() }), 1);
    assert_eq!(count(AuditFilter { object: Some("key_9".into()), ..none() }), 4);
    assert_eq!(count(AuditFilter { object: Some("wh_1".into()), ..none() }), 4);
    assert_eq!(count(AuditFilter { actor: Some("key_1".into()), ..none() }), 11);
    assert_eq!(count(AuditFilter { actor: Some("webhooks".into()), ..none() }), 1);
    assert_eq!(count(AuditFilter { is_without_system: true, ..none() }), 11);
    assert_eq!(count(AuditFilter { actor: Some("key_2".into()), ..none() }), 0);
    let span = AuditFilter { from: Some(Timestamp(20)), to: Some(Timestamp(40)), ..none() };
    assert_eq!(count(span), 2);
}

/// Entries go with their organisation, or once their times are old.
pub fn the_audit_goes_with_its_organisation_and_its_time(store: &dyn Store) {
    let entries = [
        (origin(1, 0), logged("acme", 1)),
        (origin(2, 0), logged("globex", 2)),
        (origin(3, 0), logged("globex", 3)),
    ];
    store.keep_audited(&entries).expect("entries are kept");
    assert_eq!(store.erase_audit(&org("acme")).expect("an erasure"), 1);
    assert_eq!(store.erase_audit(&org("acme")).expect("an erasure"), 0);
    assert_eq!(store.prune_audit(&OldTimes::before(Timestamp(3))).expect("a removal"), 1);
    assert_eq!(all(store), [logged("globex", 3)]);
}

/// A number is given once, whatever has become of its entry.
pub fn a_number_of_the_audit_is_never_given_again(store: &dyn Store) {
    let numbers = || {
        let page = store.audit(&AuditFilter::default(), 10).expect("a read");
        page.entries.into_iter().map(|(number, _)| number).collect::<Vec<_>>()
    };
    let mut last = 0;
    for round in 0..3 {
        let now = [
            (origin(2 * round, 0), logged("acme", 1)),
            (origin(2 * round + 1, 0), logged("acme", 2)),
        ];
        for _ in 0..2 {
            store.keep_audited(&now).expect("entries are kept");
        }
        let given = numbers();
        assert_eq!(given.len(), 2, "{given:?}");
        assert!(given.iter().all(|number| *number > last), "{given:?} after {last}");
        last = given[0];
        let removed = if round == 1 {
            store.prune_audit(&OldTimes::before(Timestamp(3)))
        } else {
            store.erase_audit(&org("acme"))
        };
        assert!(removed.expect("a removal") >= 2);
        while store.prune_audit(&OldTimes::before(Timestamp(3))).expect("a removal") > 0 {}
        assert_eq!(store.erase_audit(&org("acme")).expect("an erasure"), 0);
        assert_eq!((numbers(), store.audited(last).expect("a read")), (vec![], None));
    }
}

/// Every entry is read back as it was written.
pub fn every_kind_of_entry_is_read_back_as_it_was_written(_: &dyn Store) {
    for entry in every_entry() {
        assert_eq!(decode_audited(&encode_audited(&entry)).expect("it is readable"), entry);
    }
}
