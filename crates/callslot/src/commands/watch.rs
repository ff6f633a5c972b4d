//! Commands that show how things stand and what happens.

pub mod alert;
pub mod dashboard;
pub mod events;
pub mod history;
pub mod listen;
pub mod open;
pub mod status;
pub mod top;
