//! The gates: what goes through them, and what holds them now.

use callslot_api::Gate;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::tables::{left, line, put_heading, put_lines, right};
use crate::commands::settings::gate::state as state_of;
use crate::commands::watch::top::draw::text::in_five;
use crate::commands::watch::top::state::State;
use crate::commands::watch::top::theme::Theme;
use crate::notation::pace;

/// The widest that the column of ids gets.
const WIDEST_ID: usize = 30;
/// Active of the cap, queued.
const NUMBERS: usize = 12 + 8;

/// A heading, and a line for each gate, those with most waiting calls first.
pub fn gates(state: &State, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let shown = state.shown();
    let gates = shown.gates();
    if area.height == 0 {
        return;
    }
    let room = usize::from(area.width).saturating_sub(2 + NUMBERS);
    let id = (room / 2).min(WIDEST_ID);
    let more = if shown.reading.has_more_gates { "+" } else { "" };
    let heading = vec![
        left(format!("gates {}{more}", gates.len()), id),
        right("active", 12),
        right("queued", 8),
        left("  now", room - id),
    ];
    put_heading(buffer, area, heading, Theme::OTHER_HEADING);
    put_lines(buffer, area, &gates, None, |gate, marker| {
        let (words, is_held) = now(gate);
        let warned = |is_it| if is_it { theme.warning() } else { Style::new() };
        line_of(gate, marker, (id, room), (&words, warned(is_held)), warned(gate.queued > 0))
    });
}

fn line_of(
    gate: &Gate,
    marker: &'static str,
    (id, room): (usize, usize),
    (words, held): (&str, Style),
    queued: Style,
) -> Line<'static> {
    let cap = gate.settings.cap.map(|cap| format!("/{}", in_five(cap))).unwrap_or_default();
    line(
        marker,
        vec![
            left(&gate.id, id),
            right(format!("{}{cap}", in_five(gate.active)), 12),
            right(in_five(gate.queued), 8).styled(queued),
            left(format!("  {words}"), room - id).styled(held),
        ],
    )
}

/// What the gate does now, in words, and whether it holds calls for longer than its pace does.
fn now(gate: &Gate) -> (String, bool) {
    let settings = &gate.settings;
    if settings.paused || !gate.within_hours {
        return (state_of(gate), true);
    }
    if settings.cap.is_some_and(|cap| gate.active >= cap) {
        return ("full".into(), true);
    }
    let paced = settings.pace.as_ref().map(|it| format!(", {}", pace::shown(it)));
    (format!("{}{}", state_of(gate), paced.unwrap_or_default()), false)
}
