// Written by `npm run generate` from docs/openapi.json and docs/errors.md. Do not edit.

/** The version of the server's API that this was made from. */
export const VERSION = "0.1.0";

/** Every code of a problem and its HTTP status. */
export const PROBLEMS = {
  malformed_body: 400,
  malformed_request: 400,
  unauthenticated: 401,
  key_expired: 401,
  forbidden: 403,
  cross_site: 403,
  unknown_route: 404,
  unknown_call: 404,
  unknown_agent: 404,
  unknown_gate: 404,
  unknown_alert: 404,
  unknown_org: 404,
  unknown_plan: 404,
  unknown_key: 404,
  unknown_audit_entry: 404,
  unknown_webhook: 404,
  lease_expired: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  org_exists: 409,
  org_in_use: 409,
  agent_in_use: 409,
  too_many_agents: 409,
  gate_in_use: 409,
  too_many_gates: 409,
  too_many_alerts: 409,
  built_in_alert: 409,
  too_many_keys: 409,
  too_many_webhooks: 409,
  too_many_leases: 409,
  plan_in_use: 409,
  key_in_use: 409,
  secret_in_use: 409,
  reservations_exceed_limit: 409,
  reservations_exceed_cap: 409,
  cannot_revert: 409,
  cap_below_reservations: 409,
  limit_below_reservations: 409,
  call_id_taken: 409,
  held_by_other_lease: 409,
  claimed_by_other: 409,
  no_claim_due: 409,
  call_not_dispatched: 409,
  call_has_ended: 409,
  call_is_live: 409,
  lease_full: 409,
  reconciliation_lost: 409,
  cursor_expired: 410,
  cursor_ahead: 410,
  version_mismatch: 412,
  body_too_large: 413,
  unsupported_media_type: 415,
  invalid_field: 422,
  org_not_named: 422,
  upgrade_required: 426,
  queue_full: 429,
  queued_metadata_full: 429,
  too_many_lanes: 429,
  reconciliation_too_long: 429,
  too_many_sweeps: 429,
  rate_limited: 429,
  too_many_seats: 429,
  too_many_bodies: 429,
  internal: 500,
  overloaded: 503,
  store_failed: 503,
  shutting_down: 503,
} as const;

/** The code of a problem. */
export type ProblemCode = keyof typeof PROBLEMS;

/** `adopt`: a live call that moves to the connection's lease, whatever its own is. */
export interface AdoptFrame {
  /** The call's id. */
  id: CallId;
  op: "adopt";
  /** Returned with the answer. */
  ref?: number | null | undefined;
}

/** Another lease has adopted a call of this one. Nothing more is told of it. */
export interface AdoptedToldFrame {
  /** The call, with the lease that it has now. */
  call: Call;
  op: "adopted";
}

/** An agent. */
export interface Agent {
  /** How many calls it may have active at once; null: no cap. */
  cap: number | null;
  /** Its id. */
  id: AgentId;
  /** Its name. */
  name: Name;
  /** How often its calls may start; null: no pace. */
  pace: Pace | null;
}

/** This agent's. */
export interface AgentBlockedBy {
  /** This agent's. */
  agent: AgentId;
}

/** `agent.changed` */
export interface AgentChanged {
  /** The agent as it is now; null when it was deleted. */
  agent: Agent | null;
  /** When it happened. */
  at: Time;
  /** The agent's id. */
  id: AgentId;
  /** The event's number in the organisation. */
  seq: number;
}

/** An agent's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`. */
export type AgentId = string;

/** An agent to create or replace. */
export interface AgentPut {
  /** How many calls it may have active at once. Absent or null: no cap. */
  cap?: number | null | undefined;
  /** Its name. */
  name: Name;
  /** How often its calls may start. Absent or null: no pace. */
  pace?: Pace | null | undefined;
}

/** The answer to a frame: the call as it is now, exactly as over HTTP, or why the frame was refused. */
export type AnswerFrame = CallAnswerFrame | ErrorAnswerFrame;

/** The outcome of one call of a batch. */
export type BatchResult = CallBatchResult | ErrorBatchResult;

