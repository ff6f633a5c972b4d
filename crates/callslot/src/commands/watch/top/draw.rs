//! The screen: its layout, and the lines at the top and bottom. Pure: a state in, cells out.
//!
//! The pool is in `draw/pool.rs`, the lists in `draw/tables.rs`, help and questions in `draw/dialogs.rs`. Everything a
//! colour shows is also shown in words or signs.

mod dialogs;
mod gates;
mod pool;
mod tables;
mod text;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::lists::Focus;
use super::sorting::AgentFilter;
use super::state::{Mode, State};
use super::theme::Theme;
use super::time::{span, time_of_day};
use crate::commands::watch::top::draw::text::{fitted, put};
use crate::output::word;

/// The smallest screen that shows anything worth reading.
const SMALLEST: (u16, u16) = (40, 8);
/// The keys in the last line, the most useful first: as many as fit.
const KEYS: [&str; 10] = [
    "q quit",
    "? help",
    "Tab list",
    "/ agent",
    "t type",
    "s sort",
    "a active",
    "e end",
    "p pause",
    "Enter only this agent",
];

pub fn draw(state: &State, theme: Theme, frame: &mut Frame) {
    let area = frame.area();
    let buffer = frame.buffer_mut();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        put(buffer, area, &format!("at least {}x{}; q quits", SMALLEST.0, SMALLEST.1).into());
        return;
    }
    let places = Places::of(state, area);
    put(buffer, places.title, &title(state, theme, area.width));
    put(buffer, places.headline, &pool::headline(&state.shown().reading.pool, theme));
    put(buffer, places.bar, &pool::bar(&state.shown().reading.pool, theme, area.width));
    put(buffer, places.legend, &pool::legend(&state.shown().reading.pool, theme));
    put(buffer, places.note, &note(state, theme));
    tables::agents(state, theme, places.agents, buffer);
    gates::gates(state, theme, places.gates, buffer);
    tables::calls(state, places.calls, buffer);
    tables::happenings(state, places.happenings, buffer);
    put(buffer, places.last, &last_line(state, theme, area.width));
    if state.connection.stale_since_ms(state.now_ms).is_some() {
        // All but the line that says so, and the keys.
        let above = places.headline.union(places.legend);
        let below = places.agents.union(places.happenings);
        buffer.set_style(above, Theme::STALE);
        buffer.set_style(below, Theme::STALE);
    }
    dialogs::draw(state, area, buffer);
    theme.finish(buffer);
}

/// The layout.
struct Places {
    title: Rect,
    headline: Rect,
    bar: Rect,
    legend: Rect,
    note: Rect,
    agents: Rect,
    gates: Rect,
    calls: Rect,
    happenings: Rect,
    last: Rect,
}

impl Places {
    /// On a low screen the gates go first, then the legend, then the events, then the list that has not the focus.
    fn of(state: &State, area: Rect) -> Self {
        let mut top = area.y;
        let mut take = |height: u16| {
            let taken = Rect { y: top, height, ..area };
            top += height;
            taken
        };
        let title = take(1);
        let headline = take(1);
        let bar = take(1);
        let legend = take(u16::from(area.height >= 14));
        let note = take(1);
        let left = area.height - (4 + legend.height + 1);
        let happenings_height = match left {
            0..12 => 0,
            12..24 => 4,
            _ => 7,
        };
        // A heading and at most four; a line for each list and its heading is left.
        let gates_listed = u16::try_from(state.shown().reading.gates.len()).unwrap_or(u16::MAX);
        let gates_height = match left {
            0..17 => 0,
            _ if gates_listed == 0 => 0,
            _ => 1 + gates_listed.min(4),
        };
        let lists = left - happenings_height - gates_height;
        let agents_listed =
            u16::try_from(state.shown().agents(&state.view).len()).unwrap_or(u16::MAX);
        let agents_height = match state.view.focus {
            Focus::Agents if lists < 6 => lists,
            Focus::Calls if lists < 6 => 0,
            // Two fifths, or less when there are fewer; a heading each.
            Focus::Agents | Focus::Calls => 1 + agents_listed.clamp(1, (lists - 2) * 2 / 5),
        };
        let agents = take(agents_height);
        let gates = take(gates_height);
        let calls = take(lists - agents_height);
        let happenings = take(happenings_height);
        let last = take(1);
        Self { title, headline, bar, legend, note, agents, gates, calls, happenings, last }
    }
}

