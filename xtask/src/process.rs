//! What the chores are made of: servers of their own, and packages that a machine may not have yet.

pub mod packages;
pub mod server;
