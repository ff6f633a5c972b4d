//! Plans, as people read them.

use super::*;

const LIVE: &str = "
agents:
  sales: {name: Sales, cap: 5, reserve: {chat: 4}}
  support: {name: Support}
types:
  chat: {cap: 9}
gates:
  trunk: {name: Trunk, kind: trunk, paused: true}
webhooks:
  - {url: 'http://x/1', events: ['*'], description: one}
  - {url: 'http://x/1', events: ['*'], description: two}
";

fn document(text: &str) -> Document {
    Document::parse(text).expect("it is a document")
}

fn planned(wanted: &str, prune: Prune) -> Result<String, String> {
    let live = Live {
        document: document(LIVE),
        webhook_ids: vec!["wh_1".into(), "wh_2".into()],
        version: 7,
    };
    Plan::of(&live, &document(wanted), prune).map(|plan| plan.to_string())
}

#[test]
fn what_is_as_it_should_be_needs_nothing_and_absent_sections_say_nothing() {
    for wanted in
        [LIVE, "types:\n  chat: {cap: 9}", "gates:\n  trunk: {name: Trunk, kind: trunk}", "{}"]
    {
        assert_eq!(planned(wanted, Prune::Yes), Ok("nothing differs\n".to_owned()), "{wanted}");
    }
}

#[test]
fn differences_are_shown_with_both_sides_and_reservations_change_together() {
    let wanted = "
agents:
  billing: {name: Billing, reserve: {inbound: 2}}
  sales: {name: Sales, reserve: {chat: 2}}
gates:
  trunk: {name: East, kind: trunk, paused: false}
webhooks:
  - {url: 'http://x/1', events: [call.ended], description: two}
";
    let without = "+ agent billing
    name: \"Billing\"
~ agent sales
    cap: 5 -> null
~ gate trunk
    name: \"Trunk\" -> \"East\"
    paused: true -> false
~ reservations
    billing inbound: 0 -> 2
    sales chat: 4 -> 2
~ webhook http://x/1 (two)
    events: [\"*\"] -> [\"call.ended\"]
";
    let kept = "  not in the file, --prune would delete webhook http://x/1 (one)
  not in the file, --prune would delete agent support
5 changes
";
    assert_eq!(planned(wanted, Prune::No), Ok(format!("{without}{kept}")));
    let deleted = "- webhook http://x/1 (one)\n- agent support\n7 changes\n";
    assert_eq!(planned(wanted, Prune::Yes), Ok(format!("{without}{deleted}")));
}

#[test]
fn an_agent_that_goes_gives_its_reserved_slots_back_first() {
    let gone = planned("agents: {support: {name: Support}}", Prune::Yes).expect("a plan");
    assert_eq!(gone, "~ reservations\n    sales chat: 4 -> 0\n- agent sales\n2 changes\n");
    let bounds = planned("types: {}", Prune::Yes).expect("a plan");
    assert_eq!(bounds, "- bounds of type chat\n1 change\n");
}

#[test]
fn webhooks_that_cannot_be_told_apart_are_refused() {
    let twice =
        "webhooks:\n  - {url: 'http://x', events: ['*']}\n  - {url: 'http://x', events: [a]}";
    assert!(planned(twice, Prune::No).expect_err("twice").contains("http://x"));
}

#[test]
fn ids_that_the_server_would_refuse_are_refused_before_anything_is_changed() {
    for wanted in ["agents: {a b: {name: A}}", "gates: {'..': {name: G, kind: trunk}}"] {
        let refused = planned(wanted, Prune::No).expect_err(wanted);
        assert!(refused.contains("cannot be an id"), "{refused}");
    }
}