/// The organisation, its plan, and how fresh the view is.
fn title(state: &State, theme: Theme, width: u16) -> Line<'static> {
    let pool = &state.shown().reading.pool;
    let freshness = if state.connection.stale_since_ms(state.now_ms).is_some() {
        Span::styled("STALE", theme.warning())
    } else if state.pause.is_some() {
        Span::styled("PAUSED", theme.warning())
    } else {
        Span::styled("live", theme.good())
    };
    let time = format!("  {} UTC", time_of_day(state.shown_at()));
    let room = usize::from(width).saturating_sub(freshness.content.len() + time.len() + 1);
    let left = fitted(&format!("{} · plan {}", pool.org, pool.plan), room);
    let gap = " ".repeat(room - left.chars().count() + 1);
    Line::from(vec![Span::styled(left, Theme::BOLD), gap.into(), freshness, time.into()])
}

/// The most important note.
fn note(state: &State, theme: Theme) -> Line<'static> {
    if let Some(since_ms) = state.connection.stale_since_ms(state.now_ms) {
        let (why, again_ms) = state.connection.why_stale();
        let again = match again_ms.map(|again_ms| again_ms.saturating_sub(state.now_ms)) {
            Some(pause_ms) if pause_ms > 0 => format!("retry in {}", span(pause_ms + 999)),
            Some(_) | None => "retrying".into(),
        };
        let for_ms = span(state.now_ms.saturating_sub(since_ms));
        let since = time_of_day(state.clock.at(since_ms));
        let text = format!("! stale for {for_ms}, since {since}; {again}: {why}");
        return Line::styled(text, theme.warning());
    }
    if let Some(pause) = &state.pause {
        let since = span(state.now_ms - pause.since_ms);
        return Line::styled(format!("paused for {since}; p resumes"), theme.warning());
    }
    pool::note(state.shown(), theme)
}

/// The filter being typed, a message, or the keys.
fn last_line(state: &State, theme: Theme, width: u16) -> Line<'static> {
    if matches!(state.mode, Mode::Filter(_)) {
        let text = state.view.agent_filter.text();
        let prompt = format!("agents with: {text}_   Enter applies it, Esc cancels");
        return Line::styled(prompt, Theme::BOLD);
    }
    if let Some(sentence) = state.sentence() {
        return Line::styled(sentence.to_owned(), Theme::BOLD);
    }
    let filter = filter_words(state);
    let mut line = Line::default();
    if !filter.is_empty() {
        line.push_span(Span::styled(format!("only {filter} (Esc: all)  "), theme.warning()));
    }
    for keys in KEYS {
        let gap = if line.spans.is_empty() { "" } else { "  " };
        if line.width() + gap.len() + keys.len() > usize::from(width) {
            break;
        }
        line.push_span(Span::raw(gap));
        let (key, what) = keys.split_once(' ').unwrap_or((keys, ""));
        line.push_span(Span::styled(key, Theme::BOLD));
        line.push_span(Span::styled(format!(" {what}"), Theme::QUIET));
    }
    line
}

/// The filters in words; empty when there are none.
fn filter_words(state: &State) -> String {
    let agents = match &state.view.agent_filter {
        AgentFilter::All => None,
        AgentFilter::Like(text) => Some(format!("agents with \"{text}\"")),
        AgentFilter::Only(id) => Some(format!("agent {id}")),
    };
    let call_type = state.view.call_type.map(|call_type| word(&call_type));
    agents.into_iter().chain(call_type).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