/** Whose cap, pace, pause or hours a queued call waits for. */
export type BlockedBy = AgentBlockedBy | TypeBlockedBy | GateBlockedBy;

/** Why a queued call is not started: the first of these that holds it. */
export type BlockedOn = "nothing_shared" | "limit" | "settling" | "agent_cap" | "type_cap" | "gate_cap" | "gate_paused" | "gate_hours" | "paced" | "shared_full";

/** A call as it is now. */
export interface Call {
  /** The agent that handles it. */
  agent: AgentId;
  /** While queued: whose cap, pace, pause or hours that is; null when it is nobody's. */
  blocked_by: BlockedBy | null;
  /** While queued: why it is not started. */
  blocked_on: BlockedOn | null;
  /** When it ended. */
  ended_at: Time | null;
  /** While queued: an estimate of how much longer it waits, in milliseconds; null if nothing supports one. */
  estimated_wait_ms: number | null;
  /** The gates that it passes, by id. */
  gates: GateId[];
  /** Its id. */
  id: CallId;
  /** The lease that covers it. */
  lease: LeaseId | null;
  /** The client's own JSON object. */
  metadata: { [name: string]: unknown };
  /** The client's remark about the end. */
  note: string | null;
  /** While queued: 1 for the earliest call in the organisation's queue. */
  position: number | null;
  /** While queued: 1 for the earliest call of its agent and type. */
  position_in_class: number | null;
  /** Why it ended. */
  reason: EndReason | null;
  /** When it was requested. */
  requested_at: Time;
  /**
   * While queued and `paced` or held by `gate_hours`: in how long the pace has a start to give or the hours begin, in milliseconds;
   * null if they never do.
   */
  retry_in_ms: number | null;
  /** The kind of slot it took when it started. */
  slot: SlotKind | null;
  /** When it took its slot. */
  started_at: Time | null;
  /** Its state. */
  state: CallState;
  /** Its type. */
  type: CallType;
}

/** The call as it is now. */
export interface CallAnswerFrame {
  /** The call as it is now. */
  call: Call;
  /** The frame's own `ref`, if it had one that could be read. */
  ref?: number | null | undefined;
}

/** The call as it is now. */
export interface CallBatchResult {
  /** The call as it is now. */
  call: Call;
}

/**
 * `call.queued`, `call.started`, `call.ended`: the call right after the event, without the fields that depend on the
 * queue.
 */
export interface CallChanged {
  /** When it happened. */
  at: Time;
  /** The call. */
  call: Call;
  /** The event's number in the organisation: 1, 2, 3, … without gaps. */
  seq: number;
}

/** A call's id: 1 to 128 printable ASCII characters without spaces and `/`; not `.`, `..`, `batch` or `end`. */
export type CallId = string;

/** A call to start. */
export interface CallStart {
  /** The agent that is to handle it. */
  agent: AgentId;
  /** Whether it ends, `canceled`, if the client goes away that waits for its start. Only with `wait_s`. */
  cancel_on_disconnect?: boolean | undefined;
  /** How soon it must be claimed once it has a slot, in seconds. */
  claim_within_s?: number | null | undefined;
  /** The gates that it passes, up to 4. Their order does not matter. */
  gates?: GateId[] | undefined;
  /**
   * The client's own id for it: 1 to 128 printable ASCII characters without spaces and `/`. Repeating an id returns the call
   * and takes no second slot. If absent, the server makes one.
   */
  id?: CallId | null | undefined;
  /** The lease that covers it. */
  lease?: LeaseId | null | undefined;
  /** How long it may be active, in seconds. It ends then with the reason `max_duration`, whether or not it has a lease. */
  max_duration_s?: number | null | undefined;
  /**
   * How long it may be queued, in seconds; 0: it starts now or ends at once. If absent: the organisation's default for the
   * type.
   */
  max_wait_s?: number | null | undefined;
  /** Any JSON object of up to 4 KiB, nested up to 64 deep, returned with the call. */
  metadata?: { [name: string]: unknown } | null | undefined;
  /** Its type. */
  type: CallType;
}

