//! The commands, one file each, named after the command: its flags, and the code that runs it.
//!
//! Start reading at the one in question; `cli.rs` lists them with their help.

pub mod agent;
pub mod alert;
pub mod audit;
pub mod backup;
pub mod bench;
pub mod call;
pub mod campaign;
pub mod completions;
pub mod dashboard;
pub mod demo;
pub mod doctor;
pub mod events;
pub mod explain;
pub mod gate;
pub mod history;
pub mod key;
pub mod lease;
pub mod listen;
pub mod manual;
pub mod org;
pub mod plan;
pub mod ready;
pub mod reserve;
pub mod restore;
pub mod serve;
pub mod status;
pub mod top;
pub mod r#type;
pub mod webhook;
