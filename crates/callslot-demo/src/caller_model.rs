//! An invented call centre: its agents, and who calls them when. It never uses a server or a clock.
//!
//! Callers arrive independently (a Poisson process whose rate follows the hour of the day), talk for a while (log-normal, as
//! measured call durations are: Brown et al., "Statistical Analysis of a Telephone Call Center", JASA 100, 2005), and some
//! hang up while they wait. Start reading at [`Callers`].
#![expect(clippy::cast_precision_loss, reason = "times in milliseconds are far below 2^53")]

use callslot_api::{
    AgentPut, CallType, Day, GateKind, GatePut, Hours, OpenSpan, Pace, Reservation,
};

use crate::backfill::Caller;

const MS_PER_MINUTE: u64 = 60_000;
const MS_PER_HOUR: u64 = 60 * MS_PER_MINUTE;
/// How much a talk's length varies: the standard deviation of its logarithm.
const TALK_SPREAD: f64 = 0.8;
/// How long callers wait on average before they hang up, in milliseconds.
const MEAN_PATIENCE_MS: f64 = 150_000.0;
/// One call in this many is much longer, by this factor.
const LONG_TALK: (u32, f64) = (60, 8.0);

/// The gates of outbound calls.
const TRUNK: &str = "trunk-east";
const CAMPAIGN: &str = "autumn-survey";
/// How many calls the trunk starts in a minute of the centre's time.
const STARTS_PER_MINUTE: u64 = 6;
const EVERY_DAY: [Day; 7] = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun];

/// The agents, with their names.
const AGENTS: [(&str, &str); 5] = [
    ("support", "Support"),
    ("booking", "Booking"),
    ("billing", "Billing"),
    ("sales", "Sales"),
    ("survey", "Survey"),
];

/// How busy a stream is over the day, as a part of its peak.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Office hours, with a dip at noon.
    Day,
    /// After work.
    Evening,
    /// Campaigns in office hours: how often one starts and how long it lasts, in minutes.
    Bursts { every: u64, lasts: u64 },
}

/// Calls of one agent and type.
#[derive(Debug)]
struct Stream {
    agent: &'static str,
    call_type: CallType,
    shape: Shape,
    /// Calls an hour when it is busiest.
    peak_per_hour: f64,
    /// The median duration of a talk, in seconds.
    median_talk_s: f64,
}

/// At most some 24 calls at once, of which 20 find a slot.
const STREAMS: [Stream; 8] = [
    stream("support", CallType::Inbound, Shape::Day, 85.0, 130.0),
    stream("support", CallType::Chat, Shape::Evening, 50.0, 170.0),
    stream("booking", CallType::Inbound, Shape::Day, 55.0, 110.0),
    stream("booking", CallType::Webcall, Shape::Evening, 30.0, 150.0),
    stream("billing", CallType::Chat, Shape::Day, 40.0, 150.0),
    stream("sales", CallType::Webcall, Shape::Day, 20.0, 280.0),
    stream("sales", CallType::Outbound, Shape::Bursts { every: 90, lasts: 20 }, 160.0, 70.0),
    stream("survey", CallType::Outbound, Shape::Bursts { every: 60, lasts: 12 }, 240.0, 55.0),
];

const fn stream(
    agent: &'static str,
    call_type: CallType,
    shape: Shape,
    peak_per_hour: f64,
    median_talk_s: f64,
) -> Stream {
    Stream { agent, call_type, shape, peak_per_hour, median_talk_s }
}

/// The agents as they are to be created.
#[must_use]
pub fn agents() -> Vec<(String, AgentPut)> {
    AGENTS
        .into_iter()
        .map(|(id, name)| (id.to_owned(), AgentPut { name: name.into(), cap: None, pace: None }))
        .collect()
}

