//! Secrets, tokens and ids made by the server: random, so that they cannot be guessed.

use callslot_store::Role;

use crate::hex::hex;

/// The secret of a new key: 256 random bits.
pub(crate) fn new_secret(role: Role) -> String {
    format!("cs_{}_{}", role.as_str(), random_hex::<32>())
}

/// A token or sign-in code: 256 random bits.
pub(crate) fn new_token() -> String {
    random_hex::<32>()
}

/// A new id: its kind, then 128 random bits.
pub(crate) fn new_id(kind: &str) -> String {
    format!("{kind}_{}", random_hex::<16>())
}

fn random_hex<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    hex(&bytes)
}
