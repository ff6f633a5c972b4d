//! The limits of keys, signed-in browsers, and guesses.

use std::time::Duration;

/// How many failed sign-ins one address may have at once, and how many more a second.
pub(crate) const FAILED_SIGN_INS: (u32, u32) = (200, 50);
/// How many addresses' failed sign-ins are remembered; those of others count together.
pub(crate) const REMEMBERED_ADDRESSES: usize = 10_000;
/// How many characters an operator key that is given by the settings must have.
pub(crate) const LEAST_OPERATOR_KEY_CHARS: usize = 16;
/// How long a browser stays signed in.
pub(crate) const SESSION_LASTS: Duration = Duration::from_hours(7 * 24);
/// How many browsers may be signed in with one key; the next one signs out the one that came first.
pub(crate) const MAX_SESSIONS_PER_KEY: usize = 100;
/// How many sessions that have expired are forgotten at a time.
pub(crate) const FORGOTTEN_SESSIONS: usize = 1_000;
/// How long a sign-in code works.
pub(crate) const CODE_LASTS: Duration = Duration::from_hours(1);
/// How many codes of one key may wait to be used; the next one replaces the oldest.
pub(crate) const MAX_CODES_PER_KEY: usize = 10;
/// How many codes of all keys may wait to be used; the next one replaces the oldest.
pub(crate) const MAX_CODES: usize = 1_000;
