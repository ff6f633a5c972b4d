//! Commands that say how slots are shared out, and who may do what.

pub mod agent;
pub mod apply;
pub mod audit;
pub mod export;
pub mod gate;
pub mod key;
pub mod org;
pub mod plan;
pub mod reserve;
pub mod r#type;
pub mod webhook;
