//! Authentication: the keys, the browsers that are signed in with one, and which role a request has.
//!
//! It knows no address, and its only answers are refusals. Start reading at `roles.rs`: a handler names the lowest role
//! that may call it by taking one of its extractors as an argument.

pub(crate) mod browser_sessions;
pub(crate) mod cookies;
pub(crate) mod csrf;
pub(crate) mod key_ring;
pub(crate) mod known_key;
pub(crate) mod limits;
mod rate_limit;
pub(crate) mod roles;
pub(crate) mod secrets;
pub(crate) mod sign_in_codes;
