//! After a restore no number means two things: not an event's, a ticket or a version.

use callslot_core::{
    AgentId, PerType, PutAgent, Rejection, Reply, Sequence, SetReservations, Version,
};
use callslot_node::{FollowError, SubmitError, move_numbers_on};

use crate::test_node::{by, end_call, new_org, org, plan, start, start_call, test_node};

/// How far numbers move on.
const STEP: u64 = (1 << 40) + DRAWN;
const DRAWN: u64 = 77;

fn reserve(slots: u32, if_version: Option<Version>) -> SetReservations {
    let agent = AgentId::parse("a").expect("an agent id");
    SetReservations { reservations: vec![(agent, PerType([slots, 0, 0, 0]))], if_version }
}

#[tokio::test]
async fn numbers_of_before_a_restore_name_nothing_that_comes_after_it() {
    let (store, node) = test_node().await;
    let handle = node.handle();
    for id in ["1", "2", "3"] {
        start_call(&handle, id).await.expect("a start");
    }
    handle.submit((org(), reserve(1, None))).await.expect("reservations");
    let gone = callslot_core::OrgId::parse("gone").expect("an organisation id");
    handle.create_org(by(), gone.clone(), new_org(plan())).await.expect("an organisation");
    handle.delete_org(by(), gone.clone()).await.expect("a deletion");
    node.shutdown().await;

    move_numbers_on(&*store, DRAWN).expect("the store takes writes");
    let again = start(&store);
    let handle = again.handle();
    let mut old = handle.follow(org(), Some(Sequence(4))).await.expect("event 5 is in the backup");
    let fifth = old.next().await.expect("an event").expect("the log is readable");
    assert_eq!(fifth[0].sequence, Sequence(5));
    for unknown in [5, 99] {
        let followed = handle.follow(org(), Some(Sequence(unknown))).await;
        assert!(matches!(followed, Err(FollowError::CursorExpired { .. })), "after {unknown}");
    }
    let as_of = handle
        .read(&org(), |found, now| found.expect("the organisation").pool(now).as_of)
        .await
        .expect("a read");
    assert_eq!(as_of, Sequence(5 + STEP));
    let mut feed = handle.follow(org(), Some(as_of)).await.expect("a feed");
    let Reply::Call { call, .. } = end_call(&handle, "3").await.expect("an end") else {
        panic!("an end is answered with a call");
    };
    assert_eq!(call.call.request.ticket.0, 3, "it was queued before");
    let fourth = start_call(&handle, "4").await.expect("a start");
    assert_eq!(fourth.call.request.ticket.0, 4 + STEP);
    let events = feed.next().await.expect("events").expect("the log is readable");
    assert_eq!(events[0].sequence, as_of.next());
    let ended = old.next().await.expect("it says why it ends");
    assert!(matches!(ended, Err(FollowError::CursorExpired { after: Sequence(5) })));
    let stale = handle.submit((org(), reserve(0, Some(Version(1))))).await;
    let refused = matches!(stale, Err(SubmitError::Refused(Rejection::VersionMismatch { .. })));
    assert!(refused, "{stale:?}");

    handle.create_org(by(), gone.clone(), new_org(plan())).await.expect("another one");
    let put = PutAgent {
        agent: AgentId::parse("a").expect("an id"),
        name: "A".into(),
        cap: None,
        pace: None,
    };
    handle.submit((gone.clone(), put)).await.expect("an agent");
    let of_gone = handle
        .read(&gone, |found, now| found.expect("it is there").pool(now).as_of)
        .await
        .expect("a read");
    assert_eq!(of_gone, Sequence(1 + STEP));
}
