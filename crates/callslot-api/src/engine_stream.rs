//! The frames of `GET /v1/connect`, the stream for call engines. A message holds one frame, or an array of frames.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::call::{BatchResult, BlockedBy, BlockedOn, Call, CallStart, CallType};
use crate::id::{AgentId, CallId, GateId, LeaseId};
use crate::lease::UnknownCall;
use crate::metadata::{self, Metadata};
use crate::strict;

/// What a client sends on `GET /v1/connect`: one of these, or an array of up to 1,000.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum ClientFrame {
    /// Starts or queues a call under the connection's lease.
    Start(StartFrame),
    /// Claims a dispatched call that asked for a claim, for the connection's lease.
    Claim(ClaimFrame),
    /// Declines a dispatched call that is to be claimed.
    Decline(DeclineFrame),
    /// Ends a call, queued or active.
    End(EndFrame),
    /// Adopts a call: it is one of the connection's lease from then on.
    Adopt(AdoptFrame),
    /// Continues the lease of an earlier connection, before the first `start` or `adopt`.
    Resume(ResumeFrame),
}

/// The part that all frames of clients have: what is asked, and by which number the answer is to be known.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
pub struct FrameHead {
    /// What is asked.
    pub op: String,
    /// The client's number for it.
    #[serde(rename = "ref", default)]
    pub reference: Option<u64>,
}

/// `start`: a call to start under the connection's lease. Its fields are those of a `CallStart`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartFrame {
    /// What is asked.
    #[serde(default, skip_serializing)]
    #[schema(value_type = String, required, pattern = "^start$", example = "start")]
    pub op: IgnoredAny,
    /// Returned with the answer.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 1)]
    pub reference: Option<u64>,
    /// The agent that is to handle it.
    #[schema(value_type = AgentId)]
    pub agent: String,
    /// Its type.
    #[serde(rename = "type", deserialize_with = "strict::name")]
    pub call_type: CallType,
    /// The client's own id for it. If absent, the server makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CallId>)]
    pub id: Option<String>,
    /// The gates that it passes, up to 4. Their order does not matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<GateId>, required = false, max_items = 4, example = json!([]))]
    pub gates: Vec<String>,
    /// How long it may be queued, in seconds; 0: it starts now or ends at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 2_592_000)]
    pub max_wait_s: Option<u64>,
    /// How long it may be active, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 31_536_000)]
    pub max_duration_s: Option<u64>,
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

impl From<StartFrame> for CallStart {
    /// The call asked for, yet without a lease.
    fn from(frame: StartFrame) -> Self {
        let StartFrame { agent, call_type, id, max_wait_s, max_duration_s, .. } = frame;
        let StartFrame { gates, claim_within_s, metadata, .. } = frame;
        Self {
            agent,
            call_type,
            id,
            lease: None,
            gates,
            max_wait_s,
            max_duration_s,
            claim_within_s,
            cancel_on_disconnect: false,
            metadata,
        }
    }
}

/// `claim`: a dispatched call to claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimFrame {
    /// What is asked.
    #[serde(default, skip_serializing)]
    #[schema(value_type = String, required, pattern = "^claim$", example = "claim")]
    pub op: IgnoredAny,
    /// Returned with the answer.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 2)]
    pub reference: Option<u64>,
    /// The call's id.
    #[schema(value_type = CallId)]
    pub id: String,
}

/// `decline`: a dispatched call to give back, for now or for good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineFrame {
    /// What is asked.
    #[serde(default, skip_serializing)]
    #[schema(value_type = String, required, pattern = "^decline$", example = "decline")]
    pub op: IgnoredAny,
    /// Returned with the answer.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 6)]
    pub reference: Option<u64>,
    /// The call's id.
    #[schema(value_type = CallId)]
    pub id: String,
    /// Whether the call ends. Otherwise it goes back to the queue.
    #[serde(default)]
    pub for_good: bool,
    /// The client's remark, up to 1,000 characters, which is kept if the call ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000, example = "no operator speaks Finnish")]
    pub note: Option<String>,
}

