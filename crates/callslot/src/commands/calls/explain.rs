//! `callslot explain`: why a call waits, runs or has ended, in sentences, and what would help.

use callslot_api::{BlockedBy, BlockedOn, Call, CallState, EndReason, Gate, Pool};
use clap::Args;

use crate::failure::Failure;
use crate::output::{print_json, print_line, span, word};
use crate::remote::{Remote, id};

/// Says in sentences why a call waits, or why it has ended.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot explain sip-77@pbx.example.com\n  callslot explain call_8f2a --json"
)]
pub struct Explain {
    #[command(flatten)]
    remote: Remote,
    /// The call's id
    #[arg(value_parser = id)]
    id: String,
}

impl Explain {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let call = client.call(&self.id, 0)?;
        if self.remote.json {
            print_json(&call);
            return Ok(());
        }
        let sentences = match call.state {
            CallState::Queued => {
                let gate = match &call.blocked_by {
                    Some(BlockedBy::Gate(gate)) => Some(client.gate(gate)?),
                    Some(BlockedBy::Agent(_) | BlockedBy::Type(_)) | None => None,
                };
                waits(&call, &client.pool()?, gate.as_ref())
            }
            CallState::Active => vec![holds(&call)],
            CallState::Ended => vec![has_ended(&call)],
        };
        for sentence in sentences {
            print_line(&sentence);
        }
        Ok(())
    }
}

/// Where a queued call stands, what holds it, and what would help.
fn waits(call: &Call, pool: &Pool, gate: Option<&Gate>) -> Vec<String> {
    let Call { id, agent, .. } = call;
    let call_type = word(&call.call_type);
    let mut sentences = vec![format!(
        "{id} waits: it is number {} in the queue, and number {} of the {call_type} calls of {agent}.",
        call.position.unwrap_or_default(),
        call.position_in_class.unwrap_or_default()
    )];
    sentences.extend(call.blocked_on.map(|held| by(held, call, pool, gate)));
    sentences.push(match (call.blocked_on, call.estimated_wait_ms) {
        (_, Some(ms)) => format!("It may start in about {}.", span(ms)),
        (Some(BlockedOn::NothingShared | BlockedOn::GatePaused), None) => {
            "It cannot start before somebody changes that.".into()
        }
        (_, None) => "Nothing is known yet that its wait could be estimated from.".into(),
    });
    sentences
}

/// What holds it, with the numbers and the next step.
fn by(held: BlockedOn, call: &Call, pool: &Pool, gate: Option<&Gate>) -> String {
    let call_type = word(&call.call_type);
    let agent = &call.agent;
    let gate_id = gate.map(|gate| gate.id.as_str()).unwrap_or_default();
    let retry =
        call.retry_in_ms.map(|ms| format!(", the next one in {}", span(ms))).unwrap_or_default();
    match held {
        BlockedOn::Limit => format!(
            "All {} slots of the organisation are in use. A call that ends, or a higher limit, makes room.",
            pool.limit
        ),
        BlockedOn::SharedFull => format!(
            "All {} shared slots are in use, and {agent} has no idle reserved slot for {call_type} calls. \
             `callslot reserve {agent}` reserves some.",
            pool.shared.size
        ),
        BlockedOn::NothingShared => format!(
            "No slot is shared, or a cap is 0, and {agent} has none reserved for {call_type} calls. \
             `callslot reserve {agent}` reserves some, if there is room."
        ),
        BlockedOn::Settling => format!(
            "{} more calls are in use or promised than the limit allows, since settings changed. It goes on as calls end.",
            pool.settling
        ),
        BlockedOn::AgentCap => format!(
            "The cap of agent {agent} is reached. A call of it that ends, or a higher cap (`callslot agent put {agent}`), makes room."
        ),
        BlockedOn::TypeCap => format!(
            "The cap of {call_type} calls is reached. One that ends, or a higher cap (`callslot type put {call_type}`), makes room."
        ),
        BlockedOn::GateCap => format!(
            "The cap of gate {gate_id} is reached: {} calls are active through it. One that ends, or a higher cap, makes room.",
            gate.map_or(0, |gate| gate.active)
        ),
        BlockedOn::GatePaused => {
            format!(
                "Gate {gate_id} is paused. `callslot gate resume {gate_id}` lets its calls start."
            )
        }
        BlockedOn::GateHours => format!(
            "Gate {gate_id} is outside its hours{}.",
            gate.and_then(|gate| gate.opens_in_ms)
                .map(|ms| format!("; it opens in {}", span(ms)))
                .unwrap_or_default()
        ),
        BlockedOn::Paced => {
            let whose = match &call.blocked_by {
                Some(BlockedBy::Gate(gate)) => format!("gate {gate}"),
                Some(BlockedBy::Agent(agent)) => format!("agent {agent}"),
                Some(BlockedBy::Type(call_type)) => format!("{} calls", word(call_type)),
                None => "its way".into(),
            };
            format!("The pace of {whose} has no start to give now{retry}.")
        }
    }
}

fn holds(call: &Call) -> String {
    let slot = call.slot.map(|slot| word(&slot)).unwrap_or_default();
    let since = call.started_at.map(|at| format!(" since {at}")).unwrap_or_default();
    let waited = call.started_at.map_or(0, |at| at.0.saturating_sub(call.requested_at.0));
    let waited = if waited == 0 { "at once".into() } else { format!("after {}", span(waited)) };
    format!("{} is active{since}: it started {waited} on a {slot} slot.", call.id)
}

fn has_ended(call: &Call) -> String {
    let when = call.ended_at.map(|at| format!(" at {at}")).unwrap_or_default();
    let why = match call.reason {
        Some(EndReason::Completed) => "its client ended it",
        Some(EndReason::Canceled) => "its client ended it before it started",
        Some(EndReason::LeaseExpired) => "the lease of its engine ran out or was ended",
        Some(EndReason::Reconciled) => "its engine no longer knew it",
        Some(EndReason::MaxDuration) => "it was active for as long as calls may be",
        Some(EndReason::MaxWait) => "it waited for as long as it was to wait",
        Some(EndReason::Unclaimed) => "it was dispatched three times and nobody claimed it",
        Some(EndReason::Declined) => "the one who was to take it up declined it for good",
        None => "the reason is not known",
    };
    let note = call.note.as_ref().map(|note| format!(" Note: {note}")).unwrap_or_default();
    format!("{} ended{when}: {why}.{note}", call.id)
}
