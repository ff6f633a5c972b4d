//! The limits of keys, sign-in and failed guesses.

use std::time::Duration;

/// How many failed sign-ins one address may have in a burst, and how many more per second.
pub(crate) const FAILED_SIGN_INS: (u32, u32) = (200, 50);
/// For how many addresses failed sign-ins are counted separately; all others are counted together.
pub(crate) const REMEMBERED_ADDRESSES: usize = 10_000;
/// How hard to guess an operator key given in the settings must be at least, in bits.
pub(crate) const LEAST_OPERATOR_KEY_BITS: u32 = 128;
/// How many different characters such a key must have at least. A random one of 128 bits has fewer once in ten million times.
pub(crate) const LEAST_DIFFERENT_CHARS: usize = 8;
/// How many keys an organisation may have, and how many operator keys there may be.
pub(crate) const MAX_KEYS_PER_ORG: usize = 1_000;
/// How long a stream of a key that expires goes on without looking at the clock, which may have been set.
pub(crate) const LOOKS_AT_CLOCK_EVERY: Duration = Duration::from_mins(1);
/// How long a browser stays signed in.
pub(crate) const SESSION_LASTS: Duration = Duration::from_hours(7 * 24);
/// By how much the end of a session may move, in milliseconds, and is shown as before: the time that a server has run is known to a
/// second or so.
pub(crate) const SHOWN_END_JITTER_MS: u64 = 5_000;
/// How many browsers may be signed in with one key; the next one signs out the oldest.
pub(crate) const MAX_SESSIONS_PER_KEY: usize = 100;
/// How many expired sessions are removed at a time.
pub(crate) const FORGOTTEN_SESSIONS: usize = 1_000;
/// How long a sign-in code works.
pub(crate) const CODE_LASTS: Duration = Duration::from_hours(1);
/// How many unused codes one key may have; the next one replaces the oldest.
pub(crate) const MAX_CODES_PER_KEY: usize = 10;
/// How many unused codes there may be in all; the next one replaces the oldest.
pub(crate) const MAX_CODES: usize = 1_000;
