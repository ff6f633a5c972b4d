//! What can be typed: the commands with a line of help each. Their flags are in the files of `commands/`.

use clap::{Parser, Subcommand};

use crate::commands::agent::Agent;
use crate::commands::backup::Backup;
use crate::commands::bench::Bench;
use crate::commands::call::Call;
use crate::commands::completions::Completions;
use crate::commands::dashboard::Dashboard;
use crate::commands::demo::Demo;
use crate::commands::doctor::Doctor;
use crate::commands::events::Events;
use crate::commands::history::History;
use crate::commands::key::Key;
use crate::commands::org::Org;
use crate::commands::plan::Plan;
use crate::commands::reserve::Reserve;
use crate::commands::restore::Restore;
use crate::commands::serve::Serve;
use crate::commands::status::Status;
use crate::commands::top::Top;
use crate::failure::Failure;

/// Call concurrency for AI voice and chat agents.
#[derive(Debug, Parser)]
#[command(
    name = "callslot",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    about = "Call concurrency for AI voice and chat agents. Examples: `callslot call --help`.",
    // One empty line less than usual: the first help fits a screen.
    help_template = "{about-with-newline}{usage-heading} {usage}\n\nCommands:\n{subcommands}\n\n\
        `callslot COMMAND --help` says more; `callslot --version` says which it is."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server
    Serve(Serve),
    /// Run a server with a call centre at work, to look at
    Demo(Demo),
    /// Print a link that signs a browser in
    Dashboard(Dashboard),
    /// Show the pool and the queue
    Status(Status),
    /// Watch the pool, its agents and the queue live
    Top(Top),
    /// Show figures over time
    History(History),
    /// Start, end, show and list calls
    Call(Call),
    /// Reserve slots for an agent
    Reserve(Reserve),
    /// List, create and delete agents
    Agent(Agent),
    /// Manage organisations (operator)
    Org(Org),
    /// Manage plans (operator)
    Plan(Plan),
    /// Manage API keys
    Key(Key),
    /// Follow what happens
    Events(Events),
    /// Load a server with calls and measure it
    Bench(Bench),
    /// Look for what keeps a server from running well
    Doctor(Doctor),
    /// Copy the data to a file, also while the server runs
    Backup(Backup),
    /// Make a data directory from a backup
    Restore(Restore),
    /// Print a shell's completion script
    // Needed once, and a packager knows of it; the first help has no line to spare.
    #[command(hide = true)]
    Completions(Completions),
}

impl Command {
    /// Does what was typed.
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Serve(command) => command.run(),
            Self::Demo(command) => command.run(),
            Self::Dashboard(command) => command.run(),
            Self::Status(command) => command.run(),
            Self::Top(command) => command.run(),
            Self::History(command) => command.run(),
            Self::Call(command) => command.run(),
            Self::Reserve(command) => command.run(),
            Self::Agent(command) => command.run(),
            Self::Org(command) => command.run(),
            Self::Plan(command) => command.run(),
            Self::Key(command) => command.run(),
            Self::Events(command) => command.run(),
            Self::Bench(command) => command.run(),
            Self::Doctor(command) => command.run(),
            Self::Backup(command) => command.run(),
            Self::Restore(command) => command.run(),
            Self::Completions(command) => command.run(),
        }
    }
}

#[cfg(test)]
mod tests;
