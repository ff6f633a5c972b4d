//! `callslot status`: the pool and the queue on a screen.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use callslot_api::{Alert, Call, ClassUse, Client, ClientError, Pool, PoolAgent};
use clap::Args;

use crate::commands::watch::alert;
use crate::failure::Failure;
use crate::output::{Printed, headline, or_dash, print_json, span, table, type_caps, why, word};
use crate::remote::Remote;
use crate::watch;

/// Width of the pool bar, in characters.
const BAR_WIDTH: u64 = 60;
/// Reserved slots in use and idle, shared slots in use and free: their signs, in the colours of `callslot top`.
const SLOTS: [(char, Style); 4] = [
    ('#', AnsiColor::Green.on_default()),
    ('-', AnsiColor::Green.on_default().dimmed()),
    ('=', AnsiColor::Cyan.on_default()),
    ('.', Style::new().dimmed()),
];
const BOLD: Style = Style::new().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const ALARM: Style = AnsiColor::Red.on_default().bold();
/// What stands in place of the alerts that are open.
const UNREAD_ALERTS: &str = "\nalerts: not shown, as only an admin's key may read them\n";
/// How many queued calls are shown.
const SHOWN_QUEUED: &str = "10";

/// Shows the pool, its agents by type, and the queue.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot status\n  callslot status --watch\n  callslot status --json | jq .active\n\n\
    Under a type an agent has active/reserved calls, and +queued ones."
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
        let client = self.remote.client()?;
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
        let alerts = open(alerts.as_deref());
        Ok(watch::show(self.watch, &(drawn(&pool, &queued.items) + &alerts)))
    }
}

/// The first page of alerts: empty if the server is one that has none, and None if the key may not read them.
fn alerts_of(client: &Client) -> Result<Option<Vec<Alert>>, ClientError> {
    match client.alerts(None) {
        Ok(page) => Ok(Some(page.items)),
        Err(ClientError::Problem(problem)) if problem.code == "unknown_route" => {
            Ok(Some(Vec::new()))
        }
        Err(ClientError::Problem(problem)) if problem.code == "forbidden" => Ok(None),
        Err(error) => Err(error),
    }
}

/// The alerts that are open, a line each; or that they are not known.
fn open(alerts: Option<&[Alert]>) -> String {
    let Some(alerts) = alerts else { return UNREAD_ALERTS.to_owned() };
    let open = alerts.iter().filter(|alert| alert.open.is_some());
    let lines: String = open.map(|alert| styled(ALARM, &alert::line(alert)) + "\n").collect();
    if lines.is_empty() { lines } else { format!("\n{lines}") }
}

fn drawn(pool: &Pool, queue: &[Call]) -> String {
    let mut text = String::new();
    let waiting = match pool.oldest_wait_ms {
        Some(oldest) => format!(" · {} waiting, longest {}", pool.queued, span(oldest)),
        None => String::new(),
    };
    // Writing to a string does not fail.
    let _ = writeln!(text, "{} · plan {}", pool.org, pool.plan);
    let _ = writeln!(text, "{}", styled(BOLD, &(headline(pool) + &waiting)));
    let _ = writeln!(text, "[{}]", bar(pool));
    let _ = writeln!(text, "{}", legend(pool));
    let caps = type_caps(pool);
    if !caps.is_empty() {
        let _ = writeln!(text, "caps of types: {}", caps.join(", "));
    }
    if pool.settling > 0 {
        let settling = format!(
            "settling: {} more calls must end before shared slots are given out again",
            pool.settling
        );
        let _ = writeln!(text, "{}", styled(WARNING, &settling));
    }
    let used = |agent: &&PoolAgent| agent.reserved + agent.active + agent.queued > 0;
    if pool.agents.iter().any(|agent| used(&agent)) {
        let _ = write!(text, "\n{}", headed(&matrix(pool.agents.iter().filter(used))));
    }
    if !queue.is_empty() {
        let _ = write!(text, "\n{}", headed(&line_of(queue)));
        let left_out = u64::from(pool.queued).saturating_sub(queue.len() as u64);
        if left_out > 0 {
            let _ = writeln!(
                text,
                "{left_out} more wait; `callslot call list --state queued` lists them"
            );
        }
    }
    text
}

/// A text in a style. What prints it takes the style out where there are no colours.
fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A table with a bold heading.
fn headed(rows: &[Vec<String>]) -> String {
    let text = table(rows);
    let (heading, rest) = text.split_once('\n').unwrap_or((&text, ""));
    format!("{}\n{rest}", styled(BOLD, heading))
}

/// Agents with what they use of each type.
fn matrix<'a>(agents: impl Iterator<Item = &'a PoolAgent>) -> Vec<Vec<String>> {
    let heading =
        ["agent", "reserved", "active", "queued", "cap", "webcall", "chat", "outbound", "inbound"];
    let row = |agent: &PoolAgent| {
        let types = &agent.types;
        vec![
            agent.id.clone(),
            agent.reserved.to_string(),
            agent.active.to_string(),
            agent.queued.to_string(),
            or_dash(agent.cap),
            class(types.webcall),
            class(types.chat),
            class(types.outbound),
            class(types.inbound),
        ]
    };
    std::iter::once(heading.map(str::to_owned).to_vec()).chain(agents.map(row)).collect()
}

