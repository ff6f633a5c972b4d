//! The state of the view, and how inputs change it.
//!
//! [`State::next`] takes an input and its time, and returns the next state with orders for `requests.rs`. It
//! never reads a clock, queries a server or draws. Keys are in `keys.rs`, what is listed in `lists.rs`.

use std::collections::VecDeque;

use callslot_api::{Call, CallState, ClientError, Problem, ProblemCode, Time};
use ratatui::crossterm::event::KeyEvent;

use super::connection::Connection;
use super::lists::{Focus, Reading, Shown, View, Wanted};
use super::sorting::{AgentFilter, AgentOrder, CallOrder, Reversed, Selection};
use super::ticker::Happening;
use super::time::ServerClock;
use crate::output::word;

/// How many events are remembered for the ticker.
const MAX_HAPPENINGS: usize = 200;
/// How long a message stays in the last line.
const SENTENCE_MS: u64 = 8_000;

/// Something that comes from outside.
#[derive(Debug)]
pub enum Input {
    Key(KeyEvent),
    /// The terminal has another size, or time has passed.
    Look,
    /// A reading came, or did not.
    Read(Result<Box<Reading>, ClientError>),
    Happened(Happening),
    /// An event came that this version does not know.
    HappenedUnread(u64),
    /// The stream of events has ended.
    StreamEnded(Option<ClientError>),
    /// A call was ended, or was not.
    Ended(String, Result<Box<Call>, ClientError>),
    /// A signal asks to leave.
    ToldToStop,
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Read the pool and the calls.
    Read(Wanted),
    /// Follow the events after this one.
    Follow(u64),
    End(String),
}

/// What is shown while the view is paused.
#[derive(Debug)]
pub struct Pause {
    shown: Shown,
    /// When it began.
    pub since_ms: u64,
}

/// What keys mean at the moment.
#[derive(Debug)]
pub enum Mode {
    Watch,
    /// The keys are explained.
    Help,
    /// A filter is typed; it was this before.
    Filter(AgentFilter),
    /// This call is to be ended, if confirmed.
    Confirm(Box<Call>),
}

/// Why the view is left.
#[derive(Debug)]
pub enum Left {
    /// The user quit.
    Wanted,
    /// There is nothing more it can show.
    Failed(ClientError),
}

/// Everything the view knows.
#[derive(Debug)]
pub struct State {
    /// How long it has run.
    pub now_ms: u64,
    /// The server's time.
    pub clock: ServerClock,
    /// The connection to the server.
    pub connection: Connection,
    live: Shown,
    /// Set while paused.
    pub pause: Option<Pause>,
    pub view: View,
    pub mode: Mode,
    sentence: Option<(String, u64)>,
    /// Set when it is over.
    pub left: Option<Left>,
}

impl State {
    /// A view of a first reading, begun at `wall_ms` by the clock here.
    pub fn new(reading: Reading, wall_ms: u64) -> Self {
        let connection = Connection::new(reading.pool.as_of);
        let mut state = Self {
            now_ms: 0,
            clock: ServerClock::new(wall_ms),
            connection,
            live: Shown { reading, happenings: VecDeque::new() },
            pause: None,
            view: View {
                focus: Focus::Calls,
                listed: CallState::Queued,
                agent_filter: AgentFilter::All,
                call_type: None,
                agent_order: AgentOrder::Reserved,
                call_order: CallOrder::Line,
                agents_reversed: Reversed::No,
                calls_reversed: Reversed::No,
                agent: Selection::default(),
                call: Selection::default(),
            },
            mode: Mode::Watch,
            sentence: None,
            left: None,
        };
        state.settle_selections();
        state
    }

    /// The calls to read first.
    pub fn first_wanted() -> Wanted {
        Wanted { state: CallState::Queued, agent: None, call_type: None }
    }

    /// What is shown: the last reading, or the one from when the view was paused.
    pub fn shown(&self) -> &Shown {
        self.pause.as_ref().map_or(&self.live, |pause| &pause.shown)
    }

    /// The server's time of what is shown. It stops while the view is paused or stale.
    pub fn shown_at(&self) -> Time {
        let paused_ms = self.pause.as_ref().map(|pause| pause.since_ms);
        let stopped_ms = paused_ms.or(self.connection.stale_since_ms(self.now_ms));
        self.clock.at(stopped_ms.unwrap_or(self.now_ms))
    }

    /// The sentence of the last line.
    pub fn sentence(&self) -> Option<&str> {
        let (sentence, until_ms) = self.sentence.as_ref()?;
        (self.now_ms < *until_ms).then_some(sentence)
    }

