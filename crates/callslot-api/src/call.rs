//! The JSON of calls.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{AgentId, CallId, Claimant, GateId, LeaseId};
use crate::metadata::{self, Metadata};
use crate::problem::Problem;
use crate::strict;
use crate::time::Time;

/// How the caller and the agent talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
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

/// The state of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CallState {
    /// Waits for a slot.
    Queued,
    /// Holds a slot.
    Active,
    /// Is over.
    Ended,
}

/// Which kind of slot a call took when it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SlotKind {
    /// One reserved for its agent and type.
    Reserved,
    /// One of the shared pool.
    Shared,
}

/// Why a queued call is not started: the first of these that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockedOn {
    /// Its agent has no reservation of the type, and there is no shared slot at all or a cap is 0: it cannot start before
    /// somebody changes settings.
    NothingShared,
    /// As many calls are active as the limit allows.
    Limit,
    /// More is in use or promised than the limit allows, since settings changed under load.
    Settling,
    /// What the agent's cap leaves is in use or reserved for its other types.
    AgentCap,
    /// What the type's cap leaves is in use or reserved for other agents.
    TypeCap,
    /// As many calls are active through one of its gates as the gate's cap allows.
    GateCap,
    /// One of its gates is paused.
    GatePaused,
    /// One of its gates is outside its hours.
    GateHours,
    /// The pace of its agent, its type or one of its gates has no start to give now.
    Paced,
    /// The shared pool is in use, and the agent has no idle reserved slot of the type.
    SharedFull,
}

/// Whose cap, pace, pause or hours a queued call waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum BlockedBy {
    /// This agent's.
    #[schema(value_type = AgentId)]
    Agent(String),
    /// This type's.
    Type(CallType),
    /// This gate's.
    #[schema(value_type = GateId)]
    Gate(String),
}

/// Why a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The client ended an active call.
    Completed,
    /// The client ended a queued call, or ended it before it came.
    Canceled,
    /// Its lease ran out or was ended.
    LeaseExpired,
    /// Its engine did not know it when asked.
    Reconciled,
    /// It was active for its own `max_duration_s`, or without a lease for the organisation's `max_call_duration_s`.
    MaxDuration,
    /// It was queued for its `max_wait_s`, or could not start at once and may not wait.
    MaxWait,
    /// It was dispatched three times and never claimed.
    Unclaimed,
    /// The one who was to take it up declined it for good.
    Declined,
}

/// A call to start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallStart {
    /// The agent that is to handle it.
    #[schema(value_type = AgentId)]
    pub agent: String,
    /// Its type.
    #[serde(rename = "type", deserialize_with = "strict::name")]
    pub call_type: CallType,
    /// The client's own id for it: 1 to 128 printable ASCII characters without spaces and `/`. Repeating an id returns the call
    /// and takes no second slot. If absent, the server makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CallId>)]
    pub id: Option<String>,
    /// The lease that covers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LeaseId>)]
    pub lease: Option<String>,
    /// The gates that it passes, up to 4. Their order does not matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<GateId>, required = false, max_items = 4, example = json!([]))]
    pub gates: Vec<String>,
    /// How long it may be queued, in seconds; 0: it starts now or ends at once. If absent: the organisation's default for the
    /// type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 2_592_000)]
    pub max_wait_s: Option<u64>,
    /// How long it may be active, in seconds. It ends then with the reason `max_duration`, whether or not it has a lease.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 31_536_000)]
    pub max_duration_s: Option<u64>,
    /// Whether it ends, `canceled`, if the client goes away that waits for its start. Only with `wait_s`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cancel_on_disconnect: bool,
    /// How soon it must be claimed once it has a slot, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3600)]
    pub claim_within_s: Option<u64>,
    /// Any JSON object of up to 4 KiB, nested up to 64 deep, returned with the call.
    #[serde(
        default,
        deserialize_with = "metadata::optional",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<Metadata>,
}

impl CallStart {
    /// A call that asks for nothing but a slot, and leaves its id to the server.
    #[must_use]
    pub fn new(agent: &str, call_type: CallType) -> Self {
        Self {
            agent: agent.to_owned(),
            call_type,
            id: None,
            lease: None,
            gates: Vec::new(),
            max_wait_s: None,
            max_duration_s: None,
            cancel_on_disconnect: false,
            claim_within_s: None,
            metadata: None,
        }
    }
}

