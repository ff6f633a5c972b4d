//! The terminal: taken over, drawn on, listened to, and restored however the view ends.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::{panic, thread};

use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::event::{self, Event, KeyEventKind};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::{DefaultTerminal, Terminal};
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::draw::draw;
use super::state::{Input, State};
use super::theme::Theme;
use crate::failure::Failure;

/// Whether the view has the terminal. It is restored once: a second time would move the cursor over text printed since.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while the view has it.
pub struct Screen {
    terminal: DefaultTerminal,
}

impl Screen {
    /// Whether there is a terminal that a view can be drawn on.
    pub fn is_there() -> bool {
        io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
    }

    /// Takes the terminal. A panic of any thread restores it before the panic is printed.
    pub fn take() -> Result<Self, Failure> {
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |broken| {
            give_back();
            told(broken);
        }));
        IS_TAKEN.store(true, Ordering::SeqCst);
        let taken = enable_raw_mode()
            .and_then(|()| execute!(io::stdout(), EnterAlternateScreen))
            .and_then(|()| Terminal::new(CrosstermBackend::new(io::stdout())));
        match taken {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                give_back();
                Err(unusable(&error))
            }
        }
    }

    pub fn draw(&mut self, state: &State, theme: Theme) -> Result<(), Failure> {
        if !IS_TAKEN.load(Ordering::SeqCst) {
            // A thread has panicked, and its message must stay readable.
            return Err(broken());
        }
        let drawn = self.terminal.draw(|frame| draw(state, theme, frame));
        drawn.map(drop).map_err(|error| unusable(&error))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn give_back() {
    if IS_TAKEN.swap(false, Ordering::SeqCst) {
        // There is nobody to tell if it fails.
        let _ = execute!(io::stdout(), LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

/// Only a panic crashes the view.
pub fn broken() -> Failure {
    Failure::said("`callslot top` crashed; please include the output above in a bug report")
}

fn unusable(error: &io::Error) -> Failure {
    Failure::said(format!(
        "the terminal cannot be used: {error}; use `callslot status --watch` instead"
    ))
}

/// Passes on keys and changes of size for as long as there are any.
pub fn listen(inputs: SyncSender<Input>) {
    thread::spawn(move || {
        loop {
            let input = match event::read() {
                Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => Input::Key(key),
                Ok(Event::Resize(..)) => Input::Look,
                Ok(_) => continue,
                Err(_) => Input::ToldToStop,
            };
            let is_over = matches!(input, Input::ToldToStop);
            if inputs.send(input).is_err() || is_over {
                return;
            }
        }
    });
}

/// The signals that ask the view to quit. Once caught, they no longer end the process on their own.
pub struct Signals {
    runtime: Runtime,
    caught: [Signal; 3],
}

impl Signals {
    pub fn catch() -> Result<Self, Failure> {
        let uncaught = |error| Failure::said(format!("signals cannot be caught: {error}"));
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(uncaught)?;
        let guard = runtime.enter();
        let caught = [
            signal(SignalKind::interrupt()).map_err(uncaught)?,
            signal(SignalKind::terminate()).map_err(uncaught)?,
            // The terminal has gone, as when a connection over SSH breaks.
            signal(SignalKind::hangup()).map_err(uncaught)?,
        ];
        drop(guard);
        Ok(Self { runtime, caught })
    }

    /// Passes the first one on.
    pub fn hand_on(self, inputs: SyncSender<Input>) {
        let Self { runtime, caught: [mut interrupt, mut terminate, mut hangup] } = self;
        thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                    _ = hangup.recv() => {}
                }
            });
            let _ = inputs.send(Input::ToldToStop);
        });
    }
}
