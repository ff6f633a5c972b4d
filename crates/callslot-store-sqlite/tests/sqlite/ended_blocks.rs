//! Ended calls in blocks are what a plain list of them would be, whatever has become of them: waiting, in open blocks or in closed ones.

use std::path::Path;
use std::sync::Arc;

use callslot_core::{AgentId, Call, CallId, CallType, Ended, Sequence};
use callslot_store::conformance::facts::{ended_call, now, org, record};
use callslot_store::{EndedFilter, History, Log, MemoryStore, OldTimes, Position, Projection};
use callslot_store_sqlite::SqliteStore;
use rusqlite::Connection;

/// A store beside one that keeps each call by itself.
struct Both {
    store: SqliteStore,
    plain: MemoryStore,
    ended: u64,
    random: u64,
}

impl Both {
    fn new(directory: &Path) -> Self {
        let store = SqliteStore::open(directory).expect("a new store");
        Self { store, plain: MemoryStore::new(), ended: 0, random: 7 }
    }

    fn random(&mut self, below: u64) -> u64 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.random >> 33) % below
    }

    /// Keeps calls of an organisation and a few of another, with gaps between their numbers.
    fn project(&mut self, name: &str, calls: u64) {
        let mut ended = Vec::new();
        for n in 0..calls {
            self.ended += 1 + self.random(3);
            ended.push((org(name), Sequence(self.ended), self.call()));
            if n % 100 == 50 {
                ended.push((org("small"), Sequence(self.ended), self.call()));
            }
        }
        let after = self.store.projected().expect("a read");
        let reached = Position(after.0 + 1);
        self.store.append(after, &record("acme", reached.0, 1)).expect("an append");
        let projection = Projection { after, reached, ended, ..Projection::default() };
        assert!(self.store.project(&projection).expect("a projection"));
        assert!(self.plain.project(&projection).expect("a projection"));
    }

    fn call(&mut self) -> Call<Ended> {
        let id = format!("call-{}", self.random(3_000));
        let agent = format!("agent-{}", self.random(30));
        let back = self.random(50);
        ended_call(
            &id,
            &agent,
            CallType::ALL[usize::from(self.ended.to_le_bytes()[0] % 4)],
            self.ended * 10 + 50 - back,
        )
    }

    fn check(&mut self) {
        for name in ["large", "small", "few", "nobody"] {
            let at = |n: u64| Some(now(n * 10).at);
            let from = self.random(self.ended + 1);
            let all = EndedFilter::default();
            let agent = AgentId::parse(&format!("agent-{}", self.random(31))).ok();
            let filters = [
                all.clone(),
                EndedFilter { agent, ..all.clone() },
                EndedFilter { from: at(from), to: at(from + 900), ..all.clone() },
                EndedFilter { id_prefix: Some("call-11".into()), ..all.clone() },
                EndedFilter { before: Some(Sequence(from)), ..all },
            ];
            for filter in filters {
                let limit = 1 + usize::try_from(self.random(500)).expect("a small number");
                let pages = |store: &dyn History| all_pages(store, name, &filter, limit);
                assert_eq!(pages(&self.store), pages(&self.plain), "{name}: {filter:?}");
            }
            for _ in 0..3 {
                let id = CallId::parse(&format!("call-{}", self.random(3_100))).expect("an id");
                let find = |store: &dyn History| store.ended_call(&org(name), &id).expect("a read");
                assert_eq!(find(&self.store), find(&self.plain), "{name}: {id:?}");
            }
        }
    }
}

fn all_pages(
    store: &dyn History,
    name: &str,
    filter: &EndedFilter,
    limit: usize,
) -> Vec<(Sequence, Call<Ended>)> {
    let mut filter = filter.clone();
    let mut found = Vec::new();
    loop {
        let page = store.ended_calls(&org(name), &filter, limit).expect("a read");
        assert!(page.calls.len() <= limit);
        found.extend(page.calls);
        filter.before = page.next;
        if page.next.is_none() {
            return found;
        }
    }
}

fn count(directory: &Path, of: &str) -> i64 {
    let history = Connection::open(directory.join("history.db")).expect("it opens");
    let count = format!("SELECT count(*) FROM {of}");
    history.query_row(&count, [], |row| row.get(0)).expect("a count")
}

#[test]
fn calls_in_blocks_are_those_of_a_plain_list() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut both = Both::new(directory.path());
    for calls in [3, 990, 5, 2_600, 1_200, 700, 700] {
        both.project("large", calls);
        both.check();
    }
    assert!(count(directory.path(), "ended_block WHERE is_closed = 1") > 3);
    assert!(count(directory.path(), "ended_tail") > 0);

    drop(std::mem::replace(
        &mut both.store,
        SqliteStore::open(&directory.path().join("other")).expect("another"),
    ));
    both.store = SqliteStore::open(directory.path()).expect("it opens again");
    both.check();

    for share in [0, 35, 110] {
        let old = OldTimes::before(now(both.ended * share / 10).at);
        let prune = |store: &dyn History| {
            let mut removed = 0;
            loop {
                match store.prune(&old).expect("a pruning") {
                    0 => return removed,
                    some => removed += some,
                }
            }
        };
        assert_eq!(prune(&both.store), prune(&both.plain), "at {share}");
        both.check();
    }
    assert_eq!(count(directory.path(), "ended_body"), 0, "nothing is left of what was removed");
    assert_eq!(count(directory.path(), "ended_filter"), 0);
    both.project("large", 10);
    both.check();
}

#[test]
fn open_blocks_are_few_and_merged_when_they_are_many() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut both = Both::new(directory.path());
    // Two of these fill the tail, but one is no block.
    let letters = (0..900_000).map(|_| char::from(b'0' + both.random(64).to_le_bytes()[0]));
    let metadata: Arc<str> = letters.collect::<String>().into();
    let (mut most, mut is_merged) = (0, false);
    for n in 1..=34 {
        let loud = |call: Call<Ended>| {
            let mut loud = call;
            Arc::make_mut(&mut loud.request).metadata = Some(Arc::clone(&metadata));
            loud
        };
        both.ended += 1;
        let ended = vec![
            (org("large"), Sequence(n), both.call()),
            (org("loud-1"), Sequence(n), loud(both.call())),
            (org("loud-2"), Sequence(n), loud(both.call())),
        ];
        let projection = Projection {
            after: Position(n - 1),
            reached: Position(n),
            ended,
            ..Projection::default()
        };
        assert!(both.store.project(&projection).expect("a projection"));
        assert!(both.plain.project(&projection).expect("a projection"));
        let of_large = "ended_block WHERE is_closed = 0 AND org = (SELECT number FROM name WHERE name = 'large')";
        let open = count(directory.path(), of_large);
        is_merged |= open < most;
        most = most.max(open);
    }
    assert_eq!((most, is_merged), (32, true));
    both.check();
}

#[test]
fn calls_that_come_out_of_order_are_put_where_they_belong() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut both = Both::new(directory.path());
    both.ended = 10_000;
    both.project("large", 1_500);
    both.ended += 2;
    both.project("large", 4);
    both.ended = 9_000;
    both.project("large", 3);
    both.check();
    both.ended = 10_100;
    both.project("large", 30);
    // Few calls, in no closed block: those that come second make an open one with those that wait, and the next are among them.
    for (ended, calls) in [(12_000, 4), (11_000, 3), (11_500, 2), (11_003, 1)] {
        both.ended = ended;
        both.project("few", calls);
    }
    both.ended = 20_000;
    both.check();
}
