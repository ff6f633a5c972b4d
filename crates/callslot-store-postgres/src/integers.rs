//! Numbers as PostgreSQL keeps them. Its integers are signed, and no number that is kept here reaches 2^63.

use callslot_core::Timestamp;
use callslot_store::Position;
use postgres::Row;

/// A number; the largest there is for those that PostgreSQL cannot hold.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A size or a bound.
pub(crate) fn size(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A position as a number.
pub(crate) fn number_of(position: Position) -> i64 {
    position.0.cast_signed()
}

/// The position with this number.
pub(crate) fn position(number: i64) -> Position {
    Position(number.cast_unsigned())
}

/// A number in a row.
pub(crate) fn unsigned(row: &Row, column: usize) -> u64 {
    row.get::<_, i64>(column).cast_unsigned()
}

/// A small number in a row: the largest there is for one that cannot be there.
pub(crate) fn small(row: &Row, column: usize) -> u32 {
    u32::try_from(row.get::<_, i64>(column)).unwrap_or(u32::MAX)
}

/// A time in a row, if there is one.
pub(crate) fn moment(row: &Row, column: usize) -> Option<Timestamp> {
    row.get::<_, Option<i64>>(column).map(|at| Timestamp(at.cast_unsigned()))
}