/** The state of a call. */
export type CallState = "queued" | "active" | "ended";

/** How the caller and the agent talk. */
export type CallType = "webcall" | "chat" | "outbound" | "inbound";

/** Which calls to end: those that match all that is given. One of `agent`, `type`, `gate`, `state` and `ids` must be. */
export interface CallsEnd {
  /** Only calls of this agent. */
  agent?: AgentId | undefined;
  /** Only calls that pass this gate. */
  gate?: GateId | undefined;
  /**
   * Only these calls, up to 10,000. Those that are not live are passed over; where nothing else is given, those that have not come
   * are remembered for 60 s, and a start that comes late finds them `canceled`.
   */
  ids?: CallId[] | undefined;
  /** The client's remark about the ends, up to 1,000 characters. */
  note?: string | null | undefined;
  /** Only queued calls, or only active ones. */
  state?: LiveCallState | undefined;
  /** Only calls of this type. */
  type?: CallType | undefined;
}

/** How many calls were ended. */
export interface CallsEnded {
  /** How many. */
  ended: number;
}

/** `claim`: a dispatched call to claim. */
export interface ClaimFrame {
  /** The call's id. */
  id: CallId;
  op: "claim";
  /** Returned with the answer. */
  ref?: number | null | undefined;
}

/** An agent's calls and slots of one type. */
export interface ClassUse {
  /** Calls that hold a slot. */
  active: number;
  /** Queued calls. */
  queued: number;
  /** Slots guaranteed. */
  reserved: number;
  /** Of the active calls, those on reserved slots. */
  reserved_in_use: number;
  /** Of the active calls, those on shared slots. */
  shared_in_use: number;
}

/** What a client sends on `GET /v1/connect`: one of these, or an array of up to 1,000. */
export type ClientFrame = StartFrame | ClaimFrame | DeclineFrame | EndFrame | AdoptFrame | ResumeFrame;

/** A day of the week. */
export type Day = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** `decline`: a dispatched call to give back, for now or for good. */
export interface DeclineFrame {
  /** Whether the call ends. Otherwise it goes back to the queue. */
  for_good?: boolean | undefined;
  /** The call's id. */
  id: CallId;
  /** The client's remark, up to 1,000 characters, which is kept if the call ends. */
  note?: string | null | undefined;
  op: "decline";
  /** Returned with the answer. */
  ref?: number | null | undefined;
}

/** `end`: a call to end. It need not be one of the connection's lease. */
export interface EndFrame {
  /** The call's id. */
  id: CallId;
  /** The client's remark about the end, up to 1,000 characters. */
  note?: string | null | undefined;
  op: "end";
  /** Returned with the answer. */
  ref?: number | null | undefined;
}

/** Why a call ended. */
export type EndReason = "completed" | "canceled" | "lease_expired" | "reconciled" | "max_duration" | "max_wait" | "unclaimed" | "declined";

/** A call of the lease ended, but not through this connection. */
export interface EndedToldFrame {
  /** The call, with the reason. */
  call: Call;
  op: "ended";
}

/** Why it was refused. */
export interface ErrorAnswerFrame {
  /** Why it was refused. */
  error: Problem;
  /** The frame's own `ref`, if it had one that could be read. */
  ref?: number | null | undefined;
}

/** Why it was refused. */
export interface ErrorBatchResult {
  /** Why it was refused. */
  error: Problem;
}

/** A gate now. */
export type Gate = GateSettings & {
  /** Its calls that hold a slot. */
  active: number;
  /**
   * An estimate of how long it takes until its last call has ended, if no other comes, in milliseconds; null if nothing supports
   * one.
   */
  done_in_ms: number | null;
  /** Its calls that have ended since it was created. */
  ended: number;
  /** Its id. */
  id: GateId;
  /** In how long its pace has a start to give, in milliseconds; null without a pace. */
  next_start_in_ms: number | null;
  /** How long the earliest of its queued calls has waited, in milliseconds. */
  oldest_wait_ms: number | null;
  /** In how long its hours begin, in milliseconds; null when it is within them, or if they never begin. */
  opens_in_ms: number | null;
  /** Its queued calls. */
  queued: number;
  /** Whether it is within its hours; true if it has none. */
  within_hours: boolean;
};

