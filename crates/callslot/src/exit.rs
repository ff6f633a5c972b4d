//! How a command ends that has not failed, as scripts read it, and the lines of help that say so.

use std::process::ExitCode;

use clap::Command;

/// The exit codes of a command that names none of its own.
const USUAL: &str = "Exit codes: 0 done, 1 refused or failed, 2 wrong usage";

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// What was asked is done.
    Done,
    /// The call that was started is queued.
    Queued,
    /// The call that was started has ended.
    Ended,
    /// It was stopped before the end.
    Stopped,
    /// What was compared differs.
    Differs,
    /// It went to the end, without some rows.
    Skipped,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Differs => Self::from(2),
            Exit::Queued | Exit::Stopped => Self::from(3),
            Exit::Ended | Exit::Skipped => Self::from(4),
        }
    }
}

/// Adds the exit codes to the help of every command that does something.
pub fn with_exit_codes(command: Command) -> Command {
    if command.has_subcommands() {
        let names: Vec<_> =
            command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        return names
            .into_iter()
            .fold(command, |command, name| command.mut_subcommand(name, with_exit_codes));
    }
    let help = command.get_after_help().map(ToString::to_string);
    match help {
        Some(help) if help.contains("Exit codes: ") => command,
        Some(help) => command.after_help(format!("{help}\n\n{USUAL}")),
        None => command.after_help(USUAL),
    }
}
