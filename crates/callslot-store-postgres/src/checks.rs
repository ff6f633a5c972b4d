//! What the database's settings mean for what it has confirmed: asked at each start, and by `callslot doctor`.

use callslot_store::{Failure, StoreError};

use crate::errors::{Error, failed};
use crate::layout::{Layout, foreign, is_known, layout, unknown};
use crate::owner::SHARD;
use crate::session::Session;
use crate::target::Target;

/// The oldest version that is used: 14, as `server_version_num` has it.
const OLDEST_VERSION: i32 = 140_000;
/// How many connections a server takes.
pub const CONNECTIONS: i64 = 7;

/// What a database says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct DatabaseFacts {
    /// Where it is, without a password.
    pub place: String,
    /// Its version, for people.
    pub version: String,
    /// Whether this version is new enough.
    pub is_new_enough: bool,
    /// Whether it waits for its disk at all.
    pub syncs: bool,
    /// Whether it survives a crash of the machine in the middle of a page.
    pub writes_full_pages: bool,
    /// What a commit waits for unless the session says otherwise, as Callslot's do: they wait for the disk.
    pub synchronous_commit: String,
    /// Whether it only follows another one, and cannot be written.
    pub only_reads: bool,
    /// How many replicas follow it.
    pub replicas: i64,
    /// How many of them a commit waits for, at least one at a time.
    pub synchronous_replicas: i64,
    /// How many connections it allows.
    pub max_connections: i64,
    /// How many are in use.
    pub used_connections: i64,
    /// Whether the tables are there: none if not; else whether a server held the data last, and has not said that it has ended.
    pub held: Option<bool>,
}

/// Asks the database at `url` what it says of itself. It changes nothing.
///
/// # Errors
/// [`StoreError`] when it cannot be reached, or a server could not use what is there.
pub fn inspect_database(url: &str) -> Result<DatabaseFacts, StoreError> {
    let target = Target::parse(url)?;
    let mut session = target.connect_plainly()?;
    let facts = facts(&mut session, target.shown())?;
    let held = match layout(&mut session)? {
        Layout::None => None,
        Layout::Made(found) if is_known(found) => Some(is_held(&mut session)?),
        Layout::Made(found) => return Err(unknown(found)),
        Layout::Foreign => return Err(foreign()),
    };
    Ok(DatabaseFacts { held, ..facts })
}

fn is_held(session: &mut Session) -> Result<bool, Error> {
    let row = session.row(
        "SELECT 1 FROM callslot.shard s JOIN callslot.node n ON n.node = s.holder WHERE s.shard = $1 AND n.state <> 'dead'",
        &[&SHARD],
    )?;
    Ok(row.is_some())
}

/// Refuses a database that is too old, or that loses what it has confirmed; warns of one that may.
pub(crate) fn refuse_unsafe(session: &mut Session) -> Result<(), Error> {
    let facts = facts(session, "")?;
    let refused = |words: String| Err(failed(Failure::Other, words.into()).into());
    if !facts.is_new_enough {
        return refused(format!("it is PostgreSQL {}, and Callslot needs 14", facts.version));
    }
    if !facts.syncs || !facts.writes_full_pages {
        let setting = if facts.syncs { "full_page_writes" } else { "fsync" };
        return refused(format!(
            "it runs with {setting} off, so a crash of its machine would lose or damage what was answered; set {setting} = on"
        ));
    }
    if facts.replicas > 0 && facts.synchronous_replicas == 0 {
        tracing::warn!(
            replicas = facts.replicas,
            "no replica of the database is synchronous: what was answered can be lost when it fails over; set synchronous_standby_names"
        );
    }
    Ok(())
}

fn facts(session: &mut Session, place: &str) -> Result<DatabaseFacts, Error> {
    let row = session.row(
        "SELECT current_setting('server_version'), current_setting('server_version_num')::int4, current_setting('fsync') = 'on',
            current_setting('full_page_writes') = 'on', current_setting('synchronous_commit'), pg_is_in_recovery(),
            (SELECT count(*) FROM pg_stat_replication),
            (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')),
            current_setting('max_connections')::int8, (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')",
        &[],
    )?;
    let row =
        row.ok_or_else(|| StoreError::damaged("the database", "it says nothing of itself"))?;
    Ok(DatabaseFacts {
        place: place.to_owned(),
        version: row.get(0),
        is_new_enough: row.get::<_, i32>(1) >= OLDEST_VERSION,
        syncs: row.get(2),
        writes_full_pages: row.get(3),
        synchronous_commit: row.get(4),
        only_reads: row.get(5),
        replicas: row.get(6),
        synchronous_replicas: row.get(7),
        max_connections: row.get(8),
        used_connections: row.get(9),
        held: None,
    })
}