/** This gate's. */
export interface GateBlockedBy {
  /** This gate's. */
  gate: GateId;
}

/** A gate's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`. */
export type GateId = string;

/** What a gate stands for. It decides nothing. */
export type GateKind = "campaign" | "trunk" | "customer" | "number" | "other";

/** A gate to create or replace. */
export interface GatePut {
  /** How many of its calls may be active at once. Absent or null: no cap. */
  cap?: number | null | undefined;
  /** When calls may start through it. Absent or null: always. */
  hours?: Hours | null | undefined;
  /** What it stands for. */
  kind: GateKind;
  /** Its name. */
  name: Name;
  /** How often its calls may start. Absent or null: no pace. */
  pace?: Pace | null | undefined;
  /** Whether no call may start through it until it goes on. */
  paused?: boolean | undefined;
}

/** A gate's settings. */
export interface GateSettings {
  /** How many of its calls may be active at once; null: no cap. */
  cap: number | null;
  /** When calls may start through it; null: always. */
  hours: Hours | null;
  /** What it stands for. */
  kind: GateKind;
  /** Its name. */
  name: Name;
  /** How often its calls may start; null: no pace. */
  pace: Pace | null;
  /** Whether no call may start through it until it goes on. */
  paused: boolean;
}

/** The first frame of a connection. */
export interface HelloToldFrame {
  /** How long it lives after the connection is gone, in seconds. */
  grace_s: number;
  /** The connection's own lease. */
  lease: LeaseId;
  op: "hello";
}

/** When a gate is open, week by week. */
export interface Hours {
  /** The spans in which it is open, up to 56; none: never. */
  open: OpenSpan[];
  /** The time zone, by its name in the IANA database. Changes of summer time are followed. */
  tz: string;
}

/** A lease just opened. */
export interface Lease {
  /** How long it lives from now, in milliseconds. */
  expires_in_ms: number;
  /** Its id, for `lease` when calls are started. */
  id: LeaseId;
  /** How long it lives without a renewal, in seconds. Renew it every third of that. */
  ttl_s: number;
}

/** A lease's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`. */
export type LeaseId = string;

/** What a reconciliation found. */
export interface LeaseReconciled {
  /** Calls that were ended because the client does not know them. */
  ended: CallId[];
  /** The `cursor` of the next page, if one follows. Then nothing is decided yet, and the lists are empty. */
  next?: string | undefined;
  /** Calls that the client named and must not run, and why. */
  unknown: UnknownCall[];
}

/** A lease just renewed. */
export interface LeaseRenewed {
  /** How long it lives from now, in milliseconds. */
  expires_in_ms: number;
  /** Whether the client's calls differ from the server's: then reconcile. */
  reconcile: boolean;
}

/** `limit.changed` */
export interface LimitChanged {
  /** When it happened. */
  at: Time;
  /** The limit in force. */
  limit: number;
  /** The operator's own limit. */
  limit_override: number | null;
  /** The plan. */
  plan: PlanId;
  /** The event's number in the organisation. */
  seq: number;
}

/** A state that a call ends from. */
export type LiveCallState = "queued" | "active";

/** How long calls may be queued by default, in seconds, by type; null or absent: unlimited. */
export interface MaxWaits {
  /** Of text. */
  chat?: number | null | undefined;
  /** Of telephony the agent answers. */
  inbound?: number | null | undefined;
  /** Of telephony the agent dials. */
  outbound?: number | null | undefined;
  /** Of voice in a browser. */
  webcall?: number | null | undefined;
}

/** An agent and type whose queued calls may wait longer. */
export interface MayWaitLonger {
  /** The agent. */
  agent: AgentId;
  /** How many calls would still wait. */
  queued: number;
  /** How many they could have then. */
  slots_after: number;
  /** How many slots its calls can have now at most, if nobody else uses any. */
  slots_now: number;
  /** The type. */
  type: CallType;
}

