//! Random inputs: commands for the core alone, and all that happens in a simulated world.

mod alerts;
pub mod commands;
mod engine_traffic;
mod gates;
mod sweeps;
mod traffic;

pub use traffic::Traffic;
