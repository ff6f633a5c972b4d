//! What can be typed: commands, flags, and their help.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::commands::bench::Bench;

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
    /// What to do.
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
    #[command(after_help = "Example:\n  callslot backup /backups/callslot-monday.db")]
    Backup {
        /// The new file
        file: PathBuf,
        #[command(flatten)]
        data: DataDirectory,
    },
    /// Make a data directory from a backup
    #[command(
        after_help = "Example:\n  callslot restore /backups/callslot-monday.db --data ./restored"
    )]
    Restore {
        /// The backup
        file: PathBuf,
        #[command(flatten)]
        data: DataDirectory,
    },
    /// Print a shell's completion script
    // Needed once, and whoever packages the binary knows of it; the first help has no line to spare.
    #[command(
        hide = true,
        after_help = "Example:\n  callslot completions bash > /etc/bash_completion.d/callslot"
    )]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Where the data is.
#[derive(Debug, Args)]
pub struct DataDirectory {
    /// The data directory
    #[arg(long, env = "CALLSLOT_DATA", default_value = "./callslot-data")]
    pub data: PathBuf,
}

/// Flags of the demonstration.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples:\n  callslot demo\n  callslot demo --speed 1 --days 30\n  callslot demo --listen 127.0.0.1:8080"
)]
pub struct Demo {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:7070")]
    pub listen: SocketAddr,
    /// How many times faster than life the call centre works
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub speed: u64,
    /// How many days of history there are from the start
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u64).range(0..=30))]
    pub days: u64,
    /// Another number makes other calls
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Stop by itself after so many seconds
    #[arg(long)]
    pub for_s: Option<u64>,
    /// How the log is written (default: pretty)
    #[arg(long)]
    pub log_format: Option<LogFormat>,
}

/// How to reach the server, and how to print.
#[derive(Debug, Args)]
pub struct Remote {
    /// The server's address
    #[arg(long, env = "CALLSLOT_URL", default_value = "http://127.0.0.1:7070", global = true)]
    pub url: String,
    /// An API key; better given in the variable than on the command line, where others can see it
    #[arg(
        long,
        env = "CALLSLOT_KEY",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true,
        global = true
    )]
    pub key: String,
    /// The organisation an operator acts in
    #[arg(long, env = "CALLSLOT_ORG", global = true)]
    pub org: Option<String>,
    /// Print the API's JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// Flags of the server. What is not given comes from the settings file, and then from the defaults.
#[derive(Debug, Default, Args)]
#[command(
    after_help = "Examples:\n  callslot serve\n  callslot serve --listen 0.0.0.0:7070 --data /var/lib/callslot\n  \
    CALLSLOT_OPERATOR_KEY=... callslot serve --log-format json\n\n\
    Every flag is also a key of the settings file: `listen = \"0.0.0.0:7070\"`."
)]
pub struct Serve {
    /// The settings file (default: callslot.toml, if it is there)
    #[arg(long, env = "CALLSLOT_CONFIG")]
    pub config: Option<PathBuf>,
    /// Where to listen (default: 127.0.0.1:7070)
    #[arg(long, env = "CALLSLOT_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The data directory (default: ./callslot-data)
    #[arg(long, env = "CALLSLOT_DATA")]
    pub data: Option<PathBuf>,
    /// Where to listen for readers of metrics (default: with everything else)
    #[arg(long, env = "CALLSLOT_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// The operator's key (default: one is made at the first start)
    #[arg(long, env = "CALLSLOT_OPERATOR_KEY", hide_env_values = true)]
    pub operator_key: Option<String>,
    /// Requests a second that one key may make; 0: without bound (default: 0)
    #[arg(long, env = "CALLSLOT_RATE_LIMIT")]
    pub rate_limit: Option<u32>,
    /// How long events are kept for streams that resume, in hours (default: 24)
    #[arg(long, env = "CALLSLOT_CURSOR_RETENTION_H")]
    pub cursor_retention_h: Option<u64>,
    /// How long ended calls are kept, in days (default: 30)
    #[arg(long, env = "CALLSLOT_ENDED_RETENTION_DAYS")]
    pub ended_retention_days: Option<u64>,
    /// How long figures are kept by the minute, in days (default: 7)
    #[arg(long, env = "CALLSLOT_MINUTE_RETENTION_DAYS")]
    pub minute_retention_days: Option<u64>,
    /// How long figures are kept by the hour, in days (default: 396, 13 months)
    #[arg(long, env = "CALLSLOT_HISTORY_RETENTION_DAYS")]
    pub history_retention_days: Option<u64>,
    /// How the log is written (default: pretty)
    #[arg(long, env = "CALLSLOT_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
    /// What is logged: error, warn, info, debug, trace, or a filter (default: info)
    #[arg(long, env = "CALLSLOT_LOG_LEVEL")]
    pub log_level: Option<String>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Pretty,
    /// A JSON object a line.
    Json,
}