/** A name for people: 1 to 200 characters, not all of them spaces, and no control characters. */
export type Name = string;

/** A span of a day, on some days of the week, by the clock of the time zone. One over midnight is written as two. */
export interface OpenSpan {
  /** The days, at least one. */
  days: Day[];
  /** When it opens. */
  from: string;
  /** When it closes, after `from`; `24:00` is the end of the day. */
  to: string;
}

/** An organisation. */
export interface Org {
  /** Calls that hold a slot. */
  active: number;
  /** Its id. */
  id: OrgId;
  /** The limit in force: the override, or else the plan's. */
  limit: number;
  /** The operator's own limit for it. */
  limit_override: number | null;
  /** Calls that have not ended: those that are active and those that are queued. */
  live_calls: number;
  /** How long a call without a lease may be active, in seconds; 0: unlimited. */
  max_call_duration_s: number;
  /** How many calls may be queued. */
  max_queued: number;
  /** How long calls may be queued by default. */
  max_wait_s: MaxWaits;
  /** Its name. */
  name: Name;
  /** The plan it is on. */
  plan: PlanId;
  /** Calls that wait for one. */
  queued: number;
}

/** An organisation's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`. */
export type OrgId = string;

/** An agent with calls beyond what would be reserved for them. */
export interface OverReservation {
  /** The agent. */
  agent: AgentId;
  /** How many calls, over all types. */
  calls: number;
}

/**
 * How often calls may start: over every span of `w` seconds at most `burst + starts × w ÷ per_s` of them, where a start up to 50 ms
 * late counts as if it had come in time.
 */
export interface Pace {
  /** How many may start at once after a pause. If absent: 1. */
  burst?: number | undefined;
  /** … in that many seconds. */
  per_s: number;
  /** How many calls may start … */
  starts: number;
}

/** A plan's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`. */
export type PlanId = string;

/** The pool now. */
export interface Pool {
  /** Calls that hold a slot. */
  active: number;
  /** All agents, by id. */
  agents: PoolAgent[];
  /** The number of the last event that this answer includes. */
  as_of: number;
  /** How many calls may be active at once. */
  limit: number;
  /** How long the earliest queued call has waited, in milliseconds. */
  oldest_wait_ms: number | null;
  /** The organisation. */
  org: OrgId;
  /** The plan it is on. */
  plan: PlanId;
  /** Queued calls. */
  queued: number;
  /** The sum of all reservations. */
  reserved: number;
  /** How many more slots are in use or reserved than the limit allows; 0 when not settling. */
  settling: number;
  /** The shared pool. */
  shared: Shared;
  /** How many calls of each type may be active at once, over all agents. */
  type_caps: TypeCaps;
  /** How often calls of each type may start, over all agents. */
  type_paces: TypePaces;
  /** The reservations' version, which is also the `ETag`. */
  version: number;
}

/** An agent's part of the pool. */
export interface PoolAgent {
  /** Its active calls over all types. */
  active: number;
  /** How many calls it may have active at once; null: no cap. */
  cap: number | null;
  /** Its id. */
  id: AgentId;
  /** Its name. */
  name: Name;
  /** How often its calls may start; null: no pace. */
  pace: Pace | null;
  /** Its queued calls over all types. */
  queued: number;
  /** Its reserved slots over all types. */
  reserved: number;
  /** Each type. */
  types: PoolTypes;
}

/** An agent's calls and slots by type. */
export interface PoolTypes {
  /** Text. */
  chat: ClassUse;
  /** Telephony the agent answers. */
  inbound: ClassUse;
  /** Telephony the agent dials. */
  outbound: ClassUse;
  /** Voice in a browser. */
  webcall: ClassUse;
}

/** A queued call's position has changed. */
export interface PositionToldFrame {
  /** Whose cap, pace, pause or hours that is; null when it is nobody's. */
  blocked_by: BlockedBy | null;
  /** Why it is not started. */
  blocked_on: BlockedOn;
  /** An estimate of how much longer it waits, in milliseconds; null if nothing supports one. */
  estimated_wait_ms: number | null;
  /** The call's id. */
  id: CallId;
  op: "position";
  /** 1 for the earliest call in the organisation's queue. */
  position: number;
  /**
   * When it is `paced` or held by `gate_hours`: in how long the pace has a start to give or the hours begin, in milliseconds;
   * null if they never do.
   */
  retry_in_ms: number | null;
}

