//! What a node promises: answers only after the commit, nothing lost or half done, and feeds without gaps.

mod abort_on_panic;
mod commits;
mod deadlines;
mod event_feeds;
mod fair_shares;
mod gate_hours;
mod history;
mod lease_watches;
mod plans_and_orgs;
mod restores;
mod shards;
mod steps;
mod store_outages;
mod test_node;
mod unreliable_store;
