"""The JSON of the API: its objects as TypedDicts, its enumerations as Literals.

Made by scripts/generate.py from docs/openapi.json; do not edit.
"""

from typing import Literal, TypedDict, Union

# A key's id, as the server made it.
KeyId = str


# What kind of actor made a change.
ActorKind = Literal["key", "session", "system"]


# A name for people: 1 to 200 characters, not all of them spaces, and no control characters.
Name = str


class Actor(TypedDict):
    """Who made a change."""

    id: KeyId
    kind: ActorKind
    name: Name


# A call's id: 1 to 128 printable ASCII characters without spaces and `/`; not `.`, `..`, `batch` or `end`.
CallId = str


class _AdoptFrame(TypedDict):
    id: CallId
    op: Literal["adopt"]


class AdoptFrame(_AdoptFrame, total=False):
    """`adopt`: a live call that moves to the connection's lease, whatever its own is."""

    ref: Union[int, None]


# An agent's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`.
AgentId = str


class AgentBlockedBy(TypedDict):
    """This agent's."""

    agent: AgentId


# How the caller and the agent talk.
CallType = Literal["webcall", "chat", "outbound", "inbound"]


class TypeBlockedBy(TypedDict):
    """This type's."""

    type: CallType


# A gate's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`.
GateId = str


class GateBlockedBy(TypedDict):
    """This gate's."""

    gate: GateId


# Whose cap, pace, pause or hours a queued call waits for.
BlockedBy = Union[AgentBlockedBy, TypeBlockedBy, GateBlockedBy]


# Why a queued call is not started: the first of these that holds it.
BlockedOn = Literal["nothing_shared", "limit", "settling", "agent_cap", "type_cap", "gate_cap", "gate_paused", "gate_hours", "paced", "shared_full"]


# A point in time, in milliseconds since the Unix epoch.
Time = str


# A lease's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`.
LeaseId = str


# Why a call ended.
EndReason = Literal["completed", "canceled", "lease_expired", "reconciled", "max_duration", "max_wait", "unclaimed", "declined"]


# Which kind of slot a call took when it started.
SlotKind = Literal["reserved", "shared"]


# The state of a call.
CallState = Literal["queued", "active", "ended"]


class Call(TypedDict):
    """A call as it is now."""

    agent: AgentId
    blocked_by: Union[BlockedBy, None]
    blocked_on: Union[BlockedOn, None]
    ended_at: Union[Time, None]
    estimated_wait_ms: Union[int, None]
    gates: list[GateId]
    id: CallId
    lease: Union[LeaseId, None]
    metadata: dict[str, object]
    note: Union[str, None]
    position: Union[int, None]
    position_in_class: Union[int, None]
    reason: Union[EndReason, None]
    requested_at: Time
    retry_in_ms: Union[int, None]
    slot: Union[SlotKind, None]
    started_at: Union[Time, None]
    state: CallState
    type: CallType


class AdoptedToldFrame(TypedDict):
    """Another lease has adopted a call of this one."""

    call: Call
    op: Literal["adopted"]


class _Pace(TypedDict):
    per_s: int
    starts: int


class Pace(_Pace, total=False):
    """How often calls may start: over every span of `w` seconds at most `burst + starts × w ÷ per_s` of them, where a start up to 50 ms late counts as if it had come in time."""

    burst: int


class Agent(TypedDict):
    """An agent."""

    cap: Union[int, None]
    id: AgentId
    name: Name
    pace: Union[Pace, None]


class AgentAuditState(TypedDict):
    """An agent."""

    cap: Union[int, None]
    name: Name
    of: Literal["agent"]
    pace: Union[Pace, None]


class AgentChanged(TypedDict):
    """`agent.changed`."""

    agent: Union[Agent, None]
    at: Time
    id: AgentId
    seq: int


class _AgentChangedHistoryMarker(TypedDict):
    at: Time
    detail: AgentChanged
    kind: Literal["agent.changed"]


