//! The binary: the server, and commands for people and scripts that use its public API like any other client.
//!
//! Start reading at [`cli::Cli`] (what can be typed); each command has a file of its own in `commands/`.

mod cli;
mod commands;
mod completion;
mod exit;
mod failure;
mod notation;
mod output;
mod process;
mod profiles;
mod remote;
mod settings;
mod store;
mod watch;
mod web_app;

use std::process::ExitCode;

use clap_complete::CompleteEnv;

use crate::cli::{Cli, first_page};
use crate::commands::server::completions;
use crate::output::print_line;

/// Names the command that runs when none is given. The repository sets it, so that `cargo run` serves.
const DEFAULT_COMMAND: &str = "CALLSLOT_COMMAND";

/// Calls are allocated by one thread and freed by another, which is slow with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    CompleteEnv::with_factory(completion::command).var(completions::VARIABLE).complete();
    let mut words: Vec<_> = std::env::args_os().collect();
    if words.len() == 1 {
        if let Some(command) = std::env::var_os(DEFAULT_COMMAND) {
            words.push(command);
        } else {
            print_line(first_page().trim_end());
            return ExitCode::SUCCESS;
        }
    }
    match Cli::read(words).command.run() {
        Ok(exit) => exit.into(),
        Err(failure) => {
            eprintln!("callslot: {failure}");
            ExitCode::FAILURE
        }
    }
}
