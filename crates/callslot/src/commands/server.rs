//! Commands that run a server or a bridge, look after its data, or measure it, and what packagers need.

pub mod backup;
pub mod bench;
pub mod bridge;
pub mod completions;
pub mod demo;
pub mod doctor;
pub mod manual;
pub mod ready;
pub mod restore;
pub mod serve;