class AgentChangedHistoryMarker(_AgentChangedHistoryMarker, total=False):
    """An agent."""

    by: Union[Actor, None]


class _AgentPut(TypedDict):
    name: Name


class AgentPut(_AgentPut, total=False):
    """An agent to create or replace."""

    cap: Union[int, None]
    pace: Union[Pace, None]


# A webhook's id, as the server made it.
WebhookId = str


# What an alert is about.
AlertWhen = Literal["utilization", "oldest_wait", "queued", "reservation_full", "refused", "webhook_disabled"]


class AlertRule(TypedDict):
    """What an alert is about."""

    above: float
    agent: Union[AgentId, None]
    for_s: int
    gate: Union[GateId, None]
    type: Union[CallType, None]
    webhook: Union[WebhookId, None]
    when: AlertWhen


# An alert's id: 1 to 80 letters, digits, `-`, `_`, `.` and `:`; not `.`, `..` or `history`.
AlertId = str


class AlertOpening(TypedDict):
    """How an alert opened."""

    figure: float
    opened_at: Time


# An alert now.
Alert = AlertRule


class AlertAuditState(TypedDict):
    """The rule of an alert."""

    of: Literal["alert"]
    rule: AlertRule


class AlertChanged(TypedDict):
    """`alert.changed`: the rule of an alert was created, replaced or deleted."""

    at: Time
    id: AlertId
    rule: Union[AlertRule, None]
    seq: int


class _AlertChangedHistoryMarker(TypedDict):
    at: Time
    detail: AlertChanged
    kind: Literal["alert.changed"]


class AlertChangedHistoryMarker(_AlertChangedHistoryMarker, total=False):
    """The rule of an alert."""

    by: Union[Actor, None]


# Why an alert closed.
AlertClosed = Literal["recovered", "rule_changed", "rule_deleted"]


# What the rule of an alert looks at.
AlertFigure = Literal["utilization", "oldest_wait", "queued", "reservation_full", "refused"]


# `alert.closed`.
AlertHasClosed = AlertRule


# `alert.opened`.
AlertHasOpened = AlertRule


class _AlertPut(TypedDict):
    above: float
    when: AlertFigure


class AlertPut(_AlertPut, total=False):
    """The rule of an alert to create or replace."""

    agent: Union[AgentId, None]
    for_s: int
    gate: Union[GateId, None]
    type: Union[CallType, None]


class _CallAnswerFrame(TypedDict):
    call: Call


class CallAnswerFrame(_CallAnswerFrame, total=False):
    """The call as it is now."""

    ref: Union[int, None]


class _Problem(TypedDict):
    code: str
    detail: str
    status: int
    title: str
    type: str


class Problem(_Problem, total=False):
    """A problem."""

    field: Union[str, None]
    request_id: Union[str, None]


class _ErrorAnswerFrame(TypedDict):
    error: Problem


class ErrorAnswerFrame(_ErrorAnswerFrame, total=False):
    """Why it was refused."""

    ref: Union[int, None]


# The answer to a frame: the call as it is now, exactly as over HTTP, or why the frame was refused.
AnswerFrame = Union[CallAnswerFrame, ErrorAnswerFrame]


# What was done.
AuditAction = Literal["reservations.changed", "limit.changed", "agent.created", "agent.changed", "agent.deleted", "type.changed", "gate.created", "gate.changed", "gate.deleted", "gate.hours", "alert.created", "alert.changed", "alert.deleted", "call.erased", "org.created", "org.changed", "org.deleted", "key.created", "key.rotated", "key.revoked", "sign_in_code.created", "plan.created", "plan.changed", "plan.deleted", "webhook.created", "webhook.changed", "webhook.rotated", "webhook.deleted"]


class _Reservation(TypedDict):
    agent: AgentId


class Reservation(_Reservation, total=False):
    """An agent's reservations."""

    chat: int
    inbound: int
    outbound: int
    webcall: int


