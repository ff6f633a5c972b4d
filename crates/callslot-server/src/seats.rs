//! Seats: how many clients may stay connected at once, as event streams, engine streams or requests with `wait_s`: with one
//! key, in one organisation, and in all.
//!
//! A client takes a seat of each of the three, or none. Dropping the [`Seat`] frees them, whatever ended the wait.

use std::sync::Arc;

use callslot_api::ProblemCode as Code;
use callslot_core::OrgId;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::MAX_SEATS;
use crate::refusal::Refusal;
use crate::shares::Shares;

/// All seats.
#[derive(Debug)]
pub(crate) struct Seats {
    whole: Arc<Semaphore>,
    orgs: Shares<OrgId>,
    /// By the key's id.
    keys: Shares<String>,
    refused: Family<RefusedLabels, Counter>,
}

/// A seat, until it is dropped.
#[derive(Debug)]
pub(crate) struct Seat(#[expect(dead_code, reason = "they are held")] [OwnedSemaphorePermit; 3]);

/// Whose seats are all taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Key,
    Org,
    All,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusedLabels {
    whose: &'static str,
}

impl Seats {
    /// Seats with these bounds; 0: as many as there are.
    pub(crate) fn new(per_key: u32, per_org: u32) -> Self {
        let bound = |seats: u32| match seats as usize {
            0 => MAX_SEATS,
            seats => seats.min(MAX_SEATS),
        };
        let refused: Family<RefusedLabels, Counter> = Family::default();
        for whose in Whose::ALL {
            // So that the first one is seen as an increase.
            drop(refused.get_or_create(&RefusedLabels { whose: whose.as_str() }));
        }
        Self {
            whole: Arc::new(Semaphore::new(MAX_SEATS)),
            orgs: Shares::new(bound(per_org)),
            keys: Shares::new(bound(per_key)),
            refused,
        }
    }

    /// Takes a seat with a key, in the organisation that it acts in.
    pub(crate) fn take(&self, key: &str, org: &OrgId) -> Result<Seat, Refusal> {
        let take = |share: Arc<Semaphore>, whose| {
            share.try_acquire_owned().map_err(|_| self.refuse(whose))
        };
        let of_key = take(self.keys.of(&key.to_owned()), Whose::Key)?;
        let of_org = take(self.orgs.of(org), Whose::Org)?;
        let of_all = take(Arc::clone(&self.whole), Whose::All)?;
        Ok(Seat([of_key, of_org, of_all]))
    }

    /// How many seats are taken in an organisation.
    pub(crate) fn taken_in(&self, org: &OrgId) -> usize {
        self.orgs.taken(org)
    }

    pub(crate) fn register(&self, registry: &mut Registry) {
        let taken = Gauge::<i64>::default();
        let seats = MAX_SEATS - self.whole.available_permits();
        taken.set(i64::try_from(seats).expect("a small number"));
        registry.register("seats", "Event streams, engine streams and long polls", taken);
        registry.register(
            "seats_refused",
            "Clients refused for lack of a seat, by whose were all taken: key, org or all",
            self.refused.clone(),
        );
    }

    fn refuse(&self, whose: Whose) -> Refusal {
        self.refused.get_or_create(&RefusedLabels { whose: whose.as_str() }).inc();
        let (code, seats, owner, next) = match whose {
            Whose::Key => (
                Code::TooManySeats,
                self.keys.most(),
                "this key has",
                "close some, ask without `wait_s`, use another key, or raise `--seats-per-key`",
            ),
            Whose::Org => (
                Code::TooManySeats,
                self.orgs.most(),
                "this organisation has",
                "close some, ask without `wait_s`, or raise `--seats-per-org`",
            ),
            Whose::All => (
                Code::Overloaded,
                MAX_SEATS,
                "all clients together have",
                "retry in a second, or ask without `wait_s`",
            ),
        };
        let detail = format!(
            "{owner} all {seats} seats taken (event streams, engine streams and requests with `wait_s`): {next}"
        );
        Refusal::new(code, detail).number("seats", seats as u64)
    }
}

impl Whose {
    const ALL: [Self; 3] = [Self::Key, Self::Org, Self::All];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Org => "org",
            Self::All => "all",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn org(id: &str) -> OrgId {
        OrgId::parse(id).expect("an id")
    }

    fn said(taken: Result<Seat, Refusal>) -> String {
        let problem = taken.expect_err("no seat is free").into_problem();
        format!("{} {} {}", problem.code, problem.numbers["seats"], problem.detail)
    }

    #[test]
    fn a_key_and_an_organisation_have_a_share_each_and_a_refused_client_holds_nothing() {
        let seats = Seats::new(2, 3);
        let take = |key: &str, of: &str| seats.take(key, &org(of));
        let mut held: Vec<_> = (0..2).map(|_| take("a", "one").expect("it is free")).collect();
        assert!(said(take("a", "one")).starts_with("too_many_seats 2 this key has all 2 seats"));
        held.push(take("b", "one").expect("it is free"));
        assert!(said(take("b", "one")).starts_with("too_many_seats 3 this organisation has all 3"));
        // Refused for the organisation's sake, they hold none of the key's seats.
        held.push(take("b", "two").expect("it is free"));
        assert_eq!((seats.taken_in(&org("one")), seats.taken_in(&org("two"))), (3, 1));
        drop(held);
        assert_eq!((seats.taken_in(&org("one")), seats.taken_in(&org("two"))), (0, 0));
        assert_eq!(seats.whole.available_permits(), MAX_SEATS);
        assert_eq!(seats.keys.taken(&"b".to_owned()), 0);
    }

    #[test]
    fn without_a_bound_of_its_own_a_key_may_take_all_and_the_next_is_refused_by_the_server() {
        let seats = Seats::new(0, u32::MAX);
        let all: Vec<_> =
            (0..MAX_SEATS).map(|_| seats.take("a", &org("one")).expect("it is free")).collect();
        // The key has none left either; another key meets the whole.
        assert!(said(seats.take("a", &org("one"))).starts_with("too_many_seats"));
        assert!(said(seats.take("b", &org("two"))).starts_with("overloaded 100000 all clients"));
        drop(all);
        seats.take("b", &org("two")).expect("they are free again");
    }
}