    /// The next state after an input that came `now_ms` after the start, and the orders to carry out.
    pub fn next(mut self, now_ms: u64, input: Input) -> (Self, Vec<Order>) {
        self.now_ms = self.now_ms.max(now_ms);
        let mut orders = Vec::new();
        // Events come by the thousand and leave the lists as they are.
        let may_change_lists = !matches!(input, Input::Happened(_) | Input::HappenedUnread(_));
        match input {
            Input::Key(key) => orders.extend(self.press(key)),
            Input::Look => {}
            Input::Read(Ok(reading)) => self.read(*reading),
            Input::Read(Err(error)) if is_final(&error) => self.left = Some(Left::Failed(error)),
            Input::Read(Err(error)) => self.connection.has_failed(brief(&error), self.now_ms),
            Input::Happened(happening) => self.happened(happening),
            Input::HappenedUnread(number) => self.connection.came(number),
            Input::StreamEnded(why) => {
                let is_cursor_lost = why.is_some_and(|why| {
                    is(&why, ProblemCode::CursorExpired) || is(&why, ProblemCode::CursorAhead)
                });
                self.connection.stream_ended(is_cursor_lost, self.live.reading.pool.as_of);
            }
            Input::Ended(id, result) => self.ended(&id, result),
            Input::ToldToStop => self.left = Some(Left::Wanted),
        }
        if self.connection.takes_reading(self.now_ms) {
            orders.push(Order::Read(self.wanted()));
        }
        orders.extend(self.connection.takes_stream(self.now_ms).map(Order::Follow));
        if may_change_lists {
            self.settle_selections();
        }
        (self, orders)
    }

    /// Shows a message in the last line.
    pub fn say(&mut self, sentence: impl Into<String>) {
        self.sentence = Some((sentence.into(), self.now_ms + SENTENCE_MS));
    }

    /// Removes the message.
    pub fn say_nothing(&mut self) {
        self.sentence = None;
    }

    /// Pauses the view, or resumes it.
    pub fn toggle_pause(&mut self) {
        self.pause = match self.pause.take() {
            Some(_) => None,
            None => Some(Pause { shown: self.live.clone(), since_ms: self.now_ms }),
        };
    }

    /// The calls to read for the current view.
    pub fn wanted(&self) -> Wanted {
        Wanted {
            state: self.view.listed,
            agent: self.view.agent_filter.one_of(&self.live.reading.pool.agents),
            call_type: self.view.call_type,
        }
    }

    fn read(&mut self, reading: Reading) {
        if self.connection.has_read(reading.pool.as_of, self.now_ms) {
            self.clock.forget();
            self.say("reconnected");
        }
        self.live.reading = reading;
        if self.live.reading.wanted != self.wanted() {
            self.connection.changed();
        }
    }

    fn happened(&mut self, happening: Happening) {
        self.connection.came(happening.number);
        // Events from before the view began say nothing about the time now.
        if happening.number > self.live.reading.pool.as_of {
            self.clock.hear(happening.at, self.now_ms);
        }
        self.live.happenings.push_front(happening);
        self.live.happenings.truncate(MAX_HAPPENINGS);
    }

    fn ended(&mut self, id: &str, result: Result<Box<Call>, ClientError>) {
        match result {
            Ok(call) => {
                let reason = call.reason.map(|reason| word(&reason)).unwrap_or_default();
                self.say(format!("{id} has ended: {reason}"));
                self.connection.changed();
            }
            Err(error) => self.say(format!("not ended: {} ({id})", brief(&error))),
        }
    }

    /// Keeps the selections on something that is there.
    fn settle_selections(&mut self) {
        let agents: Vec<String> =
            self.shown().agents(&self.view).iter().map(|agent| agent.id.clone()).collect();
        let calls: Vec<String> =
            self.shown().calls(&self.view).iter().map(|call| call.id.clone()).collect();
        self.view.agent.settle(&agents);
        self.view.call.settle(&calls);
    }
}

/// Whether a retry would give the same answer until someone changes something.
fn is_final(error: &ClientError) -> bool {
    match error {
        ClientError::Problem(problem) => {
            (400..500).contains(&problem.status) && !matches!(problem.status, 408 | 429)
        }
        ClientError::Unsendable { .. } => true,
        ClientError::Unreachable { .. } | ClientError::Unexpected { .. } => false,
    }
}

fn is(error: &ClientError, code: ProblemCode) -> bool {
    matches!(error, ClientError::Problem(problem) if problem.code == code.as_str())
}

/// A failure in a few words, to fit a line.
fn brief(error: &ClientError) -> String {
    match error {
        ClientError::Problem(problem) => {
            let Problem { detail, .. } = &**problem;
            detail.clone()
        }
        ClientError::Unsendable { .. } => error.to_string(),
        ClientError::Unreachable { why, .. } => why.trim_start_matches("io: ").to_owned(),
        ClientError::Unexpected { why, .. } => format!("not an answer from Callslot ({why})"),
    }
}

#[cfg(test)]
mod tests;
