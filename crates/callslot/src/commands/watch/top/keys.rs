//! What keys do to the state. `draw/dialogs.rs` explains them in the same order.

use callslot_api::CallState;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::lists::Focus;
use super::sorting::{AgentFilter, CALL_TYPES};
use super::state::{Left, Mode, Order, State};

/// How far a page key moves the selection.
const PAGE: usize = 10;
/// The longest filter that can be typed: as long as an agent's id may be.
const MAX_FILTER_CHARS: usize = 64;

impl State {
    pub fn press(&mut self, key: KeyEvent) -> Option<Order> {
        let is_interrupt =
            key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c');
        if is_interrupt {
            self.left = Some(Left::Wanted);
            return None;
        }
        match std::mem::replace(&mut self.mode, Mode::Watch) {
            Mode::Watch => self.press_watching(key.code),
            Mode::Help => {}
            Mode::Filter(before) => self.press_filtering(key.code, before),
            Mode::Confirm(call) => {
                if matches!(key.code, KeyCode::Char('y' | 'Y')) {
                    self.say(format!("ending {} …", call.id));
                    return Some(Order::End(call.id));
                }
                self.say(format!("{} was not ended", call.id));
            }
        }
        None
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "most keys mean nothing here")]
    fn press_watching(&mut self, code: KeyCode) {
        self.say_nothing();
        match code {
            KeyCode::Char('q') => self.left = Some(Left::Wanted),
            KeyCode::Char('?' | 'h') | KeyCode::F(1) => self.mode = Mode::Help,
            KeyCode::Tab | KeyCode::BackTab => self.turn_to_other_list(),
            KeyCode::Up | KeyCode::Char('k') => {
                self.move_selection(|place| place.saturating_sub(1));
            }
            KeyCode::Down | KeyCode::Char('j') => self.move_selection(|place| place + 1),
            KeyCode::PageUp => self.move_selection(|place| place.saturating_sub(PAGE)),
            KeyCode::PageDown => self.move_selection(|place| place + PAGE),
            KeyCode::Home | KeyCode::Char('g') => self.move_selection(|_| 0),
            KeyCode::End | KeyCode::Char('G') => self.move_selection(|_| usize::MAX),
            KeyCode::Char('/') => self.mode = Mode::Filter(self.view.agent_filter.clone()),
            KeyCode::Enter => self.look_at_selected_agent(),
            KeyCode::Char('t') => self.look_at_next_type(),
            KeyCode::Esc => self.look_at_all(),
            KeyCode::Char('s') => self.order_by_next(),
            KeyCode::Char('r') => self.turn_order(),
            KeyCode::Char('a') => self.list_other_calls(),
            KeyCode::Char('e') => self.ask_to_end(),
            KeyCode::Char('p' | ' ') => self.toggle_pause(),
            _ => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "most keys mean nothing here")]
    fn press_filtering(&mut self, code: KeyCode, before: AgentFilter) {
        let mut text = self.view.agent_filter.text().to_owned();
        match code {
            KeyCode::Enter => return,
            KeyCode::Esc => {
                self.view.agent_filter = before;
                self.connection.changed();
                return;
            }
            KeyCode::Backspace => drop(text.pop()),
            KeyCode::Char(letter) if text.chars().count() < MAX_FILTER_CHARS => text.push(letter),
            _ => {}
        }
        self.view.agent_filter = AgentFilter::typed(&text);
        self.mode = Mode::Filter(before);
        self.connection.changed();
    }

    fn turn_to_other_list(&mut self) {
        self.view.focus = match self.view.focus {
            Focus::Agents => Focus::Calls,
            Focus::Calls => Focus::Agents,
        };
    }

    fn move_selection(&mut self, to: impl Fn(usize) -> usize) {
        let selection = match self.view.focus {
            Focus::Agents => &mut self.view.agent,
            Focus::Calls => &mut self.view.call,
        };
        selection.move_to(to(selection.place()));
    }

    /// The calls of the selected agent or, of a selected call, those of its agent.
    fn look_at_selected_agent(&mut self) {
        let agent = match self.view.focus {
            Focus::Agents => self.view.agent.id().map(str::to_owned),
            Focus::Calls => self.selected_call().map(|call| call.agent.clone()),
        };
        let Some(agent) = agent else { return };
        self.view.agent_filter = AgentFilter::Only(agent);
        self.connection.changed();
    }

    fn look_at_next_type(&mut self) {
        let place = |wanted| CALL_TYPES.iter().position(|&call_type| call_type == wanted);
        self.view.call_type = match self.view.call_type.and_then(place) {
            None => CALL_TYPES.first().copied(),
            Some(place) => CALL_TYPES.get(place + 1).copied(),
        };
        self.connection.changed();
    }

    fn look_at_all(&mut self) {
        self.view.agent_filter = AgentFilter::All;
        self.view.call_type = None;
        self.connection.changed();
    }

    fn order_by_next(&mut self) {
        match self.view.focus {
            Focus::Agents => self.view.agent_order = self.view.agent_order.next(),
            Focus::Calls => self.view.call_order = self.view.call_order.next(),
        }
        self.say(self.view.order());
    }

    fn turn_order(&mut self) {
        let reversed = match self.view.focus {
            Focus::Agents => &mut self.view.agents_reversed,
            Focus::Calls => &mut self.view.calls_reversed,
        };
        *reversed = reversed.turned();
        self.say(self.view.order());
    }

    fn list_other_calls(&mut self) {
        if self.pause.is_some() {
            self.say("paused: the other calls are not loaded; p resumes");
            return;
        }
        self.view.focus = Focus::Calls;
        self.view.listed = match self.view.listed {
            CallState::Queued => CallState::Active,
            CallState::Active | CallState::Ended => CallState::Queued,
        };
        self.view.call.move_to(0);
        self.connection.changed();
    }

    fn ask_to_end(&mut self) {
        match self.selected_call().filter(|_| self.view.focus == Focus::Calls).cloned() {
            Some(call) => self.mode = Mode::Confirm(Box::new(call)),
            None => self.say("no call is selected: Tab moves to the calls, a lists active ones"),
        }
    }

    fn selected_call(&self) -> Option<&callslot_api::Call> {
        let id = self.view.call.id()?;
        self.shown().reading.calls.iter().find(|call| call.id == id)
    }
}
