//! One server at a time writes, and what was confirmed stays, whatever happens to servers and connections.

use std::sync::mpsc::channel;
use std::time::Duration;

use callslot_store::conformance::facts::record;
use callslot_store::{AppendError, Log, Position, StoreError};
use callslot_store_postgres::PostgresStore;
use callslot_store_postgres::testing::TestPostgres;

use crate::{open, postgres};

/// How long is waited for what happens within seconds.
const SOON: Duration = Duration::from_secs(20);

#[test]
fn a_second_server_is_refused_until_the_first_has_ended() {
    let Some(postgres) = postgres() else { return };
    let url = postgres.new_database();
    let first = open(&url);
    first.append(Position(0), &record("acme", 1, 1)).expect("an append");
    let second = PostgresStore::open(&url, || {});
    assert!(matches!(second, Err(StoreError::InUse { .. })), "{second:?}");
    // It has not been disturbed.
    first.append(Position(1), &record("acme", 2, 1)).expect("an append");
    drop(first);
    let second = open(&url);
    assert_eq!(second.end().expect("an end"), Position(2));
    second.append(Position(2), &record("acme", 3, 1)).expect("an append");
}

#[test]
fn a_server_that_was_replaced_appends_nothing_and_is_told() {
    let Some(postgres) = postgres() else { return };
    let url = postgres.new_database();
    let (tell, told) = channel();
    let first = PostgresStore::open(&url, move || tell.send(()).expect("it is awaited"));
    let first = first.expect("a store");
    first.append(Position(0), &record("acme", 1, 1)).expect("an append");
    // What a start does that has seen the beat stand still: the server was frozen, or its network was.
    let mut client = TestPostgres::client_of(&url);
    client.execute("UPDATE callslot.node SET state = 'dead'", &[]).expect("it is put down");
    let second = open(&url);
    let late = first.append(Position(1), &record("acme", 2, 1));
    assert!(matches!(late, Err(AppendError::Store(StoreError::InUse { .. }))), "{late:?}");
    told.recv_timeout(SOON).expect("it is told");
    assert!(matches!(first.end(), Err(StoreError::InUse { .. })));
    assert!(first.read_from(Position(0), 1).is_err());
    assert_eq!(second.end().expect("an end"), Position(1));
    second.append(Position(1), &record("acme", 2, 1)).expect("an append");
}

#[test]
fn an_append_of_an_older_epoch_that_comes_late_is_refused() {
    let Some(postgres) = postgres() else { return };
    let url = postgres.new_database();
    let store = open(&url);
    store.append(Position(0), &record("acme", 1, 1)).expect("an append");
    let mut client = TestPostgres::client_of(&url);
    client.execute("UPDATE callslot.shard SET epoch = epoch + 1", &[]).expect("a later epoch");
    let late = store.append(Position(1), &record("acme", 2, 1));
    assert!(matches!(late, Err(AppendError::Store(StoreError::InUse { .. }))), "{late:?}");
    let count = client.query_one("SELECT count(*) FROM callslot.log_0", &[]).expect("a count");
    assert_eq!(count.get::<_, i64>(0), 1);
}

#[test]
fn a_killed_database_loses_nothing_and_the_store_goes_on_when_it_is_back() {
    let Some(postgres) = postgres() else { return };
    let url = postgres.new_database();
    let store = open(&url);
    let mut end = Position(0);
    for round in 0..3 {
        for _ in 0..20 {
            end = store.append(end, &record("acme", end.0 + 1, 1)).expect("an append");
        }
        if round == 1 {
            postgres.stop();
        } else {
            postgres.kill();
        }
        // The process that serves a connection outlives its parent for a moment, and commits as before.
        let unknown = (0..1_000).find_map(|_| {
            let appended = store.append(end, &record("acme", end.0 + 1, 1));
            appended.map(|at| end = at).err()
        });
        let unknown = unknown.expect("the database is gone");
        assert!(matches!(unknown, AppendError::Store(StoreError::Failed { .. })), "{unknown:?}");
        assert!(store.end().is_err(), "the end is unknown while the database is away");
        postgres.start_again();
        let found = store.end().expect("the end is known again");
        assert!(found == end || found == end.next(), "{found:?} after {end:?}");
        end = found;
        store.probe().expect("it can be written");
    }
    let log = store.read_from(Position(0), usize::MAX).expect("a read");
    assert_eq!(log.len() as u64, end.0);
}

#[test]
fn an_append_waits_for_the_lock_of_its_row_and_is_settled_when_its_connection_ends() {
    let Some(postgres) = postgres() else { return };
    let url = postgres.new_database();
    let store = open(&url);
    store.append(Position(0), &record("acme", 1, 1)).expect("an append");
    let mut client = TestPostgres::client_of(&url);
    // As a server that takes the data would, before it commits.
    let mut holder = TestPostgres::client_of(&url);
    let mut lock = holder.transaction().expect("a transaction");
    lock.execute("SELECT 1 FROM callslot.shard FOR NO KEY UPDATE", &[]).expect("a lock");
    std::thread::scope(|scope| {
        let appending = scope.spawn(|| store.append(Position(1), &record("acme", 2, 1)));
        // It waits for the lock; then its connection is ended under it.
        let ended = (0..10_000).any(|_| {
            let rows = client.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE wait_event_type = 'Lock' AND query LIKE '%appended%' AND pid <> pg_backend_pid()",
                &[],
            );
            !rows.expect("a look").is_empty()
        });
        assert!(ended, "the append waits for the lock of its row");
        let unknown = appending.join().expect("no panic");
        assert!(
            matches!(unknown, Err(AppendError::Store(StoreError::Failed { .. }))),
            "{unknown:?}"
        );
    });
    lock.commit().expect("the lock is given back");
    assert_eq!(store.end().expect("it is settled"), Position(1));
    store.append(Position(1), &record("acme", 2, 1)).expect("an append");
}
