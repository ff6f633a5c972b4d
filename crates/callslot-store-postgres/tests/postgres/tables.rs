//! What only a store in tables must do: refuse what it does not know, and empty the log's tables one after the other.

use callslot_store::conformance::facts::record;
use callslot_store::{Damage, Log, Position, Snapshot, StoreError};
use callslot_store_postgres::testing::TestPostgres;
use callslot_store_postgres::{PostgresStore, inspect_database};

use crate::{open, postgres};

#[test]
fn tables_of_another_version_or_program_are_refused_and_left_as_they_are() {
    let Some(postgres) = postgres() else { return };
    let url = postgres.new_database();
    drop(open(&url));
    let mut client = TestPostgres::client_of(&url);
    client.execute("UPDATE callslot.cluster SET layout = 99", &[]).expect("a newer layout");
    let opened = PostgresStore::open(&url, || {});
    assert!(matches!(opened, Err(StoreError::TooNew { found: 99, newest: 2, .. })), "{opened:?}");

    let url = postgres.new_database();
    let mut client = TestPostgres::client_of(&url);
    client
        .batch_execute("CREATE SCHEMA callslot; CREATE TABLE callslot.recipe (text text)")
        .expect("another program's table");
    let opened = PostgresStore::open(&url, || {});
    let is_foreign = |opened: &Result<_, _>| {
        matches!(opened, Err(StoreError::Damaged { damage: Damage::Foreign, .. }))
    };
    assert!(is_foreign(&opened), "{opened:?}");
    let tables = client
        .query_one("SELECT count(*) FROM pg_tables WHERE schemaname = 'callslot'", &[])
        .expect("a count");
    assert_eq!(tables.get::<_, i64>(0), 1);
}

#[test]
fn a_database_says_what_it_is_before_and_after_a_server() {
    let Some(postgres) = postgres() else { return };
    let url = postgres.new_database();
    let facts = inspect_database(&url).expect("facts");
    assert!(facts.syncs && facts.writes_full_pages && facts.is_new_enough && !facts.only_reads);
    assert_eq!((facts.held, facts.replicas, facts.max_connections), (None, 0, 60));
    let store = open(&url);
    assert_eq!(inspect_database(&url).expect("facts").held, Some(true));
    drop(store);
    assert_eq!(inspect_database(&url).expect("facts").held, Some(false));
}

#[test]
fn the_log_goes_round_its_tables_and_none_of_it_is_lost() {
    let Some(postgres) = postgres() else { return };
    let url = postgres.new_database();
    let store = open(&url);
    let mut end = Position(0);
    let mut used = std::collections::BTreeSet::new();
    let mut client = TestPostgres::client_of(&url);
    // Each round keeps what the one before appended, and forgets what is older.
    for _ in 0..9 {
        let before = end;
        for _ in 0..1_100 {
            end = store.append(end, &record("acme", end.0 + 1, 1)).expect("an append");
        }
        let snapshot = Snapshot { position: end, record: record("acme", 1, 1) };
        store.save_snapshot(&snapshot).expect("a snapshot");
        while store.truncate(before).expect("a truncation") > 0 {}
        let slot = client.query_one("SELECT slot FROM callslot.shard", &[]).expect("a slot");
        used.insert(slot.get::<_, i16>(0));
        assert_eq!(store.start().expect("a start"), before.next());
        let kept = store.read_from(before, usize::MAX).expect("a read");
        assert_eq!(kept.len() as u64, end.0 - before.0);
    }
    assert!(used.len() == 8, "it went round all tables: {used:?}");
    let kept = (0..8).map(|slot| {
        let count = client.query_one(&format!("SELECT count(*) FROM callslot.log_{slot}"), &[]);
        count.expect("a count").get::<_, i64>(0)
    });
    let kept: i64 = kept.sum();
    assert!(kept <= 3 * 1_100, "{kept} records are kept");
    drop(store);
    let store = open(&url);
    assert_eq!(store.end().expect("an end"), end);
    assert_eq!(store.read_from(Position(0), usize::MAX).expect("a read").len(), 1_100);
    store.append(end, &record("acme", end.0 + 1, 1)).expect("an append");
}
