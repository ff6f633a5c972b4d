//! Numbers as SQLite keeps them. Its integers are signed, and no number that is kept here reaches 2^63.

/// A number; the largest there is for those that SQLite cannot hold.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The size that was kept as this number.
pub(crate) fn size(number: i64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
