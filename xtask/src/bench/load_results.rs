//! The measurements of a load: the numbers of its JSON that the bench shows, and the median of several rounds.

/// The measurements of one round of a load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Calls started and ended.
    pub pairs_per_s: f64,
    /// How long half of the starts took at most, in microseconds.
    pub start_p50_us: u64,
    /// How long 99 of 100 took at most.
    pub start_p99_us: u64,
}

impl Measured {
    /// Reads the output of `callslot bench --json` and of the loads of the peers.
    pub fn read(json: &str) -> Result<Self, String> {
        let number = |path: &[&str]| {
            number(json, path)
                .ok_or_else(|| format!("a load printed no {}: {json}", path.join(".")))
        };
        Ok(Self {
            pairs_per_s: number(&["pairs_per_s"])?,
            start_p50_us: whole(number(&["start_us", "p50"])?),
            start_p99_us: whole(number(&["start_us", "p99"])?),
        })
    }
}

/// Several rounds of the same load.
#[derive(Debug, Clone, Default)]
pub struct Rounds(Vec<Measured>);

impl Rounds {
    /// One more.
    pub fn add(&mut self, measured: Measured) {
        self.0.push(measured);
    }

    /// The median of each figure. There must be a round.
    pub fn median(&self) -> Measured {
        Measured {
            pairs_per_s: middle(self.0.iter().map(|round| round.pairs_per_s), f64::total_cmp),
            start_p50_us: middle(self.0.iter().map(|round| round.start_p50_us), u64::cmp),
            start_p99_us: middle(self.0.iter().map(|round| round.start_p99_us), u64::cmp),
        }
    }

    /// In each round, how many times as many pairs a second as in the same round of another load: the least, the median and the most.
    /// Both must have as many rounds.
    pub fn times(&self, other: &Self) -> [f64; 3] {
        let pairs = self.0.iter().zip(&other.0);
        let mut times: Vec<_> =
            pairs.map(|(one, other)| one.pairs_per_s / other.pairs_per_s).collect();
        times.sort_unstable_by(f64::total_cmp);
        [times[0], times[times.len() / 2], times[times.len() - 1]]
    }

    /// The least and the most pairs a second.
    pub fn range(&self) -> (f64, f64) {
        let rates = || self.0.iter().map(|round| round.pairs_per_s);
        (rates().fold(f64::INFINITY, f64::min), rates().fold(0.0, f64::max))
    }
}

fn middle<T: Copy>(all: impl Iterator<Item = T>, by: fn(&T, &T) -> std::cmp::Ordering) -> T {
    let mut all: Vec<_> = all.collect();
    all.sort_unstable_by(by);
    all[all.len() / 2]
}

/// The number after these names, one within the other, in JSON in which no text holds a name.
fn number(json: &str, path: &[&str]) -> Option<f64> {
    let rest = path.iter().try_fold(json, |rest, name| {
        let (_, value) = rest.split_once(&format!("\"{name}\":"))?;
        Some(value)
    })?;
    rest.split([',', '}']).next()?.trim().parse().ok()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "microseconds of a load"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"{"door":"x","pairs_per_s": 1500.5,
        "start_us":{"min":1,"p50":20,"p99":300},"end_us":{"p50":4,"p99":5}}"#;

    #[test]
    fn a_report_is_read_and_one_without_its_numbers_is_refused() {
        let measured = Measured::read(REPORT).expect("a report");
        assert_eq!(measured, Measured { pairs_per_s: 1500.5, start_p50_us: 20, start_p99_us: 300 });
        assert!(Measured::read(r#"{"pairs_per_s":1}"#).is_err());
    }

    #[test]
    fn of_several_rounds_the_middle_counts() {
        let mut rounds = Rounds::default();
        for (pairs_per_s, start_p50_us, start_p99_us) in [(3.0, 1, 9), (1.0, 3, 8), (2.0, 2, 7)] {
            rounds.add(Measured { pairs_per_s, start_p50_us, start_p99_us });
        }
        let middle = Measured { pairs_per_s: 2.0, start_p50_us: 2, start_p99_us: 8 };
        assert_eq!(rounds.median(), middle);
        assert_eq!(rounds.range(), (1.0, 3.0));
        let mut other = Rounds::default();
        for pairs_per_s in [1.0, 1.0, 4.0] {
            other.add(Measured { pairs_per_s, start_p50_us: 0, start_p99_us: 0 });
        }
        // Round by round, as each has its own noise.
        assert_eq!(rounds.times(&other).map(|times| format!("{times:.1}")), ["0.5", "1.0", "3.0"]);
    }
}
