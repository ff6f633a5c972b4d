//! The command line: the commands, with a line of help each. Their flags are in the files of `commands/`.

mod first_page;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::agent::Agent;
use crate::commands::alert::Alert;
use crate::commands::audit::Audit;
use crate::commands::backup::Backup;
use crate::commands::bench::Bench;
use crate::commands::call::Call;
use crate::commands::campaign::Campaign;
use crate::commands::completions::Completions;
use crate::commands::dashboard::Dashboard;
use crate::commands::demo::Demo;
use crate::commands::doctor::Doctor;
use crate::commands::events::Events;
use crate::commands::explain::Explain;
use crate::commands::gate::Gate;
use crate::commands::history::History;
use crate::commands::key::Key;
use crate::commands::lease::Lease;
use crate::commands::listen::Listen;
use crate::commands::manual::Manual;
use crate::commands::org::Org;
use crate::commands::plan::Plan;
use crate::commands::ready::Ready;
use crate::commands::reserve::Reserve;
use crate::commands::restore::Restore;
use crate::commands::serve::Serve;
use crate::commands::status::Status;
use crate::commands::top::Top;
use crate::commands::r#type::CallType;
use crate::commands::webhook::Webhook;
use crate::exit::{Exit, with_exit_codes};
use crate::failure::Failure;

pub use first_page::first_page;

/// Call concurrency for AI voice and chat agents.
#[derive(Debug, Parser)]
#[command(
    name = "callslot",
    version,
    arg_required_else_help = true,
    about = "Call concurrency for AI voice and chat agents. Examples: `callslot call --help`.",
    help_template = "{about-with-newline}{usage-heading} {usage} (`callslot COMMAND --help` shows more)\n\n\
        {subcommands}"
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// The command line with everything that its help says.
    pub fn documented() -> clap::Command {
        with_exit_codes(Self::command())
    }

    /// Reads a command line; a wrong one ends the process with the code 2.
    pub fn read(words: Vec<OsString>) -> Self {
        let mut documented = Self::documented();
        let matches = documented.clone().get_matches_from(words);
        // The matches are of this very command line.
        Self::from_arg_matches(&matches)
            .unwrap_or_else(|error| error.format(&mut documented).exit())
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server
    Serve(Serve),
    /// Run a demo server with simulated traffic
    Demo(Demo),
    /// Print a sign-in link for the dashboard
    Dashboard(Dashboard),
    /// Show the pool and the queue
    Status(Status),
    /// Watch the pool, its agents and the queue live
    Top(Top),
    /// Show figures over time
    History(History),
    /// Start, end, show and list calls
    Call(Call),
    /// Say why a call waits, or why it has ended
    Explain(Explain),
    /// Reserve slots for an agent
    Reserve(Reserve),
    /// List, create and delete agents
    Agent(Agent),
    /// List call types and set their caps and paces
    Type(CallType),
    /// Manage gates: trunks, campaigns, customers
    Gate(Gate),
    /// Call a list of numbers, and steer it
    Campaign(Campaign),
    /// List the leases of engines
    Lease(Lease),
    /// Manage organisations (operator)
    Org(Org),
    /// Manage plans (operator)
    Plan(Plan),
    /// Manage API keys
    Key(Key),
    /// Show who changed what
    Audit(Audit),
    /// List alerts, and set when they open
    Alert(Alert),
    /// Manage webhooks
    Webhook(Webhook),
    /// Send events to an address of this machine, as a webhook would
    Listen(Listen),
    /// Follow events
    Events(Events),
    /// Load-test a running server
    Bench(Bench),
    /// Diagnose common problems
    Doctor(Doctor),
    /// Back up the data to a file (safe while the server is running)
    Backup(Backup),
    /// Restore a backup to a new data directory
    Restore(Restore),
    /// Print a shell's completion script
    // Needed once, and a packager knows of it.
    #[command(hide = true)]
    Completions(Completions),
    /// Write the manual pages
    #[command(hide = true)]
    Manual(Manual),
    /// Check that the server is up and can write
    // For the health checks of containers, which have no curl.
    #[command(hide = true)]
    Ready(Ready),
}

impl Command {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Failure> {
        match self {
            Self::Call(command) => return command.run(),
            Self::Campaign(command) => return command.run(),
            Self::Gate(command) => command.run(),
            Self::Alert(command) => command.run(),
            Self::Serve(command) => command.run(),
            Self::Demo(command) => command.run(),
            Self::Dashboard(command) => command.run(),
            Self::Status(command) => command.run(),
            Self::Top(command) => command.run(),
            Self::History(command) => command.run(),
            Self::Reserve(command) => command.run(),
            Self::Agent(command) => command.run(),
            Self::Type(command) => command.run(),
            Self::Lease(command) => command.run(),
            Self::Org(command) => command.run(),
            Self::Plan(command) => command.run(),
            Self::Key(command) => command.run(),
            Self::Audit(command) => command.run(),
            Self::Webhook(command) => command.run(),
            Self::Listen(command) => command.run(),
            Self::Events(command) => command.run(),
            Self::Explain(command) => command.run(),
            Self::Bench(command) => command.run(),
            Self::Doctor(command) => command.run(),
            Self::Backup(command) => command.run(),
            Self::Restore(command) => command.run(),
            Self::Ready(command) => command.run(),
            Self::Manual(command) => command.run(Cli::documented()),
            Self::Completions(command) => {
                command.run(&mut Cli::documented());
                Ok(())
            }
        }
        .map(|()| Exit::Done)
    }
}

#[cfg(test)]
mod tests;
