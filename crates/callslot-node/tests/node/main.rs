//! What a node promises: answers only after the commit, nothing lost or half done, and feeds without gaps.

mod commits;
mod feeds;
mod store;
mod world;