class ReservationsAuditState(TypedDict):
    """The reservations of the agents whose reservations changed."""

    of: Literal["reservations"]
    reservations: list[Reservation]
    version: int


# A plan's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`.
PlanId = str


class LimitAuditState(TypedDict):
    """The plan and the limit."""

    limit: int
    limit_override: Union[int, None]
    of: Literal["limit"]
    plan: PlanId


class TypeAuditState(TypedDict):
    """A call type."""

    cap: Union[int, None]
    of: Literal["type"]
    pace: Union[Pace, None]


# A day of the week.
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


OpenSpan = TypedDict(
    "OpenSpan",
    {
        "days": list[Day],
        "from": str,
        "to": str,
    },
)


class Hours(TypedDict):
    """When a gate is open, week by week."""

    open: list[OpenSpan]
    tz: str


# What a gate stands for.
GateKind = Literal["campaign", "trunk", "customer", "number", "other"]


class GateSettings(TypedDict):
    """A gate's settings."""

    cap: Union[int, None]
    hours: Union[Hours, None]
    kind: GateKind
    name: Name
    pace: Union[Pace, None]
    paused: bool


class GateAuditState(TypedDict):
    """A gate."""

    of: Literal["gate"]
    settings: GateSettings


class HoursAuditState(TypedDict):
    """Whether a gate is within its hours."""

    of: Literal["hours"]
    within_hours: bool


class MaxWaits(TypedDict, total=False):
    """How long calls may be queued by default, in seconds, by type; null or absent: unlimited."""

    chat: Union[int, None]
    inbound: Union[int, None]
    outbound: Union[int, None]
    webcall: Union[int, None]


class OrgAuditState(TypedDict):
    """An organisation, apart from its limit."""

    max_call_duration_s: int
    max_queued: int
    max_wait_s: MaxWaits
    name: Name
    of: Literal["org"]
    plan: PlanId


# What a key may do.
Role = Literal["viewer", "engine", "admin", "operator"]


class KeyAuditState(TypedDict):
    """A key, without its secret."""

    expires_at: Union[Time, None]
    name: Name
    of: Literal["key"]
    old_secret_until: Union[Time, None]
    role: Role


class PlanAuditState(TypedDict):
    """A plan."""

    limit: int
    name: Name
    of: Literal["plan"]


class WebhookAuditState(TypedDict):
    """A webhook, without its secrets."""

    agents: Union[list[AgentId], None]
    claims: bool
    description: Union[str, None]
    disabled_because: Union[str, None]
    events: list[str]
    gates: Union[list[GateId], None]
    of: Literal["webhook"]
    old_secret_until: Union[Time, None]
    types: Union[list[CallType], None]
    url: str


# Settings as they were before a change or after it.
AuditState = Union[ReservationsAuditState, LimitAuditState, AgentAuditState, TypeAuditState, GateAuditState, AlertAuditState, HoursAuditState, OrgAuditState, KeyAuditState, PlanAuditState, WebhookAuditState]


class CallBatchResult(TypedDict):
    """The call as it is now."""

    call: Call


class ErrorBatchResult(TypedDict):
    """Why it was refused."""

    error: Problem


# The outcome of one call of a batch.
BatchResult = Union[CallBatchResult, ErrorBatchResult]


class _CallStart(TypedDict):
    agent: AgentId
    type: CallType


class CallStart(_CallStart, total=False):
    """A call to start."""

    cancel_on_disconnect: bool
    claim_within_s: Union[int, None]
    gates: list[GateId]
    id: Union[CallId, None]
    lease: Union[LeaseId, None]
    max_duration_s: Union[int, None]
    max_wait_s: Union[int, None]
    metadata: Union[dict[str, object], None]


class CallBatch(TypedDict):
    """Calls to start at once."""

    calls: list[CallStart]


