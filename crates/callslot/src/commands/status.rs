//! `callslot status`: the pool and the queue on a screen.

use std::fmt::Write as _;

use callslot_api::{Alert, Call, Client, ClientError, Pool, PoolAgent};
use clap::Args;

use crate::commands::alert;
use crate::failure::Failure;
use crate::output::{Printed, print_json, type_caps, why, word};
use crate::remote::Remote;
use crate::watch;

/// Width of the pool bar, in characters.
const BAR_WIDTH: u64 = 60;
/// How many queued calls are shown.
const SHOWN_QUEUED: &str = "10";

/// Shows the pool and the queue.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot status\n  callslot status --watch\n  callslot status --json | jq .active"
)]
pub struct Status {
    #[command(flatten)]
    remote: Remote,
    /// Refresh every second until interrupted
    #[arg(long)]
    watch: bool,
}

impl Status {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client();
        watch::look(self.watch, || self.look(&client))
    }

    /// Prints how things stand.
    fn look(&self, client: &Client) -> Result<Printed, ClientError> {
        let pool = client.pool()?;
        if self.remote.json {
            return Ok(print_json(&pool));
        }
        let queued = client.calls(&[("state", "queued"), ("limit", SHOWN_QUEUED)])?;
        let alerts = alerts_of(client)?;
        Ok(watch::show(self.watch, &(drawn(&pool, &queued.items) + &open(&alerts))))
    }
}

/// The first page of alerts; none if the key may not read them, or the server is one that has none.
fn alerts_of(client: &Client) -> Result<Vec<Alert>, ClientError> {
    match client.alerts(None) {
        Ok(page) => Ok(page.items),
        Err(ClientError::Problem(problem))
            if matches!(problem.code.as_str(), "forbidden" | "unknown_route") =>
        {
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

/// The alerts that are open, a line each.
fn open(alerts: &[Alert]) -> String {
    let open = alerts.iter().filter(|alert| alert.open.is_some());
    let lines: String = open.map(|alert| alert::line(alert) + "\n").collect();
    if lines.is_empty() { lines } else { format!("\n{lines}") }
}

fn drawn(pool: &Pool, queue: &[Call]) -> String {
    let mut text = String::new();
    let free = pool.limit.saturating_sub(pool.active);
    let waiting = match pool.oldest_wait_ms {
        Some(oldest) => format!(" · {} waiting, longest {}", pool.queued, seconds(oldest)),
        None => String::new(),
    };
    let _ = writeln!(text, "{} · plan {}", pool.org, pool.plan);
    let _ = writeln!(text, "{} of {} in use · {free} free{waiting}", pool.active, pool.limit);
    let _ = writeln!(text, "[{}]", bar(pool));
    let _ = writeln!(
        text,
        "{} reserved · shared {} of {} in use",
        pool.reserved, pool.shared.in_use, pool.shared.size
    );
    let caps = type_caps(pool);
    if !caps.is_empty() {
        let _ = writeln!(text, "caps of types: {}", caps.join(", "));
    }
    if pool.settling > 0 {
        let _ = writeln!(
            text,
            "settling: {} more calls must end before shared slots are given out again",
            pool.settling
        );
    }
    let used = |agent: &&PoolAgent| agent.reserved + agent.active + agent.queued > 0;
    if pool.agents.iter().any(|agent| used(&agent)) {
        let _ = writeln!(
            text,
            "\n{:<24} {:>8} {:>8} {:>8} {:>6}",
            "agent", "reserved", "active", "queued", "cap"
        );
        for agent in pool.agents.iter().filter(used) {
            let cap = agent.cap.map_or_else(|| "-".into(), |cap| cap.to_string());
            let _ = writeln!(
                text,
                "{:<24} {:>8} {:>8} {:>8} {:>6}",
                agent.id, agent.reserved, agent.active, agent.queued, cap
            );
        }
    }
    if !queue.is_empty() {
        let _ = writeln!(text, "\n{:>4} {:<32} {:<16} {:<9} why", "pos", "call", "agent", "type");
        for call in queue {
            let _ = writeln!(
                text,
                "{:>4} {:<32} {:<16} {:<9} {}",
                call.position.unwrap_or_default(),
                call.id,
                call.agent,
                word(&call.call_type),
                call.blocked_on.map_or("", why)
            );
        }
    }
    text
}

/// Reserved slots in use `#`, idle `-`; shared slots in use `=`, free `.`.
fn bar(pool: &Pool) -> String {
    let reserved_in_use = u64::from(pool.active.saturating_sub(pool.shared.in_use));
    let parts = [
        ('#', reserved_in_use),
        ('-', u64::from(pool.reserved).saturating_sub(reserved_in_use)),
        ('=', u64::from(pool.shared.in_use)),
        ('.', u64::from(pool.shared.free)),
    ];
    let total: u64 = parts.iter().map(|(_, slots)| slots).sum();
    let width = |slots: u64| {
        let scaled =
            if total > BAR_WIDTH { (slots * BAR_WIDTH).div_ceil(total.max(1)) } else { slots };
        usize::try_from(scaled).unwrap_or_default()
    };
    parts.iter().map(|&(sign, slots)| sign.to_string().repeat(width(slots))).collect()
}

fn seconds(ms: u64) -> String {
    format!("{} s", ms / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use callslot_api::{Shared, TypeCaps, TypePaces};

    #[test]
    fn the_bar_shows_reserved_and_shared_slots_in_use_and_free() {
        let pool = Pool {
            org: "o".into(),
            plan: "standard".into(),
            limit: 10,
            reserved: 4,
            shared: Shared { size: 6, in_use: 2, free: 4 },
            active: 5,
            queued: 0,
            oldest_wait_ms: None,
            settling: 0,
            version: 0,
            as_of: 0,
            type_caps: TypeCaps::default(),
            type_paces: TypePaces::default(),
            agents: Vec::new(),
        };
        assert_eq!(bar(&pool), "###-==....");
    }
}