/** A problem. `type` is `urn:callslot:problem:` and the code; `docs/errors.md` has a section for each code. */
export type Problem = {
  /** The code, for programs. */
  code: string;
  /** What went wrong, with the numbers, and the next step. */
  detail: string;
  /** The field of the request that is wrong. */
  field?: string | null | undefined;
  /** The id of the request, to find it in the log. */
  request_id?: string | null | undefined;
  /** The HTTP status. */
  status: number;
  /** What kind of problem it is, in a few words. */
  title: string;
  /** A URN with the code. */
  type: string;
};

/**
 * A call of the lease is queued: it was not claimed in time, or another client started it under this lease or had the
 * lease adopt it.
 */
export interface QueuedToldFrame {
  /** The call. */
  call: Call;
  op: "queued";
}

/** An agent's reservations. A type that is not named gets 0. */
export interface Reservation {
  /** The agent. */
  agent: AgentId;
  /** Slots for text. */
  chat?: number | undefined;
  /** Slots for telephony the agent answers. */
  inbound?: number | undefined;
  /** Slots for telephony the agent dials. */
  outbound?: number | undefined;
  /** Slots for voice in a browser. */
  webcall?: number | undefined;
}

/** `reservations.changed` */
export interface ReservationsChanged {
  /** When it happened. */
  at: Time;
  /** The new reservations of the agents whose reservations changed. */
  reservations: Reservation[];
  /** The event's number in the organisation. */
  seq: number;
  /** The reservations' version from then on. */
  version: number;
}

/** What saving reservations would lead to at once. Nothing was changed. */
export interface ReservationsPreview {
  /** The ids of the first of them, up to 10, in the order in which they would start. */
  first_starts: CallId[];
  /** Whether they fit under the limit and the caps. If not, they would be refused and nothing would follow. */
  fits: boolean;
  /**
   * If the pool would settle: the agents with calls beyond what would be reserved for them; by agent. It is settled when
   * `settling` of these calls have ended.
   */
  over_reservation: OverReservation[];
  /** What they would be refused with if they do not fit. */
  problem: Problem | null;
  /** How many more slots would be in use or reserved than the limit allows; 0: the pool would not settle. */
  settling: number;
  /** How many slots any call could use; as it is if they do not fit. */
  shared_after: number;
  /** The queued calls that would start, by class; by agent. */
  starts: StartsOfClass[];
  /**
   * The classes whose queued calls would still wait, and may wait longer than now: they could have fewer slots, or have fewer
   * of their own; by agent.
   */
  waits_longer: MayWaitLonger[];
}

/** `resume`: the lease of an earlier connection, to be continued. */
export interface ResumeFrame {
  /** The calls that the client believes are live under it. The answer says which of them are not. */
  calls?: CallId[] | undefined;
  /** The lease's id. */
  lease: LeaseId;
  op: "resume";
  /** Returned with the answer. */
  ref?: number | null | undefined;
}

/** What a client needs to know when it resumes a lease. */
export interface Resumed {
  /** Its live calls, oldest first. */
  calls: Call[];
  /** Those of the named calls that have ended, with their reasons. */
  ended: Call[];
  /** How long it lives after the connection is gone, in seconds. */
  grace_s: number;
  /** The lease, which is the connection's from now on. */
  lease: LeaseId;
  /** Whether another frame continues the answer. */
  more: boolean;
  op: "resumed";
  /** The `ref` of the `resume`. */
  ref?: number | null | undefined;
  /** Those of the named calls that are neither, and why. */
  unknown: UnknownCall[];
}

/** What the server sends on `GET /v1/connect`: one of these, or an array. */
export type ServerFrame = ToldFrame | AnswerFrame;

