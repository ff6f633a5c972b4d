//! The command line: the commands, with a line of help each. Their flags are in the files of `commands/`.

mod first_page;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::account::login::Login;
use crate::commands::account::logout::Logout;
use crate::commands::account::profile::Profile;
use crate::commands::calls::call::Call;
use crate::commands::calls::campaign::Campaign;
use crate::commands::calls::explain::Explain;
use crate::commands::calls::lease::Lease;
use crate::commands::server::backup::Backup;
use crate::commands::server::bench::Bench;
use crate::commands::server::bridge::Bridge;
use crate::commands::server::completions::Completions;
use crate::commands::server::demo::Demo;
use crate::commands::server::doctor::Doctor;
use crate::commands::server::manual::Manual;
use crate::commands::server::ready::Ready;
use crate::commands::server::restore::Restore;
use crate::commands::server::serve::Serve;
use crate::commands::settings::agent::Agent;
use crate::commands::settings::apply::Apply;
use crate::commands::settings::audit::Audit;
use crate::commands::settings::export::Export;
use crate::commands::settings::gate::Gate;
use crate::commands::settings::key::Key;
use crate::commands::settings::org::Org;
use crate::commands::settings::plan::Plan;
use crate::commands::settings::reserve::Reserve;
use crate::commands::settings::r#type::CallType;
use crate::commands::settings::webhook::Webhook;
use crate::commands::watch::alert::Alert;
use crate::commands::watch::dashboard::Dashboard;
use crate::commands::watch::events::Events;
use crate::commands::watch::history::History;
use crate::commands::watch::listen::Listen;
use crate::commands::watch::open::Open;
use crate::commands::watch::status::Status;
use crate::commands::watch::top::Top;
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
        with_words_of_others(with_exit_codes(Self::command()))
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

/// Takes the words that other programs have for the same, so that a habit is no mistake. Help does not list them.
fn with_words_of_others(command: clap::Command) -> clap::Command {
    let names: Vec<_> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| {
        let others: &[&str] = match &*name {
            "list" => &["ls"],
            "show" => &["get"],
            "put" => &["create", "set"],
            "create" => &["add"],
            "edit" => &["set"],
            "delete" => &["rm", "remove"],
            _ => &[],
        };
        command.mut_subcommand(name, |sub| with_words_of_others(sub.aliases(others)))
    })
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server
    Serve(Serve),
    /// Run a demo server with simulated traffic
    Demo(Demo),
    /// Print a sign-in link for the dashboard
    Dashboard(Dashboard),
    /// Open the dashboard at a call, an agent or a page
    Open(Open),
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
    /// Make all settings what a file says
    Apply(Apply),
    /// Print all settings as a file for apply
    Export(Export),
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
    /// Put Callslot in front of telephone numbers
    Bridge(Bridge),
    /// Follow events
    Events(Events),
    /// Keep a server's address and a key
    Login(Login),
    /// Forget them
    Logout(Logout),
    /// List and choose what login has kept
    Profile(Profile),
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
            Self::Apply(command) => return command.run(),
            Self::Gate(command) => command.run(),
            Self::Export(command) => command.run(),
            Self::Alert(command) => command.run(),
            Self::Serve(command) => command.run(),
            Self::Demo(command) => command.run(),
            Self::Dashboard(command) => command.run(),
            Self::Status(command) => command.run(),
            Self::Top(command) => command.run(),
            Self::Open(command) => command.run(),
            Self::Login(command) => command.run(),
            Self::Logout(command) => command.run(),
            Self::Profile(command) => command.run(),
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
            Self::Bridge(command) => command.run(),
            Self::Listen(command) => command.run(),
            Self::Events(command) => command.run(),
            Self::Explain(command) => command.run(),
            Self::Bench(command) => command.run(),
            Self::Doctor(command) => command.run(),
            Self::Backup(command) => command.run(),
            Self::Restore(command) => command.run(),
            Self::Ready(command) => command.run(),
            Self::Manual(command) => command.run(Cli::documented()),
            Self::Completions(command) => command.run(),
        }
        .map(|()| Exit::Done)
    }
}

#[cfg(test)]
mod tests;
