//! The promises of a store, checked on PostgreSQL's, and what only a store in a shared database must do.

mod ended_migration;
mod ownership;
mod tables;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use callslot_store::conformance::{Check, PROMISES};
use callslot_store_postgres::PostgresStore;
use callslot_store_postgres::testing::TestPostgres;

/// A PostgreSQL below `target/`.
fn postgres() -> Option<TestPostgres> {
    TestPostgres::start(Path::new(env!("CARGO_TARGET_TMPDIR")))
}

/// A store that must not be taken over.
fn open(url: &str) -> PostgresStore {
    PostgresStore::open(url, || panic!("another server took the data")).expect("the store opens")
}

/// All in one test, since each test is a process and would start a PostgreSQL of its own.
#[test]
fn every_promise_is_kept() {
    let Some(postgres) = postgres() else { return };
    // Tables are copied faster than they are made.
    let template = postgres.new_database();
    drop(open(&template));
    let is_broken = |&&(_, check): &&(&str, Check)| {
        let store = open(&postgres.copy_of(&template));
        catch_unwind(AssertUnwindSafe(|| check(&store))).is_err()
    };
    let broken: Vec<_> = PROMISES.iter().filter(is_broken).map(|(name, _)| name).collect();
    assert!(broken.is_empty(), "broken: {broken:#?}");
    assert!(PROMISES.len() > 40, "they were all looked at");
}
