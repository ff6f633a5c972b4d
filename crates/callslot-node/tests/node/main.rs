//! What a node promises: answers only after the commit, nothing lost or half done, and feeds without gaps.

mod catalogue;
mod commits;
mod deadlines;
mod feeds;
mod figures;
mod invariants;
mod lease_watches;
mod outages;
mod store;
mod world;
