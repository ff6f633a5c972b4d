//! What readers are shown of live calls, leases and agents.

use callslot_core::{
    CallEvent, CallFilter, CallType, CallView, Event, OrgEvent, Recorded, SettingsEvent,
    StateFilter, Ticket,
};

use crate::check::orders::agent;
use crate::check::{World, check, lease};

/// The ids on each page of a list. `wanted` names a state, a type, an agent, or several of them.
fn pages(world: &World, wanted: &str, limit: usize) -> Vec<String> {
    let mut filter = CallFilter::default();
    for word in wanted.split_whitespace() {
        let call_type = CallType::ALL.into_iter().find(|call_type| call_type.as_str() == word);
        match word {
            "queued" => filter.state = Some(StateFilter::Queued),
            "active" => filter.state = Some(StateFilter::Active),
            _ if call_type.is_some() => filter.call_type = call_type,
            _ => filter.agent = Some(agent(word)),
        }
    }
    let (mut pages, mut cursor) = (Vec::new(), None);
    loop {
        let page = world.org().calls(&filter, cursor, limit, world.now);
        pages.push(ids(&page.calls));
        cursor = page.next;
        if cursor.is_none() {
            return pages;
        }
    }
}

fn ids(calls: &[CallView]) -> String {
    let ids: Vec<&str> = calls.iter().map(|view| view.call.request.id.as_str()).collect();
    ids.join(" ")
}

#[test]
fn live_calls_are_listed_by_page_the_queued_ones_first() {
    let world = check(
        "limit 2; agents a b; start a.chat 1 -> active; start b.inbound 2 -> active
         start b.chat 3 -> queued        start a.inbound 4 -> queued    start b.chat 5 -> queued",
    );
    assert_eq!(pages(&world, "", 2), ["3 4", "5 1", "2"]);
    assert_eq!(pages(&world, "queued", 2), ["3 4", "5"]);
    assert_eq!(pages(&world, "active", 9), ["1 2"]);
    assert_eq!(pages(&world, "active", 1).concat(), "12");
    assert_eq!(pages(&world, "a", 9), ["4 1"]);
    assert_eq!(pages(&world, "chat", 9), ["3 5 1"]);
    assert_eq!(pages(&world, "b chat", 9), ["3 5"]);
    assert_eq!(pages(&world, "b active", 9), ["2"]);
}

#[test]
fn no_page_takes_longer_than_a_look_at_twenty_thousand_calls() {
    let mut world = check("agents a b; limit 20001");
    for number in 1..=40_002 {
        world.run(&format!("start a.chat {number}"));
    }
    assert_eq!(pages(&world, "b queued", 1), ["", ""]);
    assert!(pages(&world, "b active", 1).len() > 1);
    let found = pages(&world, "a queued", 20_000);
    assert_eq!(found.iter().map(|page| page.split(' ').count()).collect::<Vec<_>>(), [20_000, 1]);
}

#[test]
fn a_leases_live_calls_are_read_in_ticket_order() {
    let world = check(
        "limit 1; agents a; step 2; open l 15s
         start a.chat 1 lease l -> active start a.chat 2 -> queued
         start a.chat 3 lease l -> queued start a.chat 4 lease l -> queued",
    );
    let read = |after: u64, limit: usize| {
        world.org().calls_of_lease(&lease("l"), Ticket(after), limit, world.now)
    };
    assert_eq!(read(0, 9).as_deref().map(ids), Some("1 3 4".into()));
    assert_eq!(read(1, 9).as_deref().map(ids), Some("3 4".into()));
    assert_eq!(read(0, 2).as_deref().map(ids), Some("1 3".into()));
    assert_eq!(world.org().calls_of_lease(&lease("k"), Ticket(0), 9, world.now), None);
}

#[test]
fn a_lease_is_ending_until_its_last_call_has_ended() {
    let mut world = check(
        "limit 9; agents a; step 1; open l 15s
         start a.chat 1 lease l -> active start a.chat 2 lease l -> active",
    );
    assert!(!world.org().is_lease_ending(&lease("l")));
    world.run("close l");
    assert!(world.org().is_lease_ending(&lease("l")));
    world.run("go");
    assert!(!world.org().is_lease_ending(&lease("l")));
}

#[test]
fn an_agent_is_read_alone_as_the_pool_shows_it_and_tickets_are_counted() {
    let world = check(
        "limit 9; agents a b; cap a 3; reserve a chat 2
         start a.chat 1 -> active        start b.chat 2 -> active       end 2",
    );
    for shown in world.pool().agents {
        assert_eq!(world.org().agent(&shown.id), Some(shown));
    }
    assert_eq!(world.org().agent(&agent("c")), None);
    assert_eq!(world.org().last_ticket(), Ticket(2));
}

/// Whether it is what waits are estimated from, which every snapshot has.
fn is_of_waits(recorded: &Recorded) -> bool {
    matches!(
        recorded.event,
        Event::Org(OrgEvent::WaitsRestored(_) | OrgEvent::AgentWaitsRestored(..))
    )
}

#[test]
fn a_snapshot_has_only_what_the_state_needs() {
    let world = check(
        "limit 2; agents a b; cap type chat 2; reserve a chat 1
         start a.chat 1 -> active        start b.chat 2 -> active
         end 1                           end 9 -> remembered            pass 600s",
    );
    let mut snapshot = world.snapshot();
    snapshot.retain(|recorded| !is_of_waits(recorded));
    let [_, _, _, _, reserved, call, _, _, _] = &snapshot[..] else {
        panic!(
            "settings, two agents, a cap, reservations, a call, its start and request, counters: {snapshot:#?}"
        )
    };
    assert!(matches!(
        &reserved.event,
        Event::Settings(SettingsEvent::ReservationsChanged { reservations, .. })
            if reservations.len() == 1
    ));
    assert!(matches!(
        &call.event,
        Event::Call(CallEvent::Started(call)) if call.request.ticket == Ticket(2)
    ));
}

#[test]
fn an_early_end_is_in_no_snapshot_once_its_call_has_come() {
    let world = check("limit 1; agents a; end 1 -> remembered; start a.chat 1 -> canceled");
    let is_kept = |recorded: &Recorded| matches!(recorded.event, Event::EndsRemembered(..));
    assert!(!world.snapshot().iter().any(is_kept));
}
