//! Puts Callslot in front of telephone numbers: doors for carriers, which use the public API as every client does.
//!
//! A door has a folder: a pure part, which decides what a caller hears next and knows no clock and no network, and the I/O around it. No
//! voice passes through here. Start reading at [`Settings`], then at `twilio.rs` or `asterisk.rs`.

mod accept;
mod adoption;
mod asking;
pub mod asterisk;
mod clock;
mod doctor;
mod line;
mod metrics;
mod running;
mod settings;
pub mod sip_proxy;
pub mod twilio;
mod words;

pub use doctor::Check;
pub use running::Failure;
pub use settings::{Fault, Settings};
