//! Commands about calls.

pub mod call;
pub mod campaign;
pub mod explain;
pub mod lease;