/// `end`: a call to end. It need not be one of the connection's lease.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndFrame {
    /// What is asked.
    #[serde(default, skip_serializing)]
    #[schema(value_type = String, required, pattern = "^end$", example = "end")]
    pub op: IgnoredAny,
    /// Returned with the answer.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 3)]
    pub reference: Option<u64>,
    /// The call's id.
    #[schema(value_type = CallId)]
    pub id: String,
    /// The client's remark about the end, up to 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000, example = "caller hung up")]
    pub note: Option<String>,
}

/// `adopt`: a live call that moves to the connection's lease, whatever its own is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdoptFrame {
    /// What is asked.
    #[serde(default, skip_serializing)]
    #[schema(value_type = String, required, pattern = "^adopt$", example = "adopt")]
    pub op: IgnoredAny,
    /// Returned with the answer.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 5)]
    pub reference: Option<u64>,
    /// The call's id.
    #[schema(value_type = CallId)]
    pub id: String,
}

/// `resume`: the lease of an earlier connection, to be continued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeFrame {
    /// What is asked.
    #[serde(default, skip_serializing)]
    #[schema(value_type = String, required, pattern = "^resume$", example = "resume")]
    pub op: IgnoredAny,
    /// Returned with the answer.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 4)]
    pub reference: Option<u64>,
    /// The lease's id.
    #[schema(value_type = LeaseId)]
    pub lease: String,
    /// The calls that the client believes are live under it. The answer says which of them are not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<CallId>, required = false)]
    pub calls: Vec<String>,
}

/// What the server sends on `GET /v1/connect`: one of these, or an array.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ServerFrame {
    /// What happened.
    Told(ToldFrame),
    /// The answer to a frame.
    Answer(AnswerFrame),
}

/// The answer to a frame: the call as it is now, exactly as over HTTP, or why the frame was refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AnswerFrame {
    /// The frame's own `ref`, if it had one that could be read.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 1)]
    pub reference: Option<u64>,
    /// The call, or the problem.
    #[serde(flatten)]
    pub outcome: BatchResult,
}

/// What the server sends on its own, and the answer to a `resume`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum ToldFrame {
    /// The first frame of a connection.
    Hello {
        /// The connection's own lease.
        #[schema(value_type = LeaseId)]
        lease: String,
        /// How long it lives after the connection is gone, in seconds.
        grace_s: u64,
    },
    /// A lease was resumed. A long answer comes in several of these.
    Resumed(Resumed),
    /// A call of the lease got its slot, or the lease adopted an active call.
    Started {
        /// The call.
        call: Box<Call>,
    },
    /// A call of the lease is queued: it was not claimed in time, or another client started it under this lease or had the
    /// lease adopt it.
    Queued {
        /// The call.
        call: Box<Call>,
    },
    /// A call of the lease ended, but not through this connection.
    Ended {
        /// The call, with the reason.
        call: Box<Call>,
    },
    /// Another lease has adopted a call of this one. Nothing more is told of it.
    Adopted {
        /// The call, with the lease that it has now.
        call: Box<Call>,
    },
    /// A queued call's position has changed.
    Position {
        /// The call's id.
        #[schema(value_type = CallId)]
        id: String,
        /// 1 for the earliest call in the organisation's queue.
        #[schema(minimum = 1)]
        position: u64,
        /// Why it is not started.
        blocked_on: BlockedOn,
        /// Whose cap, pace, pause or hours that is; null when it is nobody's.
        #[schema(required)]
        blocked_by: Option<BlockedBy>,
        /// When it is `paced` or held by `gate_hours`: in how long the pace has a start to give or the hours begin, in milliseconds;
        /// null if they never do.
        #[schema(required)]
        retry_in_ms: Option<u64>,
        /// An estimate of how much longer it waits, in milliseconds; null if nothing supports one.
        #[schema(required)]
        estimated_wait_ms: Option<u64>,
    },
}

/// What a client needs to know when it resumes a lease.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Resumed {
    /// The `ref` of the `resume`.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<u64>,
    /// The lease, which is the connection's from now on.
    #[schema(value_type = LeaseId)]
    pub lease: String,
    /// How long it lives after the connection is gone, in seconds.
    pub grace_s: u64,
    /// Its live calls, oldest first.
    pub calls: Vec<Call>,
    /// Those of the named calls that have ended, with their reasons.
    pub ended: Vec<Call>,
    /// Those of the named calls that are neither, and why.
    pub unknown: Vec<UnknownCall>,
    /// Whether another frame continues the answer.
    pub more: bool,
}
