//! The parts that chores share: steps, files, servers of their own, and packages and tools that a machine may not have yet.

pub mod files;
pub mod node;
pub mod packages;
pub mod page;
pub mod server;
pub mod step;
pub mod tools;