class CallBatchResults(TypedDict):
    """The outcome of each call of a batch, in order."""

    results: list[BatchResult]


class CallChanged(TypedDict):
    """`call.queued`, `call.started`, `call.ended`: the call right after the event, without the fields that depend on the queue."""

    at: Time
    call: Call
    seq: int


# Who claims a call: 1 to 255 printable ASCII characters without spaces; not `.` or `..`.
Claimant = str


class CallClaim(TypedDict, total=False):
    """How a call is claimed."""

    claimant: Union[Claimant, None]


class CallDecline(TypedDict, total=False):
    """How a call is declined."""

    for_good: bool
    note: Union[str, None]


class CallEnd(TypedDict, total=False):
    """How a call is ended."""

    note: Union[str, None]


# A state that a call ends from.
LiveCallState = Literal["queued", "active"]


class CallsEnd(TypedDict, total=False):
    """Which calls to end: those that match all that is given."""

    agent: AgentId
    gate: GateId
    ids: list[CallId]
    note: Union[str, None]
    state: LiveCallState
    type: CallType


class CallsEnded(TypedDict):
    """How many calls were ended."""

    ended: int


class _ClaimFrame(TypedDict):
    id: CallId
    op: Literal["claim"]


class ClaimFrame(_ClaimFrame, total=False):
    """`claim`: a dispatched call to claim."""

    ref: Union[int, None]


class ClassUse(TypedDict):
    """An agent's calls and slots of one type."""

    active: int
    queued: int
    reserved: int
    reserved_in_use: int
    shared_in_use: int


class _StartFrame(TypedDict):
    agent: AgentId
    op: Literal["start"]
    type: CallType


class StartFrame(_StartFrame, total=False):
    """`start`: a call to start under the connection's lease."""

    claim_within_s: Union[int, None]
    gates: list[GateId]
    id: Union[CallId, None]
    max_duration_s: Union[int, None]
    max_wait_s: Union[int, None]
    metadata: Union[dict[str, object], None]
    ref: Union[int, None]


class _DeclineFrame(TypedDict):
    id: CallId
    op: Literal["decline"]


class DeclineFrame(_DeclineFrame, total=False):
    """`decline`: a dispatched call to give back, for now or for good."""

    for_good: bool
    note: Union[str, None]
    ref: Union[int, None]


class _EndFrame(TypedDict):
    id: CallId
    op: Literal["end"]


class EndFrame(_EndFrame, total=False):
    """`end`: a call to end."""

    note: Union[str, None]
    ref: Union[int, None]


class _ResumeFrame(TypedDict):
    lease: LeaseId
    op: Literal["resume"]


class ResumeFrame(_ResumeFrame, total=False):
    """`resume`: the lease of an earlier connection, to be continued."""

    calls: list[CallId]
    ref: Union[int, None]


# What a client sends on `GET /v1/connect`: one of these, or an array of up to 1,000.
ClientFrame = Union[StartFrame, ClaimFrame, DeclineFrame, EndFrame, AdoptFrame, ResumeFrame]


# A day in UTC.
Date = str


# What became of an attempt.
DeliveryOutcome = Literal["delivered", "failed", "given_up", "skipped"]


class EndedToldFrame(TypedDict):
    """A call of the lease ended, but not through this connection."""

    call: Call
    op: Literal["ended"]


# A gate now.
Gate = GateSettings


class _GateChanged(TypedDict):
    at: Time
    id: GateId
    seq: int
    within_hours: Union[bool, None]


class GateChanged(_GateChanged, total=False):
    """`gate.changed`."""

    gate: Union[GateSettings, None]


class _GateChangedHistoryMarker(TypedDict):
    at: Time
    detail: GateChanged
    kind: Literal["gate.changed"]


class GateChangedHistoryMarker(_GateChangedHistoryMarker, total=False):
    """A gate."""

    by: Union[Actor, None]


class _GatePut(TypedDict):
    kind: GateKind
    name: Name


