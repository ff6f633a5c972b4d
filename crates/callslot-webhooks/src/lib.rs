//! Decides what a webhook is sent and when, signs it, and says which addresses may be called. It waits for nothing, and knows no
//! socket, no clock and no JSON.
//!
//! Start reading at [`Machine`].

mod addresses;
mod machine;
pub mod retries;
mod signature;

pub use addresses::{Allowed, InvalidNetwork, Network, is_public};
pub use machine::{Limits, Machine, NewDelivery, Next, Saved, Step, Verdict, Waiting};
pub use signature::{InvalidSecret, Secret, signatures};
