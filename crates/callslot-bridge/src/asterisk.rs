//! The door for Asterisk: a Stasis application, which hears what happens over a WebSocket of ARI and does what is to be done over its REST.
//!
//! `caller.rs` and `event.rs` are pure: what becomes of a call on each message, and what Asterisk says. Around them are `listen.rs` (the events), `arrive.rs` (new calls), `calls.rs` (the calls that are held), `live.rs` (the task of
//! each), `reconcile.rs` (after a break), `dial.rs` (calls that agents make) and `ari.rs`. Start reading at [`run`](fn@run), then at `caller.rs`.

mod ari;
mod arrive;
mod caller;
mod calls;
mod dial;
mod doctor;
mod event;
mod listen;
mod live;
mod overflow_mark;
mod reconcile;
mod run;
mod settings;

pub use doctor::examine;
pub use run::{read, run};
pub use settings::{Settings, is_for_asterisk};