class GatePut(_GatePut, total=False):
    """A gate to create or replace."""

    cap: Union[int, None]
    hours: Union[Hours, None]
    pace: Union[Pace, None]
    paused: bool


class HelloToldFrame(TypedDict):
    """The first frame of a connection."""

    grace_s: int
    lease: LeaseId
    op: Literal["hello"]


# What figures are grouped by.
HistoryBy = Literal["none", "agent", "type", "gate"]


class ReservationsChanged(TypedDict):
    """`reservations.changed`."""

    at: Time
    reservations: list[Reservation]
    seq: int
    version: int


class _ReservationsChangedHistoryMarker(TypedDict):
    at: Time
    detail: ReservationsChanged
    kind: Literal["reservations.changed"]


class ReservationsChangedHistoryMarker(_ReservationsChangedHistoryMarker, total=False):
    """Reservations."""

    by: Union[Actor, None]


class LimitChanged(TypedDict):
    """`limit.changed`."""

    at: Time
    limit: int
    limit_override: Union[int, None]
    plan: PlanId
    seq: int


class _LimitChangedHistoryMarker(TypedDict):
    at: Time
    detail: LimitChanged
    kind: Literal["limit.changed"]


class LimitChangedHistoryMarker(_LimitChangedHistoryMarker, total=False):
    """The plan or the limit."""

    by: Union[Actor, None]


class TypeChanged(TypedDict):
    """`type.changed`."""

    at: Time
    cap: Union[int, None]
    pace: Union[Pace, None]
    seq: int
    type: CallType


class _TypeChangedHistoryMarker(TypedDict):
    at: Time
    detail: TypeChanged
    kind: Literal["type.changed"]


class TypeChangedHistoryMarker(_TypeChangedHistoryMarker, total=False):
    """A call type."""

    by: Union[Actor, None]


# A change of settings.
HistoryMarker = Union[ReservationsChangedHistoryMarker, LimitChangedHistoryMarker, AgentChangedHistoryMarker, TypeChangedHistoryMarker, GateChangedHistoryMarker, AlertChangedHistoryMarker]


class HistoryEnds(TypedDict, total=False):
    """How many calls ended, by reason."""

    canceled: int
    completed: int
    declined: int
    lease_expired: int
    max_duration: int
    max_wait: int
    reconciled: int
    unclaimed: int


class HistoryWaits(TypedDict):
    """Percentiles of waits, in milliseconds."""

    max: int
    p50: int
    p95: int
    p99: int


class _HistoryPoint(TypedDict):
    at: Time
    ends: int
    mean_active: float
    peak_active: int
    peak_queued: int
    refused: int
    span_ms: int
    starts: int
    wait_ms: Union[HistoryWaits, None]


class HistoryPoint(_HistoryPoint, total=False):
    """The figures from one moment to another."""

    ended: HistoryEnds


class _HistorySeries(TypedDict):
    points: list[HistoryPoint]


class HistorySeries(_HistorySeries, total=False):
    """The figures of an agent, of a call type, of a gate, or of all."""

    agent: AgentId
    gate: GateId
    type: CallType


History = TypedDict(
    "History",
    {
        "by": HistoryBy,
        "from": Time,
        "markers": list[HistoryMarker],
        "series": list[HistorySeries],
        "step_s": int,
        "to": Time,
    },
)


# An organisation's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`.
OrgId = str


class _Key(TypedDict):
    created_at: Time
    expires_at: Union[Time, None]
    id: KeyId
    last_used_at: Union[Time, None]
    name: Name
    old_secret_until: Union[Time, None]
    org: Union[OrgId, None]
    role: Role


class Key(_Key, total=False):
    """An API key."""

    secret: Union[str, None]


class _KeyCreate(TypedDict):
    name: Name
    role: Role


class KeyCreate(_KeyCreate, total=False):
    """A key to create."""

    expires_at: Union[Time, None]
    expires_in_s: Union[int, None]


