//! The tables of the database: made when it is empty, and refused when another version or program made them.

use callslot_store::{Damage, StoreError, VersionKind};

use crate::errors::{DATABASE, Error};
use crate::session::Session;

/// The newest layout, which is the one made.
pub(crate) const LAYOUT: i32 = 2;
/// The oldest layout that is read.
const OLDEST_LAYOUT: i32 = 1;

const LAYOUT_1: &str = include_str!("schema/layout_1.sql");
const FROM_1_TO_2: &str = include_str!("schema/layout_1_to_2.sql");

/// Makes the tables, if there are none, while every other start waits.
pub(crate) fn make_or_check(session: &mut Session) -> Result<(), Error> {
    session.transaction(|session| {
        session.rows("SELECT pg_advisory_xact_lock(1129532500)", &[])?;
        match layout(session)? {
            Layout::None => {
                session.batch(LAYOUT_1)?;
                session.batch(FROM_1_TO_2)
            }
            Layout::Made(found) if is_known(found) => Ok(()),
            Layout::Made(found) => Err(unknown(found).into()),
            Layout::Foreign => Err(foreign().into()),
        }
    })
}

/// Brings the tables of an older layout up to date. The caller holds the data, so no server with an older version writes them.
pub(crate) fn upgrade(session: &mut Session) -> Result<(), Error> {
    session.transaction(|session| match layout(session)? {
        Layout::Made(1) => session.batch(FROM_1_TO_2),
        Layout::None | Layout::Made(_) | Layout::Foreign => Ok(()),
    })
}

/// Whether this version reads the tables of this layout.
pub(crate) const fn is_known(layout: i32) -> bool {
    layout >= OLDEST_LAYOUT && layout <= LAYOUT
}

/// What is in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Nothing of Callslot.
    None,
    /// Tables of this layout.
    Made(i32),
    /// Tables of another program where Callslot's would be.
    Foreign,
}

pub(crate) fn layout(session: &mut Session) -> Result<Layout, Error> {
    let has = session.row(
        "SELECT to_regclass('callslot.cluster') IS NOT NULL,
                EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'callslot')",
        &[],
    )?;
    let (is_made, has_tables) = has.map_or((false, false), |row| (row.get(0), row.get(1)));
    if !is_made {
        return Ok(if has_tables { Layout::Foreign } else { Layout::None });
    }
    let layout = session.row("SELECT layout FROM callslot.cluster", &[])?;
    Ok(layout.map_or(Layout::Foreign, |row| Layout::Made(row.get(0))))
}

pub(crate) fn unknown(found: i32) -> StoreError {
    let (place, kind) = (DATABASE.into(), VersionKind::Layout);
    let (found, newest) = (u64::from(found.unsigned_abs()), u64::from(LAYOUT.unsigned_abs()));
    StoreError::TooNew { place, kind, found, newest }
}

pub(crate) fn foreign() -> StoreError {
    StoreError::Damaged {
        place: format!("the schema callslot of {DATABASE}"),
        damage: Damage::Foreign,
    }
}
