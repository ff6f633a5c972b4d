//! Secrets, tokens and ids made by the server: random, so that they cannot be guessed. And how hard to guess a secret is that
//! somebody else made.

use std::collections::BTreeSet;

use callslot_store::Role;

use crate::auth::limits::LEAST_DIFFERENT_CHARS;
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

/// How many bits a secret has at most: as many as if each of its characters had been drawn at random from the kinds of
/// characters in it. The kinds are hexadecimal digits in one case (16), or else digits (10), small letters (26), capital
/// letters (26) and all other characters (32). The beginning that every operator key made here has does not count.
///
/// Words are easier to guess than that; nothing that is refused for its bits was hard to guess.
pub(crate) fn most_bits(secret: &str) -> u32 {
    let made = format!("cs_{}_", Role::Operator.as_str());
    let secret = secret.strip_prefix(&made).unwrap_or(secret);
    let different: BTreeSet<u8> = secret.bytes().collect();
    if different.len() < LEAST_DIFFERENT_CHARS {
        return 0;
    }
    let all = |is_of_kind: fn(u8) -> bool| different.iter().all(|byte| is_of_kind(*byte));
    let any = |is_of_kind: fn(&u8) -> bool| different.iter().any(is_of_kind);
    let is_hex = all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        || all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    let kinds = [
        (any(u8::is_ascii_digit), 10),
        (any(u8::is_ascii_lowercase), 26),
        (any(u8::is_ascii_uppercase), 26),
        (any(|byte| !byte.is_ascii_alphanumeric()), 32),
    ];
    let alphabet: u32 = kinds.iter().filter(|(is_in_it, _)| *is_in_it).map(|(_, size)| size).sum();
    let alphabet = if is_hex { alphabet.min(16) } else { alphabet };
    let chars = u32::try_from(secret.len()).unwrap_or(u32::MAX);
    let bits = f64::from(chars) * f64::from(alphabet).log2();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bits are not negative, and casting stops at the largest number"
    )]
    let bits = bits as u32;
    bits
}

/// Random bytes.
pub(crate) fn new_bytes<const BYTES: usize>() -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    bytes
}

fn random_hex<const BYTES: usize>() -> String {
    hex(&new_bytes::<BYTES>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_as_if_every_character_were_drawn_from_the_kinds_in_the_secret() {
        for (secret, bits) in [
            ("", 0),
            ("0123456789abcdef", 64),
            ("0123456789ABCDEF", 64),
            ("0123456789abcdef0123456789abcdef", 128),
            ("0123456789abcdef0123456789abcde", 124),
            ("0123456789012345678901234567890123456789", 132),
            ("the-operator-key-after", 128),
            ("Aa1Bb2Cc3Dd4Ee5Ff6Gg7", 125),
            // The beginning of the keys made here is known.
            ("cs_operator_0123456789abcdef", 64),
            // Few different characters are guessed, however many there are.
            (&"abcabcab".repeat(100), 0),
        ] {
            assert_eq!(most_bits(secret), bits, "{secret}");
        }
        assert_eq!(most_bits(&new_secret(Role::Operator)), 256);
    }
}
