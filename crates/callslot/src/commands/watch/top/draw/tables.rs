//! The lists: agents, queued or active calls, and what happened.

use callslot_api::{BlockedOn, Call, CallState, ClassUse, PoolAgent, Time};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::commands::watch::top::draw::text::{fitted, in_five, put};
use crate::commands::watch::top::lists::Focus;
use crate::commands::watch::top::sorting::{AgentOrder, CALL_TYPES, CallOrder, class};
use crate::commands::watch::top::state::State;
use crate::commands::watch::top::theme::Theme;
use crate::commands::watch::top::ticker::Happening;
use crate::commands::watch::top::time::{span, time_of_day};
use crate::output::{why, word};

/// The widest that a column of ids gets; beyond that the eye loses its line.
const WIDEST_ID: usize = 40;
/// The marker of the selected line, and as much room on the others.
const SELECTED: &str = "▸ ";
const NOT_SELECTED: &str = "  ";

/// Text in a column.
pub(super) struct Cell {
    text: String,
    width: usize,
    is_right: bool,
    style: Style,
}

/// Text at the left of its column.
pub(super) fn left(text: impl Into<String>, width: usize) -> Cell {
    Cell { text: text.into(), width, is_right: false, style: Style::new() }
}

/// Text at the right of its column.
pub(super) fn right(text: impl Into<String>, width: usize) -> Cell {
    Cell { text: text.into(), width, is_right: true, style: Style::new() }
}

impl Cell {
    pub(super) fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }

    fn span(self) -> Span<'static> {
        let text = fitted(&self.text, self.width);
        let padded = if self.is_right {
            format!("{text:>width$}", width = self.width)
        } else {
            format!("{text:<width$}", width = self.width)
        };
        Span::styled(padded, self.style)
    }
}