/// Prints a link that signs a browser in.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot dashboard\n  callslot dashboard --url https://calls.example.com\n\n\
    The link signs in with the key that asks. It works once, and for an hour."
)]
pub struct Dashboard {
    #[command(flatten)]
    pub remote: Remote,
}

/// Shows the pool and the queue.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot status\n  callslot status --watch\n  callslot status --json | jq .active"
)]
pub struct Status {
    #[command(flatten)]
    pub remote: Remote,
    /// Show it again every second until interrupted
    #[arg(long)]
    pub watch: bool,
}

/// Shows the pool, its agents and the queue live.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot top\n  callslot top --url https://calls.example.com --org acme\n\n\
    Press ? in it for the keys. Ending a call needs a key of the role engine; everything else is for viewers too.\n\
    NO_COLOR=1 leaves colours out."
)]
pub struct Top {
    #[command(flatten)]
    pub remote: Remote,
}

/// Shows figures over time.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot history\n  callslot history --by agent --step 3600 --from 2026-01-31T00:00:00Z\n  \
    callslot history --csv > hour.csv"
)]
pub struct History {
    #[command(flatten)]
    pub remote: Remote,
    /// From when on, as 2026-01-31T12:00:00Z (default: an hour before --to)
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Until when (default: now)
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// How long a row is: whole minutes, in seconds, up to a day (default: for about 120 rows)
    #[arg(long, value_name = "SECONDS")]
    pub step: Option<u64>,
    /// By what to tell figures apart
    #[arg(long)]
    pub by: Option<HistoryBy>,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// By what figures are told apart, on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HistoryBy {
    /// Not at all.
    None,
    /// By agent.
    Agent,
    /// By call type.
    Type,
}

impl From<HistoryBy> for callslot_api::HistoryBy {
    fn from(by: HistoryBy) -> Self {
        match by {
            HistoryBy::None => Self::None,
            HistoryBy::Agent => Self::Agent,
            HistoryBy::Type => Self::Type,
        }
    }
}

/// Calls.
#[derive(Debug, Args)]
pub struct Call {
    #[command(flatten)]
    pub remote: Remote,
    #[command(subcommand)]
    pub action: CallAction,
}

/// What to do with calls.
#[derive(Debug, Subcommand)]
pub enum CallAction {
    /// Start a call, or queue it
    #[command(after_help = "Examples:\n  callslot call start support inbound\n  \
        callslot call start sales outbound --id sip-77@pbx --wait 30\n  \
        callslot call start support chat --metadata '{\"room\":7}'")]
    Start {
        /// The agent
        agent: String,
        /// webcall, chat, outbound or inbound
        #[arg(value_name = "TYPE")]
        call_type: CallType,
        /// The call's own id; repeating it takes no second slot
        #[arg(long)]
        id: Option<String>,
        /// The lease that vouches for it
        #[arg(long)]
        lease: Option<String>,
        /// How long it may be queued, in seconds
        #[arg(long, value_name = "SECONDS")]
        max_wait: Option<u64>,
        /// In which time it must be claimed once it has a slot, in seconds
        #[arg(long, value_name = "SECONDS")]
        claim_within: Option<u64>,
        /// A JSON object to keep with the call
        #[arg(long, value_name = "JSON")]
        metadata: Option<String>,
        /// Wait for a slot, up to 60 seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 0)]
        wait: u64,
    },
    /// End a call, queued or active
    #[command(after_help = "Example:\n  callslot call end sip-77@pbx --note 'caller hung up'")]
    End {
        /// The call's id
        id: String,
        /// What to say of it
        #[arg(long)]
        note: Option<String>,
    },
    /// Show one call
    #[command(after_help = "Example:\n  callslot call show sip-77@pbx --json")]
    Show {
        /// The call's id
        id: String,
    },
    /// List calls
    #[command(
        after_help = "Examples:\n  callslot call list --state queued\n  callslot call list --state ended --agent support"
    )]
    List {
        /// queued, active or ended (default: all that are live)
        #[arg(long)]
        state: Option<CallState>,
        /// Only this agent's
        #[arg(long)]
        agent: Option<String>,
        /// Only of this type
        #[arg(long = "type", value_name = "TYPE")]
        call_type: Option<CallType>,
        /// How many at the most
        #[arg(long, default_value_t = 1000)]
        most: usize,
    },
}