class KeyRotate(TypedDict, total=False):
    """How a key is rotated."""

    expires_at: Union[Time, None]
    expires_in_s: Union[int, None]
    grace_s: Union[int, None]


class Lease(TypedDict):
    """A lease just opened."""

    expires_in_ms: int
    id: LeaseId
    ttl_s: int


class LeaseAdopt(TypedDict):
    """Calls that a lease is to adopt."""

    calls: list[CallId]


class LeaseOpen(TypedDict, total=False):
    """A lease to open."""

    ttl_s: Union[int, None]


class _LeaseReconcile(TypedDict):
    active: list[CallId]


class LeaseReconcile(_LeaseReconcile, total=False):
    """Every call the client has active under a lease, or a page of them."""

    cursor: str
    more: bool


# Why a call is not active under the lease of the client that named it.
WhyUnknown = Literal["never_known", "ended", "other_lease", "queued"]


class UnknownCall(TypedDict):
    """A call that a client believes is active under its lease, and that is not."""

    id: CallId
    why: WhyUnknown


class _LeaseReconciled(TypedDict):
    ended: list[CallId]
    unknown: list[UnknownCall]


class LeaseReconciled(_LeaseReconciled, total=False):
    """What a reconciliation found."""

    next: str


class LeaseRenew(TypedDict, total=False):
    """A renewal, with the calls that the client believes are active: both fields, or neither."""

    count: int
    digest: str


class LeaseRenewed(TypedDict):
    """A lease just renewed."""

    expires_in_ms: int
    reconcile: bool


class MaxWaitsPatch(TypedDict, total=False):
    """Changes to how long calls may be queued by default."""

    chat: Union[int, None]
    inbound: Union[int, None]
    outbound: Union[int, None]
    webcall: Union[int, None]


class MayWaitLonger(TypedDict):
    """An agent and type whose queued calls may wait longer."""

    agent: AgentId
    queued: int
    slots_after: int
    slots_now: int
    type: CallType


class Org(TypedDict):
    """An organisation."""

    active: int
    id: OrgId
    limit: int
    limit_override: Union[int, None]
    live_calls: int
    max_call_duration_s: int
    max_queued: int
    max_wait_s: MaxWaits
    name: Name
    plan: PlanId
    queued: int


class _OrgCreate(TypedDict):
    name: Name
    plan: PlanId


class OrgCreate(_OrgCreate, total=False):
    """An organisation to create."""

    id: Union[OrgId, None]
    limit_override: Union[int, None]
    max_call_duration_s: Union[int, None]
    max_queued: Union[int, None]
    max_wait_s: Union[MaxWaits, None]


class OrgPatch(TypedDict, total=False):
    """Changes to an organisation."""

    limit_override: Union[int, None]
    max_call_duration_s: Union[int, None]
    max_queued: Union[int, None]
    max_wait_s: Union[MaxWaitsPatch, None]
    name: Union[Name, None]
    plan: Union[PlanId, None]


class OverReservation(TypedDict):
    """An agent with calls beyond what would be reserved for them."""

    agent: AgentId
    calls: int


class PageAgent(TypedDict):
    """A page of a list."""

    items: list[dict[str, object]]
    next: Union[str, None]


class PageAlert(TypedDict):
    """A page of a list."""

    items: list[AlertRule]
    next: Union[str, None]


class PageAuditEntry(TypedDict):
    """A page of a list."""

    items: list[dict[str, object]]
    next: Union[str, None]


class PageCall(TypedDict):
    """A page of a list."""

    items: list[dict[str, object]]
    next: Union[str, None]


class PageDelivery(TypedDict):
    """A page of a list."""

    items: list[dict[str, object]]
    next: Union[str, None]


class PageGate(TypedDict):
    """A page of a list."""

    items: list[GateSettings]
    next: Union[str, None]