pub(super) fn line(marker: &'static str, cells: Vec<Cell>) -> Line<'static> {
    std::iter::once(Span::raw(marker)).chain(cells.into_iter().map(Cell::span)).collect()
}

/// A heading over the whole width.
pub(super) fn put_heading(buffer: &mut Buffer, area: Rect, cells: Vec<Cell>, style: Style) {
    let row = Rect { height: area.height.min(1), ..area };
    buffer.set_style(row, style);
    put(buffer, row, &line(NOT_SELECTED, cells).style(style));
}

/// Lines below a heading: those around the selected one.
pub(super) fn put_lines<T>(
    buffer: &mut Buffer,
    area: Rect,
    items: &[T],
    selected: Option<usize>,
    drawn: impl Fn(&T, &'static str) -> Line<'static>,
) {
    let rows = usize::from(area.height.saturating_sub(1));
    let middle = selected.unwrap_or(0).saturating_sub(rows / 2);
    let first = middle.min(items.len().saturating_sub(rows));
    let shown = items.iter().enumerate().skip(first).take(rows);
    for (row, (place, item)) in (area.y + 1..).zip(shown) {
        let is_selected = selected == Some(place);
        let line = drawn(item, if is_selected { SELECTED } else { NOT_SELECTED });
        let line = if is_selected { line.style(Theme::BOLD) } else { line };
        put(buffer, Rect { y: row, height: 1, ..area }, &line);
    }
}

/// The title of a column, in capitals when the list is ordered by it.
fn column_title(title: &str, is_ordered_by: bool) -> String {
    if is_ordered_by { title.to_uppercase() } else { title.to_owned() }
}

fn heading_style(state: &State, focus: Focus) -> Style {
    if state.view.focus == focus { Theme::HEADING } else { Theme::OTHER_HEADING }
}

/// Who holds what.
pub fn agents(state: &State, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let agents = state.shown().agents(&state.view);
    let columns = AgentColumns::of(area.width);
    let style = heading_style(state, Focus::Agents);
    put_heading(buffer, area, columns.heading(state, agents.len()), style);
    let selected = (state.view.focus == Focus::Agents).then(|| state.view.agent.place());
    put_lines(buffer, area, &agents, selected, |agent, marker| {
        line(marker, columns.cells(agent, theme))
    });
    if agents.is_empty() && area.height > 1 {
        let row = Rect { y: area.y + 1, height: 1, ..area };
        put(buffer, row, &Line::styled("  no agent has reservations or calls", Theme::QUIET));
    }
}

/// How wide the columns of agents are; 0 is left out.
struct AgentColumns {
    id: usize,
    cap: usize,
    class: usize,
}

impl AgentColumns {
    const NUMBERS: usize = 9 + 7 + 7;

    fn of(width: u16) -> Self {
        let room = usize::from(width).saturating_sub(NOT_SELECTED.len() + Self::NUMBERS);
        let (cap, class) = match width {
            110.. => (6, 14),
            78.. => (5, 9),
            72.. => (0, 9),
            _ => (0, 0),
        };
        Self { id: (room - cap - 4 * class).min(WIDEST_ID), cap, class }
    }

    fn heading(&self, state: &State, listed: usize) -> Vec<Cell> {
        let view = &state.view;
        let title = |title: &str, order: AgentOrder| column_title(title, view.agent_order == order);
        let all = state.shown().reading.pool.agents.len();
        let count =
            if view.is_everything() { listed.to_string() } else { format!("{listed} of {all}") };
        let mut cells = vec![
            left(format!("{} {count}", title("agents", AgentOrder::Id)), self.id),
            right(title("reserved", AgentOrder::Reserved), 9),
            right(title("active", AgentOrder::Active), 7),
            right(title("queued", AgentOrder::Queued), 7),
            right(if self.cap > 0 { "cap" } else { "" }, self.cap),
        ];
        if self.class > 0 {
            cells.extend(CALL_TYPES.map(|call_type| right(word(&call_type), self.class)));
        }
        cells
    }

    fn cells(&self, agent: &PoolAgent, theme: Theme) -> Vec<Cell> {
        let queued = if agent.queued > 0 { theme.warning() } else { Style::new() };
        let cap = agent.cap.map_or_else(|| "-".into(), in_five);
        let mut cells = vec![
            left(&agent.id, self.id),
            right(in_five(agent.reserved), 9),
            right(in_five(agent.active), 7),
            right(in_five(agent.queued), 7).styled(queued),
            right(if self.cap > 0 { &cap } else { "" }, self.cap),
        ];
        if self.class > 0 {
            cells.extend(
                CALL_TYPES.map(|call_type| self.class_cell(class(agent, call_type), theme)),
            );
        }
        cells
    }

    /// Active of reserved, and the queued ones: `3/3+2`.
    fn class_cell(&self, class: ClassUse, theme: Theme) -> Cell {
        let ClassUse { reserved, active, queued, .. } = class;
        if reserved + active + queued == 0 {
            return right("-", self.class).styled(Theme::QUIET);
        }
        let waiting = if queued > 0 { format!("+{}", in_five(queued)) } else { String::new() };
        let whole = format!("{}/{}{waiting}", in_five(active), in_five(reserved));
        // The total reservation has its own column.
        let text =
            if whole.len() < self.class { whole } else { format!("{}{waiting}", in_five(active)) };
        let style = if queued > 0 { theme.warning() } else { Style::new() };
        right(text, self.class).styled(style)
    }
}

/// Who waits and why, or who holds a slot.
pub fn calls(state: &State, area: Rect, buffer: &mut Buffer) {
    let calls = state.shown().calls(&state.view);
    let columns = CallColumns::of(area.width, state.view.listed);
    let style = heading_style(state, Focus::Calls);
    put_heading(buffer, area, columns.heading(state, calls.len()), style);
    let selected = (state.view.focus == Focus::Calls).then(|| state.view.call.place());
    let now = state.shown_at();
    put_lines(buffer, area, &calls, selected, |call, marker| {
        line(marker, columns.cells(call, now))
    });
    if calls.is_empty() && area.height > 1 {
        let is_everything = state.view.is_everything();
        let said = match state.view.listed {
            listed if state.shown().reading.wanted.state != listed => "reading …",
            CallState::Queued if is_everything => "no call is queued",
            CallState::Queued => "none of these is queued",
            CallState::Active | CallState::Ended if is_everything => "no call is active",
            CallState::Active | CallState::Ended => "none of these is active",
        };
        let row = Rect { y: area.y + 1, height: 1, ..area };
        put(buffer, row, &Line::styled(format!("  {said}"), Theme::QUIET));
    }
}

/// How wide the columns of calls are, each with the gap before it; 0 is left out.
struct CallColumns {
    listed: CallState,
    position: usize,
    id: usize,
    agent: usize,
    call_type: usize,
    wait: usize,
    estimate: usize,
    why: usize,
}

impl CallColumns {
    fn of(width: u16, listed: CallState) -> Self {
        let (agent, call_type, estimate, why) = match width {
            110.. => (26, 10, 9, 20),
            78.. => (11, 9, 7, 19),
            56.. => (11, 9, 0, 10),
            _ => (0, 0, 0, 10),
        };
        let (position, wait) = (6, 7);
        let fixed = NOT_SELECTED.len() + position + agent + call_type + wait + estimate + why;
        let id = usize::from(width).saturating_sub(fixed).min(WIDEST_ID);
        match listed {
            CallState::Queued => {
                Self { listed, position, id, agent, call_type, wait, estimate, why }
            }
            // Neither position nor estimate; their room is the id's.
            CallState::Active | CallState::Ended => Self {
                listed,
                position: 0,
                id: (id + position + estimate).min(WIDEST_ID),
                agent,
                call_type,
                wait,
                estimate: 0,
                why,
            },
        }
    }

    fn heading(&self, state: &State, listed: usize) -> Vec<Cell> {
        let view = &state.view;
        let (queued, active) = state.shown().counts(view);
        let all = match self.listed {
            CallState::Queued => queued,
            CallState::Active | CallState::Ended => active,
        };
        let what = word(&self.listed);
        let count = if state.shown().reading.has_more {
            format!("{what} {listed} of {}", in_five(all))
        } else {
            format!("{what} {listed}")
        };
        let title = |title: &str, order: CallOrder| column_title(title, view.call_order == order);
        let (position, wait, why) = match self.listed {
            CallState::Queued => (title("pos", CallOrder::Line), "wait".into(), "why"),
            CallState::Active | CallState::Ended => {
                (String::new(), title("for", CallOrder::Line), "slot")
            }
        };
        let agent = title("agent", CallOrder::Agent);
        let call_type = title("type", CallOrder::CallType);
        vec![
            left(position, self.position),
            left(count, self.id),
            left(gapped(&agent, self.agent), self.agent),
            left(gapped(&call_type, self.call_type), self.call_type),
            right(wait, self.wait),
            right(gapped("est.", self.estimate), self.estimate),
            left(format!("  {why}"), self.why),
        ]
    }

    fn cells(&self, call: &Call, now: Time) -> Vec<Cell> {
        let position = call.position.map_or_else(String::new, in_five);
        let begun = match self.listed {
            CallState::Queued => call.requested_at,
            CallState::Active | CallState::Ended => call.started_at.unwrap_or(call.requested_at),
        };
        let estimate = call.estimated_wait_ms.map_or_else(|| "-".into(), span);
        let why = match self.listed {
            CallState::Queued => {
                call.blocked_on.map_or("", |blocked_on| self.why(blocked_on)).to_owned()
            }
            CallState::Active | CallState::Ended => {
                call.slot.map(|slot| word(&slot)).unwrap_or_default()
            }
        };
        vec![
            left(position, self.position),
            left(&call.id, self.id),
            left(gapped(&call.agent, self.agent), self.agent),
            left(gapped(&word(&call.call_type), self.call_type), self.call_type),
            right(span(now.0.saturating_sub(begun.0)), self.wait),
            right(gapped(&estimate, self.estimate), self.estimate),
            left(format!("  {why}"), self.why),
        ]
    }

    fn why(&self, blocked_on: BlockedOn) -> &'static str {
        if self.why > "  agent cap reached".len() - 1 {
            return why(blocked_on);
        }
        match blocked_on {
            BlockedOn::NothingShared => "nothing",
            BlockedOn::Limit => "limit",
            BlockedOn::Settling => "settling",
            BlockedOn::AgentCap => "cap",
            BlockedOn::TypeCap => "type cap",
            BlockedOn::GateCap => "gate cap",
            BlockedOn::GatePaused => "paused",
            BlockedOn::GateHours => "hours",
            BlockedOn::Paced => "paced",
            BlockedOn::SharedFull => "shared",
        }
    }
}

/// A text with the gap before it, in a column that is left out when it has no width.
fn gapped(text: &str, width: usize) -> String {
    if width == 0 { String::new() } else { format!(" {}", fitted(text, width - 1)) }
}

/// What happened, newest first.
pub fn happenings(state: &State, area: Rect, buffer: &mut Buffer) {
    let title = vec![left("events, newest first", usize::from(area.width))];
    put_heading(buffer, area, title, Theme::OTHER_HEADING);
    let happenings: Vec<&Happening> = state.shown().happenings(&state.view).collect();
    let (id, agent) = match area.width {
        110.. => (WIDEST_ID, 26),
        72.. => (19, 9),
        _ => (14, 0),
    };
    put_lines(buffer, area, &happenings, None, |happening, marker| {
        let mut cells = vec![left(time_of_day(happening.at), 10)];
        if let Some(call) = &happening.call {
            // Queued, started or ended.
            let what = happening.name.trim_start_matches("call.");
            let call_type = happening.call_type.map(|call_type| word(&call_type));
            cells.extend([
                left(what, 8).styled(Theme::QUIET),
                left(call, id),
                left(gapped(happening.agent.as_deref().unwrap_or_default(), agent), agent),
                left(gapped(&call_type.unwrap_or_default(), 9), 9),
                left(format!("  {}", happening.text), 2 + happening.text.len()),
            ]);
        } else {
            let name = &happening.name;
            cells.push(left(name, name.len() + 2).styled(Theme::QUIET));
            cells.push(left(&happening.text, happening.text.len()));
        }
        line(marker, cells)
    });
}