/// A call type on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CallType {
    /// Voice in a browser.
    Webcall,
    /// Text.
    Chat,
    /// Telephony the agent dials.
    Outbound,
    /// Telephony the agent answers.
    Inbound,
}

/// A call state on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CallState {
    /// Waits in line.
    Queued,
    /// Holds a slot.
    Active,
    /// Is over.
    Ended,
}

/// Reserves slots for an agent.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot reserve support --inbound 3 --chat 2\n  callslot reserve support --chat 0\n  \
    callslot reserve support --none"
)]
pub struct Reserve {
    #[command(flatten)]
    pub remote: Remote,
    /// The agent
    pub agent: String,
    /// Slots for voice in a browser; types not named keep theirs
    #[arg(long)]
    pub webcall: Option<u32>,
    /// Slots for text
    #[arg(long)]
    pub chat: Option<u32>,
    /// Slots for telephony the agent dials
    #[arg(long)]
    pub outbound: Option<u32>,
    /// Slots for telephony the agent answers
    #[arg(long)]
    pub inbound: Option<u32>,
    /// Remove all the agent's reservations
    #[arg(long, conflicts_with_all = ["webcall", "chat", "outbound", "inbound"])]
    pub none: bool,
}

/// Agents.
#[derive(Debug, Args)]
pub struct Agent {
    #[command(flatten)]
    pub remote: Remote,
    #[command(subcommand)]
    pub action: AgentAction,
}

/// What to do with agents.
#[derive(Debug, Subcommand)]
pub enum AgentAction {
    /// List all agents
    List,
    /// Create or replace an agent
    #[command(
        after_help = "Examples:\n  callslot agent put support --name 'Support'\n  callslot agent put sales --name Sales --cap 8"
    )]
    Put {
        /// The agent's id
        id: String,
        /// Its name (default: its id)
        #[arg(long)]
        name: Option<String>,
        /// How many calls it may have active at once (default: no bound of its own)
        #[arg(long)]
        cap: Option<u32>,
    },
    /// Delete an agent that has no live calls and no reservation
    #[command(after_help = "Example:\n  callslot agent delete support")]
    Delete {
        /// The agent's id
        id: String,
    },
}

/// Organisations.
#[derive(Debug, Args)]
pub struct Org {
    #[command(flatten)]
    pub remote: Remote,
    #[command(subcommand)]
    pub action: OrgAction,
}