class PageKey(TypedDict):
    """A page of a list."""

    items: list[dict[str, object]]
    next: Union[str, None]


class PageLeaseStatus(TypedDict):
    """A page of a list."""

    items: list[dict[str, object]]
    next: Union[str, None]


class PageOrg(TypedDict):
    """A page of a list."""

    items: list[dict[str, object]]
    next: Union[str, None]


class PagePastAlert(TypedDict):
    """A page of a list."""

    items: list[AlertRule]
    next: Union[str, None]


class PagePlan(TypedDict):
    """A page of a list."""

    items: list[dict[str, object]]
    next: Union[str, None]


class WebhookFailure(TypedDict):
    """An attempt that was not taken."""

    at: Time
    cause: str
    status: Union[int, None]


# How a webhook fares.
WebhookState = Literal["ok", "failing", "disabled"]


class PageWebhook(TypedDict):
    """A page of a list."""

    items: list[dict[str, object]]
    next: Union[str, None]


class Plan(TypedDict):
    """A plan."""

    id: PlanId
    limit: int
    name: Name


class PlanPut(TypedDict):
    """A plan to create or replace."""

    limit: int
    name: Name


class PoolTypes(TypedDict):
    """An agent's calls and slots by type."""

    chat: ClassUse
    inbound: ClassUse
    outbound: ClassUse
    webcall: ClassUse


class PoolAgent(TypedDict):
    """An agent's part of the pool."""

    active: int
    cap: Union[int, None]
    id: AgentId
    name: Name
    pace: Union[Pace, None]
    queued: int
    reserved: int
    types: PoolTypes


class Shared(TypedDict):
    """The slots that any call may use."""

    free: int
    in_use: int
    size: int


class TypeCaps(TypedDict):
    """The caps of the call types; null: no bound of its own."""

    chat: Union[int, None]
    inbound: Union[int, None]
    outbound: Union[int, None]
    webcall: Union[int, None]


class TypePaces(TypedDict):
    """The paces of the call types; null: no bound of its own."""

    chat: Union[Pace, None]
    inbound: Union[Pace, None]
    outbound: Union[Pace, None]
    webcall: Union[Pace, None]


class Pool(TypedDict):
    """The pool now."""

    active: int
    agents: list[PoolAgent]
    as_of: int
    limit: int
    oldest_wait_ms: Union[int, None]
    org: OrgId
    plan: PlanId
    queued: int
    reserved: int
    settling: int
    shared: Shared
    type_caps: TypeCaps
    type_paces: TypePaces
    version: int


class PositionToldFrame(TypedDict):
    """A queued call's position has changed."""

    blocked_by: Union[BlockedBy, None]
    blocked_on: BlockedOn
    estimated_wait_ms: Union[int, None]
    id: CallId
    op: Literal["position"]
    position: int
    retry_in_ms: Union[int, None]


class QueuedToldFrame(TypedDict):
    """A call of the lease is queued: it was not claimed in time, or another client started it under this lease or had the lease adopt it."""

    call: Call
    op: Literal["queued"]


class RecentFigures(TypedDict):
    """What happened in a span of time."""

    mean_active: float
    peak_active: int
    peak_queued: int
    starts: int
    wait_ms: Union[HistoryWaits, None]


# An agent's figures over all of the minutes.
RecentAgent = RecentFigures


# One minute of the organisation; the last one is not over.
RecentPoint = RecentFigures


# A call type's figures over all of the minutes.
RecentType = RecentFigures


Recent = TypedDict(
    "Recent",
    {
        "agents": Union[list[RecentAgent], None],
        "from": Time,
        "points": list[RecentPoint],
        "to": Time,
        "types": list[RecentType],
        "whole": RecentFigures,
    },
)


class Redeliver(TypedDict, total=False):
    """What to deliver again: name one of both."""

    after: Union[int, None]
    ids: Union[list[str], None]


