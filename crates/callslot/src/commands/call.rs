//! `callslot call`: starts, ends, shows and lists calls.

use callslot_api::{self as api, Client};
use clap::{Args, Subcommand, ValueEnum};

use crate::failure::Failure;
use crate::output::{or_dash, show, show_list, word};
use crate::remote::{Remote, all_pages, given};

/// How many calls the API lists per page.
const PAGE: &str = "1000";

/// Starts, ends, shows and lists calls.
#[derive(Debug, Args)]
pub struct Call {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Start a call, or queue it
    Start(Start),
    /// End a call, queued or active
    #[command(after_help = "Example:\n  callslot call end sip-77@pbx --note 'caller hung up'")]
    End {
        /// The call's id
        id: String,
        /// A note to keep with the call
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
    List(List),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  callslot call start support inbound\n  \
    callslot call start sales outbound --id sip-77@pbx --wait 30\n  \
    callslot call start support chat --metadata '{\"room\":7}'")]
struct Start {
    /// The agent
    agent: String,
    /// webcall, chat, outbound or inbound
    #[arg(value_name = "TYPE")]
    call_type: CallType,
    /// An id of your own; repeating the start with it takes no second slot
    #[arg(long)]
    id: Option<String>,
    /// The lease that keeps the call alive
    #[arg(long)]
    lease: Option<String>,
    /// Maximum time in the queue, in seconds
    #[arg(long, value_name = "SECONDS")]
    max_wait: Option<u64>,
    /// Time to claim the call once it has a slot, in seconds
    #[arg(long, value_name = "SECONDS")]
    claim_within: Option<u64>,
    /// A JSON object to keep with the call
    #[arg(long, value_name = "JSON")]
    metadata: Option<String>,
    /// Wait for a slot, up to 60 seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot call list --state queued\n  callslot call list --state ended --agent support"
)]
struct List {
    /// queued, active or ended (default: queued and active)
    #[arg(long)]
    state: Option<CallState>,
    /// Only calls of this agent
    #[arg(long)]
    agent: Option<String>,
    /// Only calls of this type
    #[arg(long = "type", value_name = "TYPE")]
    call_type: Option<CallType>,
    /// Maximum number of calls to list
    #[arg(long, default_value_t = 1000)]
    most: usize,
}

/// A call type on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CallType {
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
enum CallState {
    /// Waits in the queue.
    Queued,
    /// Holds a slot.
    Active,
    /// Has ended.
    Ended,
}

impl Call {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client();
        let json = self.remote.json;
        match &self.action {
            Action::Start(start) => {
                show_call(&client.start_call(&start.request()?, start.wait)?, json);
            }
            Action::End { id, note } => {
                show_call(&client.end_call(id, &api::CallEnd { note: note.clone() })?, json);
            }
            Action::Show { id } => show_call(&client.call(id, 0)?, json),
            Action::List(list) => show_calls(&list.read(&client)?, json),
        }
        Ok(())
    }
}

impl Start {
    fn request(&self) -> Result<api::CallStart, Failure> {
        Ok(api::CallStart {
            agent: self.agent.clone(),
            call_type: self.call_type.into(),
            id: self.id.clone(),
            lease: self.lease.clone(),
            max_wait_s: self.max_wait,
            claim_within_s: self.claim_within,
            metadata: self.metadata.as_deref().map(parsed_metadata).transpose()?,
        })
    }
}

impl List {
    fn read(&self, client: &Client) -> Result<Vec<api::Call>, Failure> {
        let call_type = self.call_type.map(|call_type| word(&api::CallType::from(call_type)));
        let filters = given(&[
            ("state", self.state.map(CallState::word)),
            ("agent", self.agent.as_deref()),
            ("type", call_type.as_deref()),
            ("limit", Some(PAGE)),
        ]);
        let mut calls = all_pages(
            |cursor| {
                let cursor = cursor.map(|cursor| ("cursor", cursor));
                client.calls(&filters.iter().copied().chain(cursor).collect::<Vec<_>>())
            },
            self.most,
        )?;
        calls.truncate(self.most);
        Ok(calls)
    }
}

fn show_call(call: &api::Call, json: bool) {
    let more = match call.state {
        api::CallState::Queued => format!(
            ", position {}, blocked on {}",
            or_dash(call.position),
            call.blocked_on.map(|why| word(&why)).unwrap_or_default()
        ),
        api::CallState::Active => {
            format!(", on a {} slot", call.slot.map(|slot| word(&slot)).unwrap_or_default())
        }
        api::CallState::Ended => {
            format!(", {}", call.reason.map(|reason| word(&reason)).unwrap_or_default())
        }
    };
    show(json, call, &format!("{} is {}{more}", call.id, word(&call.state)));
}

fn show_calls(calls: &[api::Call], json: bool) {
    show_list(json, calls, &["id", "agent", "type", "state", "requested", "why"], |call| {
        let why = call.blocked_on.map(|why| word(&why)).or(call.reason.map(|why| word(&why)));
        vec![
            call.id.clone(),
            call.agent.clone(),
            word(&call.call_type),
            word(&call.state),
            call.requested_at.to_string(),
            why.unwrap_or_default(),
        ]
    });
}

fn parsed_metadata(text: &str) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
    serde_json::from_str(text).map_err(|error| {
        Failure::said(format!("--metadata is not a JSON object: {error}; try '{{\"room\":7}}'"))
    })
}

impl From<CallType> for api::CallType {
    fn from(call_type: CallType) -> Self {
        match call_type {
            CallType::Webcall => Self::Webcall,
            CallType::Chat => Self::Chat,
            CallType::Outbound => Self::Outbound,
            CallType::Inbound => Self::Inbound,
        }
    }
}

impl CallState {
    fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Active => "active",
            Self::Ended => "ended",
        }
    }
}
