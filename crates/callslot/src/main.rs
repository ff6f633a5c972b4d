//! The binary: the server, and commands for people and scripts that use its public API like any other client.
//!
//! Start reading at [`cli::Cli`] (what can be typed); each command has a module of its own.

mod cli;
mod commands;
mod manage;
mod output;
mod process;
mod settings;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::cli::{Cli, Command};
use crate::commands::{bench, demo, doctor, history, serve, status, top};

/// Names the command that runs when none is given. The repository sets it, so that `cargo run` serves.
const DEFAULT_COMMAND: &str = "CALLSLOT_COMMAND";

/// Calls are taken in by one thread and given back by another, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut words: Vec<_> = std::env::args_os().collect();
    if words.len() == 1 {
        if let Some(command) = std::env::var_os(DEFAULT_COMMAND) {
            words.push(command);
        } else {
            // A reader that has gone is no failure.
            let _ = Cli::command().print_help();
            return ExitCode::SUCCESS;
        }
    }
    let outcome = match Cli::parse_from(words).command {
        Command::Serve(flags) => serve::serve(&flags),
        Command::Demo(flags) => demo::demo(&flags),
        Command::Dashboard(dashboard) => manage::dashboard(&dashboard),
        Command::Status(status) => status::status(&status),
        Command::Top(command) => top::top(&command),
        Command::Bench(flags) => bench::bench(&flags),
        Command::Doctor(doctor) => doctor::doctor(&doctor),
        Command::Backup { file, data } => serve::backup(&data.data, &file),
        Command::Restore { file, data } => serve::restore(&file, &data.data),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "callslot", &mut std::io::stdout());
            Ok(())
        }
        Command::History(history) => history::history(&history),
        Command::Call(call) => manage::call(&call),
        Command::Reserve(reserve) => manage::reserve(&reserve),
        Command::Agent(agent) => manage::agent(&agent),
        Command::Org(org) => manage::org(&org),
        Command::Plan(plan) => manage::plan(&plan),
        Command::Key(key) => manage::key(&key),
        Command::Events(events) => manage::events(&events),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("callslot: {failure}");
            ExitCode::FAILURE
        }
    }
}
