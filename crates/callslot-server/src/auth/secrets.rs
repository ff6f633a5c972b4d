//! Secrets of keys, tokens, and ids that the server makes: random, so that nobody guesses one.

use std::fmt::Write as _;

use callslot_store::Role;

/// The secret of a new key: 256 random bits.
pub(crate) fn new_secret(role: Role) -> String {
    format!("cs_{}_{}", role.as_str(), random_hex::<32>())
}

/// A token or a code that stands for a key for a while: 256 random bits.
pub(crate) fn new_token() -> String {
    random_hex::<32>()
}

/// A new id: 128 random bits behind what it names.
pub(crate) fn new_id(kind: &str) -> String {
    format!("{kind}_{}", random_hex::<16>())
}

fn random_hex<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    hex(&bytes)
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(hex, "{byte:02x}").expect("a string takes what is written");
    }
    hex
}
