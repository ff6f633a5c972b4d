//! `callslot call`: starts, ends, shows, lists and erases calls.

use callslot_api::limits::MAX_WAIT_S;
use callslot_api::{self as api, Client, Time};
use callslot_server::wall_now;
use clap::{Args, Subcommand, ValueEnum};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{or_dash, show, show_list, span, to_the_second, word};
use crate::remote::{Remote, all_pages, given, id};

/// How many calls the API lists per page.
const PAGE: &str = "1000";
/// How long `--wait` waits without a number: the largest there is.
const FOR_EVER_S: &str = "18446744073709551615";

/// Starts, ends, shows, lists and erases calls.
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
    #[command(after_help = "Examples:\n  callslot call end sip-77@pbx --note 'caller hung up'\n  \
        callslot call end --agent sales --state queued --yes")]
    End(End),
    /// Show one call
    #[command(after_help = "Example:\n  callslot call show sip-77@pbx --json")]
    Show {
        /// The call's id
        #[arg(value_parser = id)]
        id: String,
    },
    /// List calls
    List(List),
    /// Remove the metadata and the note of an ended call for good
    #[command(after_help = "Example:\n  callslot call erase sip-77@pbx\n\n\
        Everything else about the call stays. The audit says who did it, not what there was.\n\n\
        Exit codes: 0 they are gone, also if there were none, 1 refused (the call has not\n            \
        ended, or is unknown) or failed, 2 wrong usage")]
    Erase {
        /// The call's id
        #[arg(value_parser = id)]
        id: String,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  callslot call start support inbound\n  \
    callslot call start sales outbound --id sip-77@pbx --wait 30\n  \
    callslot call start sales outbound --gate spring --gate trunk-east\n  \
    callslot call start support chat --metadata '{\"room\":7}' --wait\n\n\
Exit codes: 0 the call is active, 1 refused or failed, 2 wrong usage,\n            \
3 it is queued, 4 it has ended")]
struct Start {
    /// The agent
    #[arg(value_parser = id)]
    agent: String,
    /// webcall, chat, outbound or inbound
    #[arg(value_name = "TYPE")]
    call_type: CallType,
    /// An id of your own; repeating the start with it takes no second slot
    #[arg(long, value_parser = id)]
    id: Option<String>,
    /// The lease that keeps the call alive
    #[arg(long, value_parser = id)]
    lease: Option<String>,
    /// A gate that the call passes (repeat the flag; up to 4)
    #[arg(long = "gate", value_name = "GATE", value_parser = id)]
    gates: Vec<String>,
    /// Maximum time in the queue, in seconds; 0: start now or end
    #[arg(long, value_name = "SECONDS")]
    max_wait: Option<u64>,
    /// Maximum time that the call is active, in seconds
    #[arg(long, value_name = "SECONDS")]
    max_duration: Option<u64>,
    /// Time to claim the call once it has a slot, in seconds
    #[arg(long, value_name = "SECONDS")]
    claim_within: Option<u64>,
    /// A JSON object to keep with the call
    #[arg(long, value_name = "JSON")]
    metadata: Option<String>,
    /// Wait until the call leaves the queue, or for that many seconds
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = FOR_EVER_S)]
    wait: Option<u64>,
}

#[derive(Debug, Args)]
struct End {
    /// The call's id; without it, all calls that match
    #[arg(value_parser = id, required_unless_present_any = ["agent", "call_type", "gate", "state"], conflicts_with_all = ["agent", "call_type", "gate", "state"])]
    id: Option<String>,
    /// All live calls of this agent
    #[arg(long, value_parser = id)]
    agent: Option<String>,
    /// All live calls of this type
    #[arg(long = "type", value_name = "TYPE")]
    call_type: Option<CallType>,
    /// All live calls that pass this gate
    #[arg(long, value_parser = id)]
    gate: Option<String>,
    /// All calls that are queued, or all that are active
    #[arg(long)]
    state: Option<LiveCallState>,
    /// Go ahead with the end of many calls
    #[arg(long)]
    yes: bool,
    /// A note to keep with the call
    #[arg(long)]
    note: Option<String>,
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
    /// Only calls that pass this gate
    #[arg(long, value_parser = id)]
    gate: Option<String>,
    /// Maximum number of calls to list
    #[arg(long, default_value_t = 1000)]
    most: usize,
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

/// A live call's state on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LiveCallState {
    /// Waits in the queue.
    Queued,
    /// Holds a slot.
    Active,
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
    pub fn run(&self) -> Result<Exit, Failure> {
        let client = self.remote.client()?;
        let json = self.remote.json;
        match &self.action {
            Action::Start(start) => {
                let call = start.run(&client)?;
                show_call(&call, json);
                return Ok(match call.state {
                    api::CallState::Active => Exit::Done,
                    api::CallState::Queued => Exit::Queued,
                    api::CallState::Ended => Exit::Ended,
                });
            }
            Action::End(end) => end.run(&client, json)?,
            Action::Show { id } => show_call(&client.call(id, 0)?, json),
            Action::List(list) => show_calls(list.read(&client)?, json),
            Action::Erase { id } => {
                let call = client.erase_call(id)?;
                show(json, &call, &format!("{} has no metadata and no note any more", call.id));
            }
        }
        Ok(Exit::Done)
    }
}