/** The slots that any call may use. */
export interface Shared {
  /** Free. */
  free: number;
  /** In use; more than the size while settling. */
  in_use: number;
  /** The limit minus all reservations. */
  size: number;
}

/** Which kind of slot a call took when it started. */
export type SlotKind = "reserved" | "shared";

/** `start`: a call to start under the connection's lease. Its fields are those of a `CallStart`. */
export interface StartFrame {
  /** The agent that is to handle it. */
  agent: AgentId;
  /** How soon it must be claimed once it has a slot, in seconds. */
  claim_within_s?: number | null | undefined;
  /** The gates that it passes, up to 4. Their order does not matter. */
  gates?: GateId[] | undefined;
  /** The client's own id for it. If absent, the server makes one. */
  id?: CallId | null | undefined;
  /** How long it may be active, in seconds. */
  max_duration_s?: number | null | undefined;
  /** How long it may be queued, in seconds; 0: it starts now or ends at once. */
  max_wait_s?: number | null | undefined;
  /** Any JSON object of up to 4 KiB, nested up to 64 deep, returned with the call. */
  metadata?: { [name: string]: unknown } | null | undefined;
  op: "start";
  /** Returned with the answer. */
  ref?: number | null | undefined;
  /** Its type. */
  type: CallType;
}

/** A call of the lease got its slot, or the lease adopted an active call. */
export interface StartedToldFrame {
  /** The call. */
  call: Call;
  op: "started";
}

/** How many queued calls of an agent and type would start at once. */
export interface StartsOfClass {
  /** The agent. */
  agent: AgentId;
  /** How many. */
  count: number;
  /** The type. */
  type: CallType;
}

/** A point in time, in milliseconds since the Unix epoch. */
export type Time = string;

/** What the server sends on its own, and the answer to a `resume`. */
export type ToldFrame = HelloToldFrame | Resumed | StartedToldFrame | QueuedToldFrame | EndedToldFrame | AdoptedToldFrame | PositionToldFrame;

/** This type's. */
export interface TypeBlockedBy {
  /** This type's. */
  type: CallType;
}

/** The caps of the call types; null: no bound of its own. */
export interface TypeCaps {
  /** Of text. */
  chat: number | null;
  /** Of telephony the agent answers. */
  inbound: number | null;
  /** Of telephony the agent dials. */
  outbound: number | null;
  /** Of voice in a browser. */
  webcall: number | null;
}

/** `type.changed` */
export interface TypeChanged {
  /** When it happened. */
  at: Time;
  /** How many calls of the type may be active at once from then on, over all agents; null: no bound of its own. */
  cap: number | null;
  /** How often calls of the type may start from then on, over all agents; null: no bound of its own. */
  pace: Pace | null;
  /** The event's number in the organisation. */
  seq: number;
  /** The type. */
  type: CallType;
}

/** The paces of the call types; null: no bound of its own. */
export interface TypePaces {
  /** Of text. */
  chat: Pace | null;
  /** Of telephony the agent answers. */
  inbound: Pace | null;
  /** Of telephony the agent dials. */
  outbound: Pace | null;
  /** Of voice in a browser. */
  webcall: Pace | null;
}

/** What a call type's settings are to be. */
export interface TypePut {
  /** How many calls of the type may be active at once, over all agents. Absent or null: no bound of its own. */
  cap?: number | null | undefined;
  /** How often calls of the type may start, over all agents. Absent or null: no bound of its own. */
  pace?: Pace | null | undefined;
}

/** A call type's settings. */
export interface TypeSettings {
  /** How many calls of the type may be active at once, over all agents; null: no bound of its own. */
  cap: number | null;
  /** How often calls of the type may start, over all agents; null: no bound of its own. */
  pace: Pace | null;
  /** The type. */
  type: CallType;
}

/** A call that a client believes is active under its lease, and that is not. */
export interface UnknownCall {
  /** Its id. */
  id: CallId;
  /** What the server knows of it. */
  why: WhyUnknown;
}

/** Why a call is not active under the lease of the client that named it. */
export type WhyUnknown = "never_known" | "ended" | "other_lease" | "queued";