/// The gates of its outbound calls, as they are to be created where its time goes `speed` times faster: a carrier's trunk with a pace, and
/// a campaign with hours.
#[must_use]
pub fn gates(speed: u64) -> Vec<(String, GatePut)> {
    let hours = Hours {
        tz: "UTC".into(),
        // Half an hour without, so that the page shows that too.
        open: vec![OpenSpan { days: EVERY_DAY.into(), from: "00:00".into(), to: "23:30".into() }],
    };
    let gate = |name: &str, kind, cap, pace, hours| GatePut {
        name: name.into(),
        kind,
        cap: Some(cap),
        pace,
        paused: false,
        hours,
    };
    let per_minute = u32::try_from(STARTS_PER_MINUTE * speed).unwrap_or(u32::MAX);
    let pace = Pace { starts: per_minute.div_ceil(60), per_s: 1, burst: 1 };
    vec![
        (TRUNK.into(), gate("Trunk east", GateKind::Trunk, 6, Some(pace), None)),
        (CAMPAIGN.into(), gate("Autumn survey", GateKind::Campaign, 4, None, Some(hours))),
    ]
}

/// The gates that a call of an agent and type goes through.
pub(crate) fn gates_of(agent: &str, call_type: CallType) -> Vec<String> {
    match (agent, call_type) {
        ("survey", CallType::Outbound) => vec![TRUNK.into(), CAMPAIGN.into()],
        (_, CallType::Outbound) => vec![TRUNK.into()],
        (_, CallType::Webcall | CallType::Chat | CallType::Inbound) => Vec::new(),
    }
}

/// The reservations set in turn: support and billing lend each other a slot or two.
#[must_use]
pub fn reservations(turn: usize) -> Vec<Reservation> {
    let of = |agent: &str, webcall, chat, outbound, inbound| Reservation {
        agent: agent.into(),
        webcall,
        chat,
        outbound,
        inbound,
    };
    let (support_inbound, billing_chat) = [(4, 1), (3, 2), (5, 1)][turn % 3];
    vec![
        of("support", 0, 2, 0, support_inbound),
        of("booking", 1, 0, 0, 2),
        of("billing", 0, billing_chat, 0, 0),
        of("sales", 1, 0, 1, 0),
    ]
}

impl Shape {
    /// How busy it is at a moment (milliseconds since the epoch, UTC), from 0 to 1.
    fn at(self, at_ms: u64) -> f64 {
        let minute = at_ms / MS_PER_MINUTE;
        let hour = (at_ms % (24 * MS_PER_HOUR)) as f64 / MS_PER_HOUR as f64;
        let hill = |top: f64, width: f64| (-((hour - top) / width).powi(2)).exp();
        match self {
            Self::Day => (0.06 + hill(10.5, 2.2) + 0.9 * hill(15.0, 2.4)).min(1.0),
            Self::Evening => (0.08 + 0.5 * hill(12.0, 3.0) + 0.9 * hill(19.5, 2.2)).min(1.0),
            Self::Bursts { every, lasts } => {
                let is_on = (9.0..18.0).contains(&hour) && minute % every < lasts;
                if is_on { 1.0 } else { 0.0 }
            }
        }
    }
}

/// All callers, earliest first, without end.
#[derive(Debug)]
pub struct Callers {
    random: fastrand::Rng,
    at_ms: f64,
}

impl Callers {
    /// Those who call after a moment, in milliseconds since the epoch. The same seed gives the same callers.
    #[must_use]
    pub fn after(at_ms: u64, seed: u64) -> Self {
        Self { random: fastrand::Rng::with_seed(seed), at_ms: at_ms as f64 }
    }

    /// A number from 0 to 1, and not 0.
    fn chance(&mut self) -> f64 {
        1.0 - self.random.f64()
    }

    /// A normally distributed number (Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958).
    fn normal(&mut self) -> f64 {
        let (a, b) = (self.chance(), self.chance());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }

    fn talk_ms(&mut self, median_talk_s: f64) -> f64 {
        let (one_in, longer) = LONG_TALK;
        let factor = if self.random.u32(0..one_in) == 0 { longer } else { 1.0 };
        1_000.0 * factor * median_talk_s * (TALK_SPREAD * self.normal()).exp()
    }
}

