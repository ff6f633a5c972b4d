//! What is erased of ended calls is in no file any more: neither where it was last, nor where it was before, nor in the write-ahead log.

use std::fs;
use std::path::Path;

use callslot_core::{CallId, CallType, Sequence};
use callslot_store::conformance::facts::{ended_call, org, record};
use callslot_store::{EndedFilter, History, Log, Projection};
use callslot_store_sqlite::SqliteStore;
use rusqlite::Connection;

/// How long a piece of a row is by which its bytes are known: shorter than what a page leaves of it.
const PIECE: usize = 24;

fn call_id(n: u64) -> CallId {
    CallId::parse(&format!("call-{n}")).expect("a call id")
}

/// Keeps calls, and what is erased.
fn project(store: &SqliteStore, numbers: impl Iterator<Item = u64>, erased: &[u64]) {
    let call = |n: u64| {
        (org("acme"), Sequence(n), ended_call(&format!("call-{n}"), "a", CallType::Chat, n))
    };
    let after = store.projected().expect("a read");
    let reached = store.append(after, &record("acme", after.0 + 1, 1)).expect("an append");
    let ended = numbers.map(call).collect();
    let erased = erased.iter().map(|n| (org("acme"), call_id(*n))).collect();
    let projection = Projection { after, reached, ended, erased, ..Projection::default() };
    assert!(store.project(&projection).expect("a projection"));
}

/// The rows that have calls: of the tail, then of blocks.
fn bodies(directory: &Path) -> Vec<Vec<u8>> {
    let history = Connection::open(directory.join("history.db")).expect("it opens");
    let text = "SELECT body FROM ended_tail UNION ALL SELECT body FROM ended_body";
    let mut bodies = history.prepare(text).expect("a table");
    let bodies = bodies.query_map([], |row| row.get(0)).expect("a read");
    bodies.map(|body| body.expect("a body")).collect()
}

/// Pieces by which rows are known. Where a page ends is not known, so some of them are in two parts.
fn pieces(directory: &Path) -> Vec<Vec<u8>> {
    let of_body = |body: &Vec<u8>| body.chunks_exact(PIECE).map(<[u8]>::to_vec).collect();
    bodies(directory).iter().flat_map(of_body as fn(&_) -> Vec<Vec<u8>>).collect()
}

/// Those of these pieces that are in no row any more.
fn gone(directory: &Path, pieces: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let bodies = bodies(directory);
    let is_kept = |piece: &[u8]| bodies.iter().any(|body| contains(body, piece));
    pieces.into_iter().filter(|piece| !is_kept(piece)).collect()
}

fn contains(bytes: &[u8], piece: &[u8]) -> bool {
    bytes.windows(PIECE).any(|window| window == piece)
}

/// How many of these pieces are in a file of the history.
fn found(directory: &Path, pieces: &[Vec<u8>]) -> usize {
    let files = ["history.db", "history.db-wal"].map(|name| directory.join(name));
    let bytes: Vec<_> = files.iter().filter_map(|file| fs::read(file).ok()).collect();
    let is_there = |piece: &&Vec<u8>| bytes.iter().any(|bytes| contains(bytes, piece));
    pieces.iter().filter(is_there).count()
}

/// Waits until the thread that moves the write-ahead log has emptied it.
fn wait_until_moved(directory: &Path) {
    let log = directory.join("history.db-wal");
    for _ in 0..20_000_000_u32 {
        if fs::metadata(&log).map_or(0, |file| file.len()) == 0 {
            return;
        }
        std::thread::yield_now();
    }
    panic!("the write-ahead log is never empty");
}

#[test]
fn what_is_erased_is_in_no_file_any_more() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    let store = SqliteStore::open(directory).expect("a new store");
    // One row of the tail, then a closed block that has its calls too.
    project(&store, 1..=400, &[]);
    let mut before = pieces(directory);
    project(&store, 401..=1_100, &[]);
    before.extend(pieces(directory));
    let all = before.len();
    assert!(found(directory, &before) > all / 2, "they are known by their bytes");

    project(&store, [].into_iter(), &[1, 399, 1_100]);
    wait_until_moved(directory);
    let before = gone(directory, before);
    assert!(before.len() > all / 4, "{} of {all} pieces are gone", before.len());
    assert_eq!(found(directory, &before), 0);
    let kept = store.ended_calls(&org("acme"), &EndedFilter::default(), 2_000).expect("a read");
    let erased = kept.calls.iter().filter(|(_, call)| call.request.metadata.is_none());
    let erased: Vec<u64> = erased.map(|(number, _)| number.0).collect();
    assert_eq!((kept.calls.len(), erased), (1_100, vec![1_100, 399, 1]));

    // In the tail, where the row is written anew at its place.
    project(&store, 1_101..=1_150, &[]);
    let before = pieces(directory);
    project(&store, [].into_iter(), &[1_101]);
    wait_until_moved(directory);
    let before = gone(directory, before);
    assert!(!before.is_empty());
    assert_eq!(found(directory, &before), 0);
}