/// A call as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Call {
    /// Its id.
    #[schema(value_type = CallId)]
    pub id: String,
    /// The agent that handles it.
    #[schema(value_type = AgentId)]
    pub agent: String,
    /// Its type.
    #[serde(rename = "type")]
    pub call_type: CallType,
    /// The gates that it passes, by id.
    #[schema(value_type = Vec<GateId>, max_items = 4)]
    pub gates: Vec<String>,
    /// Its state.
    pub state: CallState,
    /// The kind of slot it took when it started.
    #[schema(required)]
    pub slot: Option<SlotKind>,
    /// While queued: 1 for the earliest call in the organisation's queue.
    #[schema(required, minimum = 1)]
    pub position: Option<u64>,
    /// While queued: 1 for the earliest call of its agent and type.
    #[schema(required, minimum = 1)]
    pub position_in_class: Option<u64>,
    /// While queued: why it is not started.
    #[schema(required)]
    pub blocked_on: Option<BlockedOn>,
    /// While queued: whose cap, pace, pause or hours that is; null when it is nobody's.
    #[schema(required)]
    pub blocked_by: Option<BlockedBy>,
    /// While queued and `paced` or held by `gate_hours`: in how long the pace has a start to give or the hours begin, in milliseconds;
    /// null if they never do.
    #[schema(required)]
    pub retry_in_ms: Option<u64>,
    /// While queued: an estimate of how much longer it waits, in milliseconds; null if nothing supports one.
    #[schema(required)]
    pub estimated_wait_ms: Option<u64>,
    /// When it was requested.
    pub requested_at: Time,
    /// When it took its slot.
    #[schema(required)]
    pub started_at: Option<Time>,
    /// When it ended.
    #[schema(required)]
    pub ended_at: Option<Time>,
    /// Why it ended.
    #[schema(required)]
    pub reason: Option<EndReason>,
    /// The client's remark about the end.
    #[schema(required, max_length = 1000)]
    pub note: Option<String>,
    /// The lease that covers it.
    #[schema(required, value_type = Option<LeaseId>)]
    pub lease: Option<String>,
    /// The client's own JSON object.
    #[schema(value_type = Object)]
    pub metadata: Metadata,
}

/// How a call is claimed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallClaim {
    /// Who claims it. If absent: the call's lease or, without a lease, the key. The first claim wins; the same claimant may
    /// repeat it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Claimant>)]
    pub claimant: Option<String>,
}

/// How a call is declined.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallDecline {
    /// Whether the call ends. Otherwise it goes back to the queue.
    #[serde(default)]
    pub for_good: bool,
    /// The client's remark, up to 1,000 characters, which is kept if the call ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000, example = "no operator speaks Finnish")]
    pub note: Option<String>,
}

/// How a call is ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallEnd {
    /// The client's remark about the end, up to 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000, example = "caller hung up")]
    pub note: Option<String>,
}

/// Which calls to end: those that match all that is given. One of `agent`, `type`, `gate`, `state` and `ids` must be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "agent": "support", "state": "queued" }))]
pub struct CallsEnd {
    /// Only calls of this agent.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(nullable = false, value_type = Option<AgentId>, example = "support")]
    pub agent: Option<String>,
    /// Only calls of this type.
    #[serde(
        rename = "type",
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(nullable = false, value_type = Option<CallType>)]
    pub call_type: Option<CallType>,
    /// Only calls that pass this gate.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(nullable = false, value_type = Option<GateId>, example = "spring")]
    pub gate: Option<String>,
    /// Only queued calls, or only active ones.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(nullable = false, value_type = Option<LiveCallState>)]
    pub state: Option<LiveCallState>,
    /// Only these calls, up to 10,000. Those that are not live are passed over; where nothing else is given, those that have not come
    /// are remembered for 60 s, and a start that comes late finds them `canceled`.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(nullable = false, value_type = Option<Vec<CallId>>, max_items = 10_000)]
    pub ids: Option<Vec<String>>,
    /// The client's remark about the ends, up to 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000, example = "campaign stopped")]
    pub note: Option<String>,
}

/// A state that a call ends from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LiveCallState {
    /// It waits in the queue.
    Queued,
    /// It holds a slot.
    Active,
}

/// How many calls were ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallsEnded {
    /// How many.
    pub ended: u64,
}

/// Calls to start at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallBatch {
    /// Up to 1,000 calls, started in this order.
    #[serde(deserialize_with = "strict::objects")]
    #[schema(max_items = 1000)]
    pub calls: Vec<CallStart>,
}

/// The outcome of each call of a batch, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallBatchResults {
    /// One result per call.
    #[schema(max_items = 1000)]
    pub results: Vec<BatchResult>,
}

/// The outcome of one call of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum BatchResult {
    /// The call as it is now.
    Call(Box<Call>),
    /// Why it was refused.
    Error(Box<Problem>),
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_false(value: &bool) -> bool {
    !value
}
