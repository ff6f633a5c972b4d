//! The commands, one file each, named after the command: its flags, and the code that runs it.
//!
//! Start reading at the one in question; `cli.rs` lists them with their help, and a folder holds those for the same work.

pub mod account;
pub mod calls;
pub mod server;
pub mod settings;
pub mod watch;