/// What to do with organisations.
#[derive(Debug, Subcommand)]
pub enum OrgAction {
    /// List all organisations
    List,
    /// Show one organisation
    Show {
        /// The organisation's id
        id: String,
    },
    /// Create an organisation
    #[command(
        after_help = "Example:\n  callslot org create acme --name 'Acme Inc.' --plan enterprise"
    )]
    Create {
        /// The organisation's id
        id: String,
        /// Its name (default: its id)
        #[arg(long)]
        name: Option<String>,
        /// The plan it is on
        #[arg(long, default_value = "standard")]
        plan: String,
    },
    /// Change an organisation
    #[command(
        after_help = "Examples:\n  callslot org set acme --plan enterprise\n  callslot org set acme --limit 30\n  \
        callslot org set acme --limit plan"
    )]
    Set {
        /// The organisation's id
        id: String,
        /// A new name
        #[arg(long)]
        name: Option<String>,
        /// Another plan
        #[arg(long)]
        plan: Option<String>,
        /// A limit of its own, or `plan` for the plan's
        #[arg(long)]
        limit: Option<String>,
        /// How long a call without a lease may be active, in seconds; 0: without bound
        #[arg(long, value_name = "SECONDS")]
        max_call_duration: Option<u64>,
        /// How many calls may be queued
        #[arg(long)]
        max_queued: Option<u32>,
    },
    /// Delete an organisation that has no live calls, and its keys
    Delete {
        /// The organisation's id
        id: String,
    },
}

/// Plans.
#[derive(Debug, Args)]
pub struct Plan {
    #[command(flatten)]
    pub remote: Remote,
    #[command(subcommand)]
    pub action: PlanAction,
}

/// What to do with plans.
#[derive(Debug, Subcommand)]
pub enum PlanAction {
    /// List all plans
    List,
    /// Create or replace a plan, and give its limit to every organisation on it
    #[command(
        after_help = "Example:\n  callslot plan put enterprise --name Enterprise --limit 100"
    )]
    Put {
        /// The plan's id
        id: String,
        /// Its name (default: its id)
        #[arg(long)]
        name: Option<String>,
        /// How many calls an organisation on it may have active at once
        #[arg(long)]
        limit: u32,
    },
    /// Delete a plan that no organisation is on
    Delete {
        /// The plan's id
        id: String,
    },
}

/// API keys.
#[derive(Debug, Args)]
pub struct Key {
    #[command(flatten)]
    pub remote: Remote,
    #[command(subcommand)]
    pub action: KeyAction,
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum KeyAction {
    /// List keys, without their secrets
    List,
    /// Make a key and print its secret, this once
    #[command(
        after_help = "Examples:\n  callslot key create 'engine in Frankfurt' engine\n  callslot key create grafana viewer --json"
    )]
    Create {
        /// Its name
        name: String,
        /// What it may do
        role: Role,
    },
    /// Revoke a key
    #[command(after_help = "Example:\n  callslot key revoke key_6b86b273ff34fce1")]
    Revoke {
        /// The key's id
        id: String,
    },
}

/// A role on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Reads
    Viewer,
    /// Starts and ends calls too
    Engine,
    /// All of its organisation
    Admin,
    /// All organisations, and plans
    Operator,
}

/// Follows what happens.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot events\n  callslot events --after 0 --json\n  callslot events --types call.queued,call.started --agents support"
)]
pub struct Events {
    #[command(flatten)]
    pub remote: Remote,
    /// Begin after this event (default: now)
    #[arg(long)]
    pub after: Option<u64>,
    /// Only these events, separated by commas
    #[arg(long)]
    pub types: Option<String>,
    /// Only about these agents, separated by commas
    #[arg(long)]
    pub agents: Option<String>,
}

/// Looks for what keeps a server from running well.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot doctor\n  callslot doctor --data /var/lib/callslot --listen 0.0.0.0:7070"
)]
pub struct Doctor {
    #[command(flatten)]
    pub data: DataDirectory,
    /// Where the server is to listen
    #[arg(long, env = "CALLSLOT_LISTEN", default_value = "127.0.0.1:7070")]
    pub listen: SocketAddr,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn what_can_be_typed_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_first_help_fits_a_screen() {
        let help = Cli::command().term_width(80).render_help().to_string();
        assert!(help.lines().count() <= 24, "{} lines:\n{help}", help.lines().count());
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
    }

    #[test]
    fn every_command_that_takes_something_has_examples() {
        fn check(command: &clap::Command) {
            for sub in command.get_subcommands() {
                let takes = sub.get_positionals().count() > 0;
                let help = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
                let is_plain = matches!(sub.get_name(), "show" | "delete");
                assert!(
                    !takes || is_plain || help.contains("xample"),
                    "{} has no example",
                    sub.get_name()
                );
                check(sub);
            }
        }
        check(&Cli::command());
    }
}