/// Active of reserved, and the queued ones: `3/3+2`.
fn class(class: ClassUse) -> String {
    let ClassUse { reserved, active, queued, .. } = class;
    match (reserved + active, queued) {
        (0, 0) => "-".to_owned(),
        (_, 0) => format!("{active}/{reserved}"),
        (_, queued) => format!("{active}/{reserved}+{queued}"),
    }
}

/// The first of those who wait.
fn line_of(queue: &[Call]) -> Vec<Vec<String>> {
    let heading = ["pos", "call", "agent", "type", "expected in", "why"];
    let row = |call: &Call| {
        vec![
            or_dash(call.position),
            call.id.clone(),
            call.agent.clone(),
            word(&call.call_type),
            or_dash(call.estimated_wait_ms.map(span)),
            call.blocked_on.map_or("", why).to_owned(),
        ]
    };
    std::iter::once(heading.map(str::to_owned).to_vec()).chain(queue.iter().map(row)).collect()
}

/// Reserved slots in use and idle, shared slots in use and free.
fn parts(pool: &Pool) -> [u64; 4] {
    let reserved_in_use = u64::from(pool.active.saturating_sub(pool.shared.in_use));
    [
        reserved_in_use,
        u64::from(pool.reserved).saturating_sub(reserved_in_use),
        u64::from(pool.shared.in_use),
        u64::from(pool.shared.free),
    ]
}

/// What the signs of the bar mean, with their numbers.
fn legend(pool: &Pool) -> String {
    let [in_use, idle, shared, free] = parts(pool);
    let [used, kept, taken, left] = SLOTS.map(|(sign, style)| styled(style, &sign.to_string()));
    format!(
        "reserved {used} {in_use} in use  {kept} {idle} idle   shared {taken} {shared} in use  {left} {free} free"
    )
}

/// The slots in a row.
fn bar(pool: &Pool) -> String {
    let parts = parts(pool);
    let total: u64 = parts.iter().sum();
    let width = |slots: u64| {
        let scaled =
            if total > BAR_WIDTH { (slots * BAR_WIDTH).div_ceil(total.max(1)) } else { slots };
        usize::try_from(scaled).unwrap_or_default()
    };
    let part = |((sign, style), slots): ((char, Style), u64)| {
        styled(style, &sign.to_string().repeat(width(slots)))
    };
    SLOTS.into_iter().zip(parts).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anstream::adapter::strip_str;
    use callslot_api::{PoolTypes, Shared, TypeCaps, TypePaces};

    fn pool() -> Pool {
        let chat =
            ClassUse { reserved: 4, active: 5, reserved_in_use: 3, shared_in_use: 2, queued: 1 };
        let none =
            ClassUse { reserved: 0, active: 0, reserved_in_use: 0, shared_in_use: 0, queued: 0 };
        let agent = PoolAgent {
            id: "support".into(),
            name: "Support".into(),
            cap: Some(8),
            pace: None,
            reserved: 4,
            active: 5,
            queued: 1,
            types: PoolTypes { webcall: none, chat, outbound: none, inbound: none },
        };
        Pool {
            org: "o".into(),
            plan: "standard".into(),
            limit: 10,
            reserved: 4,
            shared: Shared { size: 6, in_use: 2, free: 4 },
            active: 5,
            queued: 1,
            oldest_wait_ms: Some(192_000),
            settling: 0,
            version: 0,
            as_of: 0,
            type_caps: TypeCaps::default(),
            type_paces: TypePaces::default(),
            agents: vec![agent],
        }
    }

    #[test]
    fn alerts_that_the_key_may_not_read_are_said_to_be_missing_and_none_is_no_line() {
        assert_eq!(open(Some(&[])), "");
        assert!(open(None).contains("only an admin's key"));
    }

    #[test]
    fn the_screen_has_a_legend_and_the_matrix_and_calls_no_idle_slot_free() {
        let screen = "\
o · plan standard
5 of 10 in use · 4 free · 1 reserved and idle · 1 waiting, longest 3m12s
[###-==....]
reserved # 3 in use  - 1 idle   shared = 2 in use  . 4 free

agent    reserved  active  queued  cap  webcall  chat   outbound  inbound
support  4         5       1       8    -        5/4+1  -         -
";
        let coloured = drawn(&pool(), &[]);
        assert_eq!(strip_str(&coloured).to_string(), screen);
        assert!(coloured.contains("\u{1b}[32m###\u{1b}[0m"), "{coloured:?}");
    }

    #[test]
    fn a_wide_pool_fits_its_bar() {
        let mut wide = pool();
        wide.limit = 1_000;
        wide.shared.free = 994;
        assert!(strip_str(&bar(&wide)).to_string().len() <= 64);
    }
}
