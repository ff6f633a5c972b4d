//! A shard, as the tables have it: each has one for the records of its log, and all others are for all shards.
//!
//! What is kept as a `position` has the number of the shard in its upper 16 bits. So the rows of a shard are next to each other, and those
//! of shard 0 are as they were before there were others.

use std::borrow::Cow;

use callslot_store::Position;
use callslot_store::limits::RECORDS_PER_BLOCK;
use callslot_store::org_blocks::block_of;

/// How many bits of what is kept are the position within the shard.
const POSITION_BITS: u32 = 48;
const HIGHEST: Position = Position((1 << POSITION_BITS) - 1);

/// A shard whose rows a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard(pub(crate) u16);

impl Shard {
    /// The only shard of older layouts, and of most stores.
    pub(crate) const FIRST: Self = Self(0);

    /// Its number, by which it has a row.
    pub(crate) fn id(self) -> i64 {
        i64::from(self.0)
    }

    /// What is kept as a position of this shard. There is none beyond the highest.
    pub(crate) fn kept(self, position: Position) -> i64 {
        (u64::from(self.0) << POSITION_BITS | position.min(HIGHEST).0).cast_signed()
    }

    /// The lowest and the highest number that are kept as positions of this shard.
    pub(crate) fn all(self) -> (i64, i64) {
        (self.kept(Position(0)), self.kept(HIGHEST))
    }

    /// A statement about the table `log` of shard 0, made for that of this shard.
    pub(crate) fn in_log(self, statement: &str) -> Cow<'_, str> {
        if self == Self::FIRST {
            return Cow::Borrowed(statement);
        }
        let log = self.log();
        let there = [(" log ", format!(" {log} ")), (" log)", format!(" {log})"))];
        Cow::Owned(
            there.iter().fold(statement.to_owned(), |text, (log, its)| text.replace(log, its)),
        )
    }

    /// The name of the table that its records are in.
    pub(crate) fn log(self) -> String {
        if self == Self::FIRST { "log".into() } else { format!("log_{}", self.0) }
    }

    /// What is kept as the number of a block of this shard's records.
    pub(crate) fn kept_block(self, block: u64) -> i64 {
        let blocks_before = self.all().0.cast_unsigned() / RECORDS_PER_BLOCK;
        (blocks_before + block.min(block_of(HIGHEST))).cast_signed()
    }
}

/// The position that is kept as this number, whichever shard it is of.
pub(crate) fn position_in(kept: i64) -> Position {
    Position(kept.cast_unsigned() & HIGHEST.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_about_the_log_of_its_shard() {
        let statement = "SELECT log FROM log WHERE 1 < (SELECT 1 FROM log)";
        assert_eq!(Shard::FIRST.in_log(statement), statement);
        let of_17 = "SELECT log_17 FROM log_17 WHERE 1 < (SELECT 1 FROM log_17)";
        assert_eq!(Shard(17).in_log(statement), of_17);
    }

    #[test]
    fn what_shard_0_keeps_is_as_it_was_and_no_two_shards_keep_the_same() {
        assert_eq!(Shard::FIRST.kept(Position(77)), 77);
        assert_eq!(Shard::FIRST.kept_block(3), 3);
        assert_eq!(Shard(1).kept(Position(5)), (1 << 48) + 5);
        assert_eq!(Shard(1).kept(Position(u64::MAX)) + 1, Shard(2).kept(Position(0)));
        assert_eq!(Shard(1).kept_block(u64::MAX) + 1, Shard(2).kept_block(0));
        assert!(Shard(63).all().1 > 0);
        for shard in [Shard::FIRST, Shard(63)] {
            assert_eq!(position_in(shard.kept(Position(9))), Position(9));
            let block = block_of(Position(shard.kept(Position(640)).cast_unsigned()));
            assert_eq!(shard.kept_block(10), block.cast_signed());
        }
    }
}
