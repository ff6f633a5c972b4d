//! The commands, one file each, named as it is typed. Start reading at the one in question; `cli.rs` lists them.

pub mod bench;
pub mod demo;
pub mod doctor;
pub mod history;
pub mod serve;
pub mod status;
pub mod top;
