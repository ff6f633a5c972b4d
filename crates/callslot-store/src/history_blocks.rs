//! Ended calls in blocks: the form in which stores keep many calls of one organisation together, and how they are found in it.
//!
//! A [`Block`] is packed into a few bytes a call. Beside it a store keeps a [`Summary`], which says what a query may skip, and, of blocks
//! that are [closed](is_closed), a filter of the calls' ids in [pieces](filter_of). No database is in here: a store keeps the rows, and asks
//! which of them matter. Start reading at [`Block`], then [`Search`].

mod bits;
mod block;
mod filter;
mod merge;
mod search;
mod summary;

#[cfg(test)]
mod tests;

pub use block::{Block, EndedCalls, Packer, erased, unpack};
pub use filter::{PIECES, WantedId, filter_of};
pub use merge::{is_closed, merge, split};
pub use search::Search;
pub use summary::Summary;
