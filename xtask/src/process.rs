//! What the chores are made of: steps, files, servers of their own, packages and tools that a machine may not have yet.

pub mod files;
pub mod packages;
pub mod server;
pub mod step;
pub mod tools;
