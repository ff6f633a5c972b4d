//! Ended calls of layout 1, one row each, are moved into blocks when the store is opened.

use callslot_core::{AgentId, CallId, EndReason, Sequence};
use callslot_store::conformance::facts::org;
use callslot_store::{EndedFilter, History, OldTimes, StoreError};
use callslot_store_postgres::testing::TestPostgres;
use callslot_store_postgres::{PostgresStore, inspect_database};
use postgres::Client;

use crate::{open, postgres};

/// A database with the history of a server that had layout 1, and no log.
fn older(postgres: &TestPostgres) -> (String, Client) {
    let url = postgres.new_database();
    let mut client = TestPostgres::client_of(&url);
    let layout = include_str!("../../src/schema/layout_1.sql");
    client.batch_execute(&format!("BEGIN; {layout}; COMMIT")).expect("the tables");
    client.batch_execute(include_str!("fixtures/history-layout-1.sql")).expect("the fixture");
    (url, client)
}

fn count(client: &mut Client, of: &str) -> i64 {
    let count = client.query_one(&format!("SELECT count(*) FROM callslot.{of}"), &[]);
    count.expect("a count").get(0)
}

fn sequences(store: &PostgresStore, filter: &EndedFilter) -> Vec<u64> {
    let mut filter = filter.clone();
    let mut found = Vec::new();
    loop {
        let page = store.ended_calls(&org("default"), &filter, 1_000).expect("a read");
        found.extend(page.calls.iter().map(|(sequence, _)| sequence.0));
        filter.before = page.next;
        if page.next.is_none() {
            return found;
        }
    }
}

#[test]
fn calls_of_layout_1_are_read_as_before() {
    let Some(postgres) = postgres() else { return };
    let (url, mut client) = older(&postgres);
    assert_eq!(inspect_database(&url).expect("facts").held, Some(false), "it can be opened");
    for _ in 0..2 {
        let store = open(&url);
        let id = CallId::parse("call-3").expect("an id");
        let call = store.ended_call(&org("default"), &id).expect("a read").expect("it is kept");
        assert_eq!(call.request.agent.as_str(), "sales");
        assert_eq!(call.request.metadata.as_deref(), Some(r#"{"n":3}"#));
        assert_eq!(call.state.reason, EndReason::Completed);
        assert_eq!(call.state.note.as_deref(), Some("done"));
        let all = sequences(&store, &EndedFilter::default());
        assert_eq!(all, (15..=25).rev().collect::<Vec<_>>());
        let agent = AgentId::parse("sales").ok();
        let of_agent = EndedFilter { agent, ..EndedFilter::default() };
        assert_eq!(sequences(&store, &of_agent), [23, 20, 17]);
    }
    let tables = client.query_one("SELECT to_regclass('callslot.ended')::text", &[]);
    assert_eq!(tables.expect("a name").get::<_, Option<String>>(0), None, "the rows are gone");
    assert_eq!(count(&mut client, "name"), 1, "agents have no names of their own any more");
    assert_eq!(count(&mut client, "ended_block"), 1);
}

#[test]
fn a_move_that_is_cut_off_goes_on_at_the_next_start() {
    let Some(postgres) = postgres() else { return };
    let (url, mut client) = older(&postgres);
    let most: u64 = 45_000;
    client
        .batch_execute(&format!(
            "INSERT INTO ended SELECT org, n, id, agent, ended_at, body FROM ended, generate_series(26, {most}) AS n
             WHERE sequence = 15;
             CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''cut off''; END';
             CREATE TRIGGER cut_off BEFORE DELETE ON ended FOR EACH ROW WHEN (old.sequence > {most} - 100)
             EXECUTE FUNCTION cut_off()"
        ))
        .expect("many calls");
    let refused = PostgresStore::open(&url, || {});
    assert!(matches!(refused, Err(StoreError::Failed { .. })), "it is cut off: {refused:?}");
    let left = count(&mut client, "ended");
    assert!(0 < left && left < 10_000, "a part is moved, {left} are not");
    client.batch_execute("DROP TRIGGER cut_off ON callslot.ended").expect("it goes on");
    let store = open(&url);
    assert_eq!(sequences(&store, &EndedFilter::default()), (15..=most).rev().collect::<Vec<_>>());
    let before = EndedFilter { before: Some(Sequence(17)), ..EndedFilter::default() };
    assert_eq!(sequences(&store, &before), [16, 15]);

    // What is old goes by whole blocks, and its filters with it.
    let newest = store.ended_calls(&org("default"), &EndedFilter::default(), 1).expect("a read");
    let ended_at = newest.calls.first().expect("a call").1.state.ended_at;
    let (blocks, pieces) = (count(&mut client, "ended_block"), count(&mut client, "ended_filter"));
    assert!(blocks > 20 && pieces > 20 * 8, "{blocks} blocks have {pieces} pieces");
    let old = OldTimes::before(callslot_core::Timestamp(ended_at.0 + 600_000));
    while store.prune(&old).expect("a removal") > 0 {}
    let tables = ["ended_block", "ended_filter", "ended_tail", "name"];
    assert_eq!(tables.map(|table| count(&mut client, table)), [0; 4]);
}