impl Iterator for Callers {
    type Item = Caller;

    /// All streams together at their peaks make candidates; each is kept as likely as its stream is busy (thinning: Lewis
    /// and Shedler, "Simulation of Nonhomogeneous Poisson Processes by Thinning", 1979).
    fn next(&mut self) -> Option<Caller> {
        let peak_per_hour: f64 = STREAMS.iter().map(|stream| stream.peak_per_hour).sum();
        loop {
            self.at_ms -= self.chance().ln() * MS_PER_HOUR as f64 / peak_per_hour;
            let at_ms = whole(self.at_ms);
            let mut chosen = self.random.f64() * peak_per_hour;
            for stream in &STREAMS {
                chosen -= stream.peak_per_hour;
                if chosen >= 0.0 {
                    continue;
                }
                if self.random.f64() >= stream.shape.at(at_ms) {
                    break;
                }
                return Some(Caller {
                    at: callslot_api::Time(at_ms),
                    agent: stream.agent.into(),
                    call_type: stream.call_type,
                    patience_ms: whole(-self.chance().ln() * MEAN_PATIENCE_MS),
                    talk_ms: whole(self.talk_ms(stream.median_talk_s)),
                });
            }
        }
    }
}

/// A time in whole milliseconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "times are positive and far below 2^53"
)]
fn whole(ms: f64) -> u64 {
    ms as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Midnight of a day.
    const MIDNIGHT: u64 = 20_000 * 24 * MS_PER_HOUR;

    fn day(seed: u64) -> Vec<Caller> {
        Callers::after(MIDNIGHT, seed)
            .take_while(|caller| caller.at.0 < MIDNIGHT + 24 * MS_PER_HOUR)
            .collect()
    }

    fn between(callers: &[Caller], from: u64, to: u64) -> usize {
        let hours = (MIDNIGHT + from * MS_PER_HOUR)..(MIDNIGHT + to * MS_PER_HOUR);
        callers.iter().filter(|caller| hours.contains(&caller.at.0)).count()
    }

    #[test]
    fn the_morning_is_busy_and_the_night_is_quiet() {
        let callers = day(1);
        let (night, morning) = (between(&callers, 2, 5), between(&callers, 9, 12));
        assert!(night > 10 && morning > 8 * night, "{night} at night, {morning} in the morning");
        assert!(callers.is_sorted_by_key(|caller| caller.at));
    }

    #[test]
    fn at_the_peak_there_are_more_calls_than_slots_and_over_the_day_there_are_fewer() {
        let callers = day(2);
        let talking = |at: u64| {
            let is_on =
                |caller: &&Caller| (caller.at.0..caller.at.0 + caller.talk_ms).contains(&at);
            callers.iter().filter(is_on).count()
        };
        let minutes: Vec<usize> =
            (0..1_440).map(|minute| talking(MIDNIGHT + minute * MS_PER_MINUTE)).collect();
        let most = minutes.iter().max().copied().unwrap_or_default();
        let mean = minutes.iter().sum::<usize>() / minutes.len();
        assert!((21..80).contains(&most), "{most} at the peak");
        assert!((3..16).contains(&mean), "{mean} on average");
    }

    #[test]
    fn a_seed_gives_the_same_callers_every_time() {
        let first = |seed| day(seed).iter().map(|caller| caller.at).take(50).collect::<Vec<_>>();
        assert_eq!(first(3), first(3));
        assert_ne!(first(3), first(4));
    }

    #[test]
    fn every_reservation_fits_and_is_of_an_agent_that_is_there() {
        for turn in 0..6 {
            let reserved = reservations(turn);
            let sum: u32 =
                reserved.iter().map(|it| it.webcall + it.chat + it.outbound + it.inbound).sum();
            assert!(sum < 20, "{sum}");
            assert!(reserved.iter().all(|it| AGENTS.iter().any(|(id, _)| *id == it.agent)));
        }
    }
}