class StartsOfClass(TypedDict):
    """How many queued calls of an agent and type would start at once."""

    agent: AgentId
    count: int
    type: CallType


class ReservationsPreview(TypedDict):
    """What saving reservations would lead to at once."""

    first_starts: list[CallId]
    fits: bool
    over_reservation: list[OverReservation]
    problem: Union[Problem, None]
    settling: int
    shared_after: int
    starts: list[StartsOfClass]
    waits_longer: list[MayWaitLonger]


class ReservationsPut(TypedDict):
    """New reservations for the agents named, all or nothing."""

    reservations: list[Reservation]


class _Resumed(TypedDict):
    calls: list[Call]
    ended: list[Call]
    grace_s: int
    lease: LeaseId
    more: bool
    op: Literal["resumed"]
    unknown: list[UnknownCall]


class Resumed(_Resumed, total=False):
    """What a client needs to know when it resumes a lease."""

    ref: Union[int, None]


class StartedToldFrame(TypedDict):
    """A call of the lease got its slot, or the lease adopted an active call."""

    call: Call
    op: Literal["started"]


# What the server sends on its own, and the answer to a `resume`.
ToldFrame = Union[HelloToldFrame, Resumed, StartedToldFrame, QueuedToldFrame, EndedToldFrame, AdoptedToldFrame, PositionToldFrame]


# What the server sends on `GET /v1/connect`: one of these, or an array.
ServerFrame = Union[ToldFrame, AnswerFrame]


class ServerSentEvent(TypedDict):
    """One event of a stream, by its lines."""

    data: str
    event: str
    id: str


class TypePut(TypedDict, total=False):
    """What a call type's settings are to be."""

    cap: Union[int, None]
    pace: Union[Pace, None]


class TypeSettings(TypedDict):
    """A call type's settings."""

    cap: Union[int, None]
    pace: Union[Pace, None]
    type: CallType


class _Webhook(TypedDict):
    agents: Union[list[AgentId], None]
    behind: int
    claims: bool
    created_at: Time
    description: Union[str, None]
    disabled_because: Union[str, None]
    events: list[str]
    gates: Union[list[GateId], None]
    id: WebhookId
    last_failure: Union[WebhookFailure, None]
    last_success_at: Union[Time, None]
    missed: int
    old_secret_until: Union[Time, None]
    state: WebhookState
    types: Union[list[CallType], None]
    url: str


class Webhook(_Webhook, total=False):
    """A webhook."""

    secret: Union[str, None]


# How a receiver declines a call.
WebhookDecline = Literal["now", "for_good"]


class WebhookAnswer(TypedDict, total=False):
    """What a receiver may answer to `call.started` of a call that is to be claimed, with a status that is no 2xx."""

    decline: Union[WebhookDecline, None]


class _WebhookCreate(TypedDict):
    events: list[str]
    url: str


class WebhookCreate(_WebhookCreate, total=False):
    """A webhook to create."""

    agents: Union[list[AgentId], None]
    claims: bool
    description: Union[str, None]
    gates: Union[list[GateId], None]
    types: Union[list[CallType], None]


class WebhookEvent(TypedDict):
    """The body of a delivery, in the form of Standard Webhooks 1.0."""

    data: dict[str, object]
    org: OrgId
    seq: int
    timestamp: Time
    type: str


class WebhookPatch(TypedDict, total=False):
    """What to change of a webhook; what is left out stays."""

    agents: Union[list[AgentId], None]
    claims: bool
    description: Union[str, None]
    enabled: bool
    events: list[str]
    gates: Union[list[GateId], None]
    types: Union[list[CallType], None]
    url: str


class WebhookRotate(TypedDict, total=False):
    """How a webhook's secret is rotated."""

    grace_s: Union[int, None]


class WebhookTested(TypedDict):
    """What the receiver said to a test."""

    body: str
    cause: Union[str, None]
    duration_ms: int
    status: Union[int, None]
    taken: bool
