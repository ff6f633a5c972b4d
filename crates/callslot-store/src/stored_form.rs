//! The stored form of records, snapshots, ended calls and figures: the only file that (de)serialises stored data.
//!
//! A stored record is one byte of format version, four bytes of CRC-32 (little endian, of the rest), and a
//! [postcard](https://postcard.jamesmunns.com/wire-format) body. The body's types are defined here, apart from the core's, and
//! never change once released: a new form gets a new version, and every old one still loads. Each id is stored once a record,
//! and times are stored as distances from the record's own. The page `docs/internals/stored-form.md` shows all of it byte by
//! byte. Start reading at [`encode`].

mod alert;
mod audited;
mod call;
mod changed_by;
mod ended_call;
mod fact;
mod figures;
mod gate;
mod marker;
mod names;
mod org_settings;
mod sweep;
mod version_and_checksum;
mod waits;

use callslot_core::{Now, Recorded, Sequence, Tick, Timestamp};
use serde::{Deserialize, Serialize};

use crate::contract::record::Record;
use crate::contract::store_error::StoreError;
use crate::stored_form::fact::Fact;
use crate::stored_form::names::{Context, Names};
use crate::stored_form::version_and_checksum::{Unreadable, opened, sealed};

pub use audited::{decode_audited, encode_audited};
pub use ended_call::{decode_ended_call, encode_ended_call};
pub use figures::{decode_figures, encode_figures};
pub use marker::{decode_marker, encode_marker};

/// The newest version of the stored form, which is the one written. Each has facts that the ones before do not have, and is
/// otherwise the same.
const VERSION: u8 = 7;

/// The stored form of a record.
#[must_use]
pub fn encode(record: &Record) -> Vec<u8> {
    let mut names = Names::default();
    let now = record.now;
    let events =
        record.events.iter().map(|event| StoredEvent::from_core(event, now, &mut names)).collect();
    let stored = StoredRecord { at: now.at.0, tick: now.tick.0, names: names.list, events };
    sealed(VERSION, &stored)
}

/// Reads a stored record. `place` names it in errors.
///
/// # Errors
/// [`StoreError::Damaged`] when the bytes are not what was written; [`StoreError::TooNew`] when a newer version wrote them.
pub fn decode(bytes: &[u8], place: &str) -> Result<Record, StoreError> {
    read(bytes).map_err(|unreadable| unreadable.into_error(place, VERSION))
}

fn read(bytes: &[u8]) -> Result<Record, Unreadable> {
    let stored: StoredRecord<'_> = opened(VERSION, bytes)?;
    stored.into_core()
}

#[derive(Serialize, Deserialize)]
struct StoredRecord<'a> {
    at: u64,
    tick: u64,
    #[serde(borrow)]
    names: Vec<&'a str>,
    #[serde(borrow)]
    events: Vec<StoredEvent<'a>>,
}

impl StoredRecord<'_> {
    fn into_core(self) -> Result<Record, Unreadable> {
        let now = Now { at: Timestamp(self.at), tick: Tick(self.tick) };
        let context = Context::new(now, self.names);
        let events = self.events.into_iter().map(|event| event.into_core(&context));
        Ok(Record { now, events: events.collect::<Result<_, _>>()? })
    }
}

#[derive(Serialize, Deserialize)]
struct StoredEvent<'a> {
    org: u32,
    /// 0 for an event that is not public.
    sequence: u64,
    #[serde(borrow)]
    fact: Fact<'a>,
}

impl<'a> StoredEvent<'a> {
    fn from_core(recorded: &'a Recorded, now: Now, names: &mut Names<'a>) -> Self {
        let org = names.number(recorded.org.as_str());
        let sequence = recorded.sequence.map_or(0, |sequence| sequence.0);
        Self { org, sequence, fact: Fact::from_core(&recorded.event, now, names) }
    }

    fn into_core(self, context: &Context<'_>) -> Result<Recorded, Unreadable> {
        let event = self.fact.into_core(context)?;
        let sequence = (self.sequence > 0).then_some(Sequence(self.sequence));
        Ok(Recorded { org: context.orgs(self.org)?, sequence, event })
    }
}
