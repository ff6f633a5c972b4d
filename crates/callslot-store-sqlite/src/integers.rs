//! Numbers as SQLite keeps them. Its integers are signed, and no number that is kept here reaches 2^63.

use callslot_store::Position;

/// A number; the largest there is for those that SQLite cannot hold.
pub(crate) fn number(value: u64) -> i64 {
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

/// The size that was kept as this number.
pub(crate) fn size(number: i64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
