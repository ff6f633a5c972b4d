//! The pool: a sentence, a bar, and a note when something is out of the ordinary.

use callslot_api::{BlockedOn, Call, Pool};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::commands::watch::top::lists::Shown;
use crate::commands::watch::top::theme::Theme;
use crate::commands::watch::top::time::span;
use crate::output::type_caps;

/// The widest that one slot is drawn.
const MOST_PER_SLOT: u64 = 4;

/// A part of the bar.
struct Part {
    sign: &'static str,
    slots: u64,
    style: Style,
}

/// How full it is and who waits.
pub fn headline(pool: &Pool, theme: Theme) -> Line<'static> {
    let mut line =
        Line::from(Span::styled(format!("{} · ", crate::output::headline(pool)), Theme::BOLD));
    line.push_span(match pool.oldest_wait_ms {
        Some(oldest_ms) => Span::styled(
            format!("{} waiting, longest {}", pool.queued, span(oldest_ms)),
            theme.warning(),
        ),
        None => Span::styled("nobody waits", Theme::BOLD),
    });
    line
}

/// All slots, reserved ones first. Those beyond the limit, while settling, come last.
pub fn bar(pool: &Pool, theme: Theme, width: u16) -> Line<'static> {
    let parts = parts(pool, theme);
    let total: u64 = parts.iter().map(|part| part.slots).sum();
    let width = u64::from(width);
    let per_slot = (width / total.max(1)).min(MOST_PER_SLOT);
    if per_slot >= 2 {
        // Few enough to be counted: a gap after each.
        let spans = parts.iter().map(|part| {
            let slot = format!("{} ", part.sign.repeat(times(per_slot - 1)));
            Span::styled(slot.repeat(times(part.slots)), part.style)
        });
        return Line::from(spans.collect::<Vec<_>>());
    }
    let slots: Vec<u64> = parts.iter().map(|part| part.slots).collect();
    let spans = parts.iter().zip(shares(&slots, width.min(total.max(1)).max(width / 2)));
    let spans = spans.map(|(part, cells)| Span::styled(part.sign.repeat(times(cells)), part.style));
    Line::from(spans.collect::<Vec<_>>())
}

/// The legend of the bar, with numbers.
pub fn legend(pool: &Pool, theme: Theme) -> Line<'static> {
    let [in_use, idle, shared, free, over] = parts(pool, theme);
    let mut spans: Vec<Span> = vec!["reserved ".into()];
    let mut tell = |part: &Part, what: &str| {
        spans.push(Span::styled(part.sign, part.style));
        spans.push(Span::raw(format!(" {} {what}", part.slots)));
    };
    tell(&in_use, "in use  ");
    tell(&idle, "idle   shared ");
    tell(&shared, "in use  ");
    tell(&free, "free");
    if over.slots > 0 {
        tell(&Part { sign: "   !", ..over }, "settling");
    }
    let caps = type_caps(pool);
    if !caps.is_empty() {
        spans.push(Span::raw(format!("   caps {}", caps.join(", "))));
    }
    Line::from(spans)
}

/// A note when something is out of the ordinary: settling, or no free slots.
pub fn note(shown: &Shown, theme: Theme) -> Line<'static> {
    let pool = &shown.reading.pool;
    let blocked_on_caps =
        |call: &Call| matches!(call.blocked_on, Some(BlockedOn::AgentCap | BlockedOn::TypeCap));
    let text = if pool.settling > 0 {
        let calls = if pool.settling == 1 { "call" } else { "calls" };
        format!(
            "! settling: {} more {calls} must end before shared slots are given out again",
            pool.settling
        )
    } else if pool.active >= pool.limit {
        format!("! full: all {} slots are in use; a higher limit takes more calls", pool.limit)
    } else if pool.shared.size == 0 {
        "! no shared slots: only calls with a reserved slot of their own start".into()
    } else if pool.shared.free == 0 {
        "! shared pool full: only calls with a reserved slot of their own start now".into()
    } else if shown.reading.calls.iter().any(blocked_on_caps) {
        "! slots are free; calls wait for the caps of their agents or types".into()
    } else {
        return Line::default();
    };
    let is_felt = pool.settling > 0 || pool.queued > 0;
    Line::styled(text, if is_felt { theme.warning() } else { Theme::QUIET })
}

/// Reserved slots in use and idle, shared slots in use and free, and those in use or promised beyond the limit.
fn parts(pool: &Pool, theme: Theme) -> [Part; 5] {
    let shared_in_use = u64::from(pool.shared.in_use);
    let reserved_in_use = u64::from(pool.active).saturating_sub(shared_in_use);
    let over = u64::from(pool.settling).min(shared_in_use);
    [
        Part { sign: "█", slots: reserved_in_use, style: theme.reserved() },
        Part {
            sign: "░",
            slots: u64::from(pool.reserved).saturating_sub(reserved_in_use),
            style: theme.reserved(),
        },
        Part { sign: "▒", slots: shared_in_use - over, style: theme.shared() },
        Part { sign: "·", slots: u64::from(pool.shared.free), style: Theme::QUIET },
        Part { sign: "!", slots: over, style: theme.over() },
    ]
}

/// Cells for each number of slots, together `cells`: to each the whole cells due to it, then one each to those that lack most
/// (the largest remainders). A part that is there at all gets a cell.
fn shares(slots: &[u64], cells: u64) -> Vec<u64> {
    let total = slots.iter().sum::<u64>().max(1);
    let least = |slots: u64| u64::from(slots > 0);
    let mut shares: Vec<u64> =
        slots.iter().map(|&slots| (slots * cells / total).max(least(slots))).collect();
    while shares.iter().sum::<u64>() < cells {
        let lacks =
            |place: &usize| i128::from(slots[*place] * cells) - i128::from(shares[*place] * total);
        let Some(most) = (0..slots.len()).filter(|&place| slots[place] > 0).max_by_key(lacks)
        else {
            break;
        };
        shares[most] += 1;
    }
    while shares.iter().sum::<u64>() > cells {
        let Some(widest) = (0..slots.len()).max_by_key(|&place| shares[place]) else { break };
        shares[widest] -= 1;
    }
    shares
}

fn times(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_full_and_shows_every_part_that_is_there() {
        assert_eq!(shares(&[50, 25, 20, 5], 80), [40, 20, 16, 4]);
        assert_eq!(shares(&[999_998, 1, 1, 0], 80), [78, 1, 1, 0]);
        assert_eq!(shares(&[1, 1, 1, 0], 80).iter().sum::<u64>(), 80);
        assert_eq!(shares(&[0, 0, 0, 0], 80), [0, 0, 0, 0]);
    }
}
