//! Dialogs over the screen: the keys, and the question before a call is ended.

use callslot_api::{Call, CallState};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Paragraph, Widget, Wrap};

use crate::commands::watch::top::state::{Mode, State};
use crate::commands::watch::top::theme::Theme;
use crate::output::word;

const HELP: &str = "\
Tab         the other list            ↑ ↓  k j  move the selection
/           agents by id or name      PgUp PgDn Home End  further
t           the next call type        Enter  only this agent
Esc         all agents and types      a  queued or active calls
s           sort by the next column   r  the other way round
e           end the selected call     p  pause, and resume
?           this help                 q  quit

Agents: by type, active/reserved +queued. Calls wait for:
  shared pool full   a shared slot, or a reserved one of their class
  limit reached      any call to end
  agent cap reached  a call of their agent to end
  type cap reached   a call of their type to end
  nothing shared     a change of settings: no slot is for them
  settling           calls to end since settings changed under load";

/// Draws the dialog of the mode, if it has one.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    match &state.mode {
        Mode::Help => put(buffer, area, " keys; any key goes back ", HELP),
        Mode::Confirm(call) => put(buffer, area, " end this call? ", &question(call)),
        Mode::Watch | Mode::Filter(_) => {}
    }
}

fn question(call: &Call) -> String {
    let Call { id, agent, call_type, .. } = call;
    let what = match call.state {
        CallState::Queued => "It is queued; it leaves the queue and never starts.".to_owned(),
        CallState::Active | CallState::Ended => {
            "It is active; its slot is freed at once. Hanging up is up to its engine.".to_owned()
        }
    };
    format!("{id}\n{agent} {}\n\n{what}\n\ny  end it      any other key  keep it", word(call_type))
}

/// A text in a frame, in the middle of the area.
fn put(buffer: &mut Buffer, area: Rect, title: &'static str, text: &str) {
    let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let width = u16::try_from(widest + 4).unwrap_or(u16::MAX).clamp(40, 72).min(area.width);
    let inner = usize::from(width.saturating_sub(4)).max(1);
    let lines: usize = text.lines().map(|line| line.chars().count().div_ceil(inner).max(1)).sum();
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX).min(area.height);
    let place = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    Clear.render(place, buffer);
    let frame = Block::bordered().title(Line::styled(title, Theme::BOLD));
    let padded =
        Rect { x: place.x + 2, width: place.width.saturating_sub(4), ..frame.inner(place) };
    frame.render(place, buffer);
    Paragraph::new(text).wrap(Wrap { trim: false }).render(padded, buffer);
}
