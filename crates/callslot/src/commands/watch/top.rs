//! `callslot top`: the pool, its agents and its queue on a terminal, live.
//!
//! Three parts: a state that inputs change (`top/state.rs`, pure), the threads that query the server and listen to the
//! terminal (`top/requests.rs`, `top/terminal.rs`), and the drawing (`top/draw.rs`, pure). The loop here joins them and is the
//! only part that looks at how much time has passed. Everything comes from the public API.

mod connection;
mod draw;
#[cfg(test)]
mod example;
mod keys;
mod lists;
mod requests;
mod sorting;
mod state;
mod terminal;
mod theme;
pub mod ticker;
pub mod time;

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::time::Duration;

use callslot_api::Client;
use callslot_server::{Stopwatch, wall_now};
use clap::Args;

use self::state::{Input, Left, Order, State};
use self::terminal::{Screen, Signals, broken};
use self::theme::Theme;
use crate::failure::Failure;
use crate::remote::Remote;

/// A connection whose answer takes longer than this counts as lost.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// The shortest time between redraws when no key is pressed: calm, and little to send over SSH.
const DRAW_AT_MOST_EVERY_MS: u64 = 250;
/// The longest time between redraws: the times shown change even when nothing happens.
const DRAW_AT_LEAST_EVERY_MS: u64 = 1_000;
/// How many inputs may wait; the threads that send more are held up.
const MAX_INPUTS: usize = 1_024;
/// How many past events the ticker starts with.
const EARLIER_EVENTS: u64 = 20;

/// Shows the pool, its agents and the queue live.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot top\n  callslot top --url https://calls.example.com --org acme\n\n\
    Press ? for the keys. Ending a call requires the role engine; everything else works for viewers too.\n\
    Set NO_COLOR=1 to turn colours off."
)]
pub struct Top {
    #[command(flatten)]
    remote: Remote,
}

impl Top {
    /// Shows the view until somebody leaves it.
    pub fn run(&self) -> Result<(), Failure> {
        if self.remote.json {
            return Err(Failure::said(
                "`callslot top` has no JSON output; `callslot status --watch --json` prints the pool every second",
            ));
        }
        if !Screen::is_there() {
            return Err(Failure::said(
                "`callslot top` needs a terminal, but standard output is not one; `callslot status --watch` prints the same \
                 every second",
            ));
        }
        let patient = self.remote.client()?;
        let quick = patient.clone().answered_within(ANSWER_TIMEOUT);
        // An error at the start is printed before the terminal is taken.
        let first = requests::read(&quick, &State::first_wanted())?;
        let signals = Signals::catch()?;
        let follow = Order::Follow(first.pool.as_of.saturating_sub(EARLIER_EVENTS));
        let state = State::new(first, wall_now().0);
        let screen = Screen::take()?;
        match watch(state, follow, screen, signals, (patient, quick))? {
            Left::Wanted => Ok(()),
            Left::Failed(error) => Err(error.into()),
        }
    }
}

/// Takes inputs and draws the result until the view is left; then restores the terminal.
fn watch(
    mut state: State,
    follow: Order,
    mut screen: Screen,
    signals: Signals,
    (patient, quick): (Client, Client),
) -> Result<Left, Failure> {
    let theme = Theme::of_environment();
    let (inputs, incoming) = sync_channel(MAX_INPUTS);
    let (orders, ordered) = channel();
    signals.hand_on(inputs.clone());
    terminal::listen(inputs.clone());
    std::thread::spawn(move || requests::obey(&patient, &quick, &ordered, &inputs));
    give(&orders, vec![follow])?;
    let watch = Stopwatch::start();
    let passed_ms = || u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut drawn_ms = 0;
    let mut has_undrawn = false;
    screen.draw(&state, theme)?;
    loop {
        let pause_ms = if has_undrawn { DRAW_AT_MOST_EVERY_MS } else { DRAW_AT_LEAST_EVERY_MS };
        let until_ms = state.connection.next_reading_ms().min(drawn_ms + pause_ms);
        let mut is_urgent = false;
        for input in next_inputs(&incoming, until_ms.saturating_sub(passed_ms()))? {
            is_urgent |= matches!(input, Input::Key(_) | Input::Look | Input::Ended(..));
            let (next, due) = state.next(passed_ms(), input);
            state = next;
            give(&orders, due)?;
        }
        if let Some(left) = state.left.take() {
            return Ok(left);
        }
        if is_urgent || passed_ms() >= drawn_ms + DRAW_AT_MOST_EVERY_MS {
            screen.draw(&state, theme)?;
            drawn_ms = passed_ms();
        }
        has_undrawn = drawn_ms + DRAW_AT_MOST_EVERY_MS > passed_ms() && !is_urgent;
    }
}

/// What came, waiting up to `most_ms` for something to come.
fn next_inputs(incoming: &Receiver<Input>, most_ms: u64) -> Result<Vec<Input>, Failure> {
    let first = match incoming.recv_timeout(Duration::from_millis(most_ms)) {
        Ok(input) => input,
        Err(RecvTimeoutError::Timeout) => Input::Look,
        Err(RecvTimeoutError::Disconnected) => return Err(broken()),
    };
    Ok(std::iter::once(first).chain(incoming.try_iter().take(MAX_INPUTS)).collect())
}

fn give(orders: &Sender<Order>, due: Vec<Order>) -> Result<(), Failure> {
    due.into_iter().try_for_each(|order| orders.send(order)).map_err(|_| broken())
}
