//! What an organisation that asks for as much as it can does to others.

use std::pin::pin;
use std::time::Duration;

use callslot_core::{AgentId, CallEvent, Command, Event, OrgChange, OrgId, PutAgent};
use callslot_node::{NodeHandle, SubmitError, Unavailable};

use crate::test_node::{PATIENCE, by, new_org, org, plan, start_command, test_node};
use crate::unreliable_store::Fault;

fn other_org() -> OrgId {
    OrgId::parse("other").expect("an organisation id")
}

async fn make_other_org(node: &NodeHandle) {
    node.create_org(by(), other_org(), new_org(plan())).await.expect("an organisation");
    let put = PutAgent { agent: agent(), name: "A".into(), cap: None, pace: None };
    node.submit((other_org(), put)).await.expect("an agent");
}

fn agent() -> AgentId {
    AgentId::parse("a").expect("an agent id")
}

/// The start of a call of the other organisation.
fn start_elsewhere() -> Command {
    let Command::Org(_, start) = start_command("elsewhere") else {
        panic!("a call is started in an organisation")
    };
    Command::Org(other_org(), start)
}

#[tokio::test]
async fn one_organisation_that_fills_its_line_neither_turns_away_nor_holds_up_another() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    make_other_org(&handle).await;
    // None of the starts that are taken is refused, so each has an event.
    let change = OrgChange { max_queued: Some(100_000), ..OrgChange::default() };
    handle.change_org(by(), org(), change, None).await.expect("a change");
    let before = store.records().len();
    store.set_fault(Fault::AppendsHang);
    let mut answers = Vec::new();
    let refused = loop {
        let number = answers.len();
        assert!(number < 40_000, "its line is never full");
        let mut starting = Box::pin(handle.submit(start_command(&format!("call-{number}"))));
        tokio::select! {
            biased;
            refused = &mut starting => break refused,
            () = std::future::ready(()) => answers.push(starting),
        }
    };
    assert_eq!(refused, Err(SubmitError::Unavailable(Unavailable::Overloaded)));
    let mut elsewhere = pin!(handle.submit(start_elsewhere()));
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut elsewhere).await.is_err());

    store.set_fault(Fault::None);
    let started = tokio::time::timeout(PATIENCE, elsewhere).await.expect("it is decided");
    started.expect("a start");
    let events: Vec<_> =
        store.records().into_iter().skip(before).flat_map(|record| record.events).collect();
    let is_elsewhere = |event: &Event| matches!(event, Event::Call(CallEvent::Started(call)) if call.request.id.as_str() == "elsewhere");
    let ahead = events.iter().position(|it| is_elsewhere(&it.event)).expect("it is in the log");
    // What the node had taken before it came, and one turn.
    assert!(ahead < answers.len() / 2, "{ahead} of {} came first", answers.len());
}
