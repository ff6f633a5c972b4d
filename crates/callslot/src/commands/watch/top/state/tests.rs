//! What inputs make of the state.

use callslot_api::{CallState, CallType, ProblemCode, Time};

use super::*;
use crate::commands::watch::top::example::{
    START, Watched, active, reading, refused, started, unreachable,
};

fn ids(watched: &Watched) -> Vec<&str> {
    let state = watched.state();
    state.shown().calls(&state.view).iter().map(|call| call.id.as_str()).collect()
}

fn agent_ids(watched: &Watched) -> Vec<&str> {
    let state = watched.state();
    state.shown().agents(&state.view).iter().map(|agent| agent.id.as_str()).collect()
}

fn wanted(order: &[Order]) -> &Wanted {
    match order {
        [Order::Read(wanted)] => wanted,
        other => panic!("one reading was to be ordered, not {other:?}"),
    }
}

#[test]
fn an_event_brings_a_reading_and_a_line_of_the_ticker() {
    let mut watched = Watched::of(reading());
    watched.now_ms = 300;
    let at = Time(START + 250);
    let orders = watched.take(Input::Happened(started(701, "chat-4", "c", at)));
    assert_eq!(orders, [Order::Read(State::first_wanted())]);
    let happenings: Vec<_> = watched.state().shown().happenings(&watched.state().view).collect();
    assert_eq!(happenings, [&started(701, "chat-4", "c", at)]);
}

#[test]
fn filters_narrow_agents_calls_and_events_and_what_is_read() {
    let mut watched = Watched::of(reading());
    watched.take(Input::Happened(started(701, "chat-4", "c", Time(START))));
    watched.now_ms = 300;
    let orders = watched.press("/sup");
    assert_eq!(wanted(&orders).agent, None, "several agents have an s in their name");
    assert_eq!(agent_ids(&watched), ["a"], "its name is Support");
    assert_eq!(ids(&watched), ["chat-5"]);
    assert_eq!(watched.state().shown().happenings(&watched.state().view).count(), 0);
    watched.press("<Enter>");
    watched.take(Input::Read(Ok(Box::new(reading()))));
    let orders = watched.pass(300);
    assert_eq!(wanted(&orders).agent.as_deref(), Some("a"));
    watched.press("<Esc>tt");
    assert_eq!(agent_ids(&watched), ["a", "b", "c"]);
    assert_eq!(watched.state().wanted().call_type, Some(CallType::Chat));
    watched.press("ttt");
    assert_eq!(watched.state().wanted(), State::first_wanted());
}

#[test]
fn a_filter_that_is_given_up_is_as_it_was_before() {
    let mut watched = Watched::of(reading());
    watched.press("/su<Enter>/xy<Backspace>");
    assert_eq!(watched.state().view.agent_filter, AgentFilter::Like("sux".into()));
    watched.press("<Esc>");
    assert_eq!(watched.state().view.agent_filter, AgentFilter::Like("su".into()));
}

#[test]
fn enter_shows_only_the_selected_agent() {
    let mut watched = Watched::of(reading());
    watched.press("<Tab><Down><Down><Enter>");
    assert_eq!(agent_ids(&watched), ["c"]);
    assert_eq!(ids(&watched), ["sip-77@pbx.example.com", "chat-4"]);
}

#[test]
fn each_list_is_sorted_by_itself() {
    let mut watched = Watched::of(reading());
    watched.press("<Tab>ss");
    assert_eq!(agent_ids(&watched), ["c", "a", "b"], "by queued calls");
    watched.press("r");
    assert_eq!(agent_ids(&watched), ["b", "a", "c"]);
    assert_eq!(ids(&watched), ["sip-77@pbx.example.com", "chat-4", "chat-5"]);
    watched.press("<Tab>s");
    assert_eq!(ids(&watched), ["chat-5", "sip-77@pbx.example.com", "chat-4"], "by agent");
}