impl Start {
    /// Starts the call, and waits as long as was asked: poll by poll, since the server holds an answer for a minute at most.
    fn run(&self, client: &Client) -> Result<api::Call, Failure> {
        let mut left_s = self.wait.unwrap_or(0);
        let mut next_s = || {
            let poll_s = left_s.min(MAX_WAIT_S);
            left_s -= poll_s;
            poll_s
        };
        // Not waited for at first: who waits knows the call's id, whatever becomes of the wait.
        let mut call = client.start_call(&self.request()?, 0)?;
        if call.state == api::CallState::Queued && self.wait.is_some_and(|wait_s| wait_s > 0) {
            eprintln!(
                "{id} is queued and waits for a slot; `callslot call show {id}` shows it, `callslot call end {id}` ends it",
                id = call.id
            );
        }
        while call.state == api::CallState::Queued {
            let poll_s = next_s();
            if poll_s == 0 {
                break;
            }
            call = client.call(&call.id, poll_s)?;
        }
        Ok(call)
    }

    fn request(&self) -> Result<api::CallStart, Failure> {
        Ok(api::CallStart {
            agent: self.agent.clone(),
            call_type: self.call_type.into(),
            id: self.id.clone(),
            lease: self.lease.clone(),
            gates: self.gates.clone(),
            max_wait_s: self.max_wait,
            max_duration_s: self.max_duration,
            claim_within_s: self.claim_within,
            cancel_on_disconnect: false,
            metadata: self.metadata.as_deref().map(parsed_metadata).transpose()?,
        })
    }
}

impl End {
    fn run(&self, client: &Client, json: bool) -> Result<(), Failure> {
        let note = self.note.clone();
        if let Some(id) = &self.id {
            show_call(&client.end_call(id, &api::CallEnd { note })?, json);
            return Ok(());
        }
        if !self.yes {
            return Err(Failure::said("this ends all calls that match; add --yes to go ahead"));
        }
        let state = self.state.map(|state| match state {
            LiveCallState::Queued => api::LiveCallState::Queued,
            LiveCallState::Active => api::LiveCallState::Active,
        });
        let (agent, call_type) = (self.agent.clone(), self.call_type.map(Into::into));
        let ended = client.end_calls(&api::CallsEnd {
            agent,
            call_type,
            gate: self.gate.clone(),
            state,
            ids: None,
            note,
        })?;
        show(json, &ended, &format!("{} calls have ended", ended.ended));
        Ok(())
    }
}

impl List {
    fn read(&self, client: &Client) -> Result<Vec<api::Call>, Failure> {
        let call_type = self.call_type.map(|call_type| word(&api::CallType::from(call_type)));
        let filters = given(&[
            ("state", self.state.map(CallState::word)),
            ("agent", self.agent.as_deref()),
            ("type", call_type.as_deref()),
            ("gate", self.gate.as_deref()),
            ("limit", Some(PAGE)),
        ]);
        let mut calls = all_pages(
            |cursor| {
                let cursor = cursor.map(|cursor| ("cursor", cursor));
                client.calls(&filters.iter().copied().chain(cursor).collect::<Vec<_>>())
            },
            self.most.saturating_add(1),
        )?;
        if calls.len() > self.most {
            calls.truncate(self.most);
            eprintln!("only the first {} calls are shown; --most shows more", self.most);
        }
        Ok(calls)
    }
}

fn show_call(call: &api::Call, json: bool) {
    let more = match call.state {
        api::CallState::Queued => format!(
            ", position {}, blocked on {}",
            or_dash(call.position),
            held(call).unwrap_or_default()
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

/// Shows calls; live ones in the order in which they were asked for.
fn show_calls(mut calls: Vec<api::Call>, json: bool) {
    if !json && calls.iter().all(|call| call.ended_at.is_none()) {
        calls.sort_by_key(|call| call.requested_at.0);
    }
    let now = Time(wall_now().0);
    let heading = ["id", "agent", "type", "state", "requested", "waited", "why"];
    show_list(json, &calls, &heading, |call| {
        let until = call.started_at.or(call.ended_at).unwrap_or(now);
        let why = held(call).or(call.reason.map(|why| word(&why)));
        vec![
            call.id.clone(),
            call.agent.clone(),
            word(&call.call_type),
            word(&call.state),
            to_the_second(call.requested_at),
            span(until.0.saturating_sub(call.requested_at.0)),
            why.unwrap_or_default(),
        ]
    });
}

/// What holds a queued call, and whose that is.
fn held(call: &api::Call) -> Option<String> {
    let blocked_on = word(&call.blocked_on?);
    Some(match &call.blocked_by {
        Some(api::BlockedBy::Agent(id)) => format!("{blocked_on} of agent {id}"),
        Some(api::BlockedBy::Type(call_type)) => {
            format!("{blocked_on} of type {}", word(call_type))
        }
        Some(api::BlockedBy::Gate(id)) => format!("{blocked_on} of gate {id}"),
        None => blocked_on,
    })
}

fn parsed_metadata(text: &str) -> Result<api::Metadata, Failure> {
    api::Metadata::parse(text).map_err(|error| {
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
