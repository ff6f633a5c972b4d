//! Rate limits: commands of one key, and failed sign-ins from one address.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use callslot_api::ProblemCode as Code;
use governor::clock::Clock;
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::auth::limits::{FAILED_SIGN_INS, REMEMBERED_ADDRESSES};
use crate::refusal::Refusal;

/// The address under which failures are counted once too many addresses have failed.
const EVERYBODY_ELSE: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

/// How many commands per second a key may send, if that is limited.
#[derive(Debug)]
pub(super) struct CommandLimit(Option<(DefaultDirectRateLimiter, NonZeroU32)>);

impl CommandLimit {
    /// `None`: no limit.
    pub(super) fn per_second(most: Option<NonZeroU32>) -> Self {
        Self(most.map(|most| (RateLimiter::direct(Quota::per_second(most)), most)))
    }

    /// Counts a command, and refuses it when there are too many.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let Some((limiter, most)) = &self.0 else { return Ok(()) };
        limiter.check().map_err(|early| {
            let wait = early.wait_time_from(limiter.clock().now());
            // Rounded up: a millisecond less would be too early.
            let retry_in_ms = u64::try_from(wait.as_millis()).map_or(u64::MAX, |ms| ms + 1);
            let detail = format!(
                "this key is limited to {most} commands a second (a frame of an engine stream and a call of a batch count one \
                 each); retry in {retry_in_ms} ms, or spread the load over several keys"
            );
            Refusal::new(Code::RateLimited, detail)
                .number("per_second", most.get())
                .number("retry_in_ms", retry_in_ms)
        })
    }
}

/// Failed sign-ins, by address.
#[derive(Debug)]
pub(super) struct FailedSignIns {
    by_address: DefaultKeyedRateLimiter<IpAddr>,
    /// When addresses without recent failures may be dropped again.
    dropping: DefaultDirectRateLimiter,
}

impl Default for FailedSignIns {
    fn default() -> Self {
        let (burst, per_second) = FAILED_SIGN_INS;
        let quota = Quota::per_second(nonzero(per_second)).allow_burst(nonzero(burst));
        Self {
            by_address: RateLimiter::keyed(quota),
            dropping: RateLimiter::direct(Quota::per_second(NonZeroU32::MIN)),
        }
    }
}

impl FailedSignIns {
    /// Counts a failed sign-in, and refuses once there are too many from one address.
    pub(super) fn note(&self, address: IpAddr) -> Result<(), Refusal> {
        self.by_address.check_key(&self.counted_as(address)).map_err(|_| {
            Refusal::new(
                Code::RateLimited,
                "too many requests without a valid key came from this address; wait a second",
            )
        })
    }

    /// The address under which failures are counted. Only a limited number of addresses is remembered; all others count as one.
    fn counted_as(&self, address: IpAddr) -> IpAddr {
        if self.by_address.len() >= REMEMBERED_ADDRESSES {
            // Looking through all of them takes a while; a client that floods the server must not make it do so each time.
            if self.dropping.check().is_ok() {
                self.by_address.retain_recent();
            }
            if self.by_address.len() >= REMEMBERED_ADDRESSES {
                return EVERYBODY_ELSE;
            }
        }
        match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            // A client usually has a whole /64 to choose addresses from.
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }
}

fn nonzero(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).expect("rates are not zero")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_comes_too_early_is_told_when_to_come_back() {
        let limit = CommandLimit::per_second(NonZeroU32::new(4));
        let refused = (0..1_000).find_map(|_| limit.check().err());
        let problem = refused.expect("a thousand at once are too many").into_problem();
        assert_eq!(problem.numbers["per_second"], 4);
        let retry_in_ms = problem.numbers["retry_in_ms"];
        assert!((1..=251).contains(&retry_in_ms), "one is free every 250 ms: {retry_in_ms}");
        assert!(problem.detail.contains(&format!("retry in {retry_in_ms} ms")));
    }

    #[test]
    fn however_many_addresses_guess_few_are_remembered() {
        let failed = FailedSignIns::default();
        // Some are dropped once a second, so a busy machine meets the bound late.
        let is_refused = |n: u32| {
            let refused = failed.note(IpAddr::V4(n.into())).is_err();
            assert!(failed.by_address.len() <= REMEMBERED_ADDRESSES + 1);
            refused
        };
        assert!((0..1_000_000).any(is_refused), "those beyond the bound count together");
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let failed = FailedSignIns::default();
        for n in 0..100 {
            let address = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, n);
            failed.note(IpAddr::V6(address)).expect("they are few");
        }
        assert_eq!(failed.by_address.len(), 1);
    }
}