#[test]
fn a_call_is_ended_only_after_a_yes_and_stays_the_one_that_was_asked_about() {
    let mut watched = Watched::of(reading());
    assert_eq!(watched.press("<Down>en"), []);
    assert_eq!(watched.state().sentence(), Some("chat-4 was not ended"));
    watched.press("e");
    let mut without = reading();
    without.calls.remove(1);
    watched.take(Input::Read(Ok(Box::new(without))));
    assert_eq!(watched.press("y"), [Order::End("chat-4".into())]);
    let mut ended = active("chat-4", "c", CallType::Chat, 5_000);
    ended.reason = Some(callslot_api::EndReason::Completed);
    watched.take(Input::Ended("chat-4".into(), Ok(Box::new(ended))));
    assert_eq!(watched.state().sentence(), Some("chat-4 has ended: completed"));
}

#[test]
fn a_viewer_is_told_why_a_call_goes_on() {
    let mut watched = Watched::of(reading());
    watched.press("ey");
    let detail = "this key has the role viewer; this needs engine";
    let refusal = refused(ProblemCode::Forbidden, detail);
    watched.take(Input::Ended("chat-4".into(), Err(refusal)));
    let said = format!("not ended: {detail} (chat-4)");
    assert_eq!(watched.state().sentence(), Some(said.as_str()));
    assert!(watched.state().left.is_none(), "the view goes on");
    watched.pass(8_000);
    assert_eq!(watched.state().sentence(), None);
}

#[test]
fn a_key_that_is_revoked_ends_the_view_and_a_server_that_is_away_does_not() {
    let mut watched = Watched::of(reading());
    assert_eq!(watched.pass(1_000).len(), 1);
    watched.take(Input::Read(Err(unreachable())));
    assert!(watched.state().left.is_none());
    assert_eq!(watched.state().connection.stale_since_ms(1_000), Some(0));
    assert_eq!(watched.state().shown_at(), Time(START), "waits do not grow on without the server");
    assert_eq!(watched.pass(500).len(), 1, "it is tried again");
    watched.take(Input::Read(Ok(Box::new(reading()))));
    assert_eq!(watched.state().connection.stale_since_ms(1_500), None);
    watched.pass(1_000);
    let revoked = refused(ProblemCode::Unauthenticated, "the key is unknown or revoked");
    watched.take(Input::Read(Err(revoked)));
    assert!(matches!(watched.state().left, Some(Left::Failed(_))));
}

#[test]
fn a_busy_server_is_asked_again() {
    let mut watched = Watched::of(reading());
    watched.pass(1_000);
    watched.take(Input::Read(Err(refused(ProblemCode::RateLimited, "too many requests"))));
    assert!(watched.state().left.is_none());
    assert_eq!(watched.pass(500).len(), 1);
}

#[test]
fn a_paused_view_stands_still_and_then_shows_what_came() {
    let mut watched = Watched::of(reading());
    watched.press("p");
    watched.pass(1_000);
    let mut later = reading();
    later.calls.clear();
    watched.take(Input::Read(Ok(Box::new(later))));
    assert_eq!(ids(&watched).len(), 3);
    assert_eq!(watched.state().shown_at(), Time(START));
    watched.press("p");
    assert_eq!(ids(&watched).len(), 0);
    assert_eq!(watched.state().shown_at(), Time(START + 1_000));
}

#[test]
fn active_calls_are_listed_once_they_are_read_and_the_longest_comes_first() {
    let mut watched = Watched::of(reading());
    watched.now_ms = 300;
    let orders = watched.press("a");
    assert_eq!(wanted(&orders).state, CallState::Active);
    assert_eq!(ids(&watched).len(), 0, "queued calls are not shown as active");
    let mut read = reading();
    read.wanted = wanted(&orders).clone();
    read.calls = vec![
        active("short", "b", CallType::Chat, 1_000),
        active("long", "b", CallType::Chat, 9_000),
    ];
    watched.take(Input::Read(Ok(Box::new(read))));
    assert_eq!(ids(&watched), ["long", "short"]);
}

#[test]
fn a_stream_whose_cursor_leads_nowhere_goes_on_from_the_last_reading() {
    for (code, detail) in [
        (ProblemCode::CursorExpired, "the events after 650 are no longer kept"),
        (ProblemCode::CursorAhead, "there is no event 900 yet: the last one is 700"),
    ] {
        let mut watched = Watched::of(reading());
        watched.take(Input::HappenedUnread(900));
        let orders = watched.take(Input::StreamEnded(Some(refused(code, detail))));
        assert!(orders.contains(&Order::Follow(700)), "{orders:?}");
    }
}
