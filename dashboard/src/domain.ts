// The words of the contract (docs/semantics.md), as the API says them and as people read them.

import type { components } from "./api/schema";

type Schemas = components["schemas"];

export type Agent = Schemas["Agent"];
export type Call = Schemas["Call"];
export type CallType = Schemas["CallType"];
export type ClassUse = Schemas["ClassUse"];
export type Day = Schemas["Day"];
export type Gate = Schemas["Gate"];
export type GateKind = Schemas["GateKind"];
export type GateSettings = Schemas["GateSettings"];
export type History = Schemas["History"];
export type HistoryPoint = Schemas["HistoryPoint"];
export type HistorySeries = Schemas["HistorySeries"];
export type Hours = Schemas["Hours"];
export type Key = Schemas["Key"];
export type Org = Schemas["Org"];
export type Pace = Schemas["Pace"];
export type Plan = Schemas["Plan"];
export type Pool = Schemas["Pool"];
export type PoolAgent = Schemas["PoolAgent"];
export type Recent = Schemas["Recent"];
export type Reservation = Schemas["Reservation"];
export type ReservationsPreview = Schemas["ReservationsPreview"];
export type Role = Schemas["Role"];
export type Session = Schemas["Session"];

export const CALL_TYPES = ["webcall", "chat", "outbound", "inbound"] as const satisfies CallType[];

/** What the types are called, everywhere. */
export const TYPE_NAME: Record<CallType, string> = {
  webcall: "Webcall",
  chat: "Chat",
  outbound: "Outbound",
  inbound: "Inbound",
};

export const GATE_KINDS = [
  "campaign",
  "trunk",
  "customer",
  "number",
  "other",
] as const satisfies GateKind[];

/** What the kinds of gates are called. */
export const GATE_KIND_NAME: Record<GateKind, string> = {
  campaign: "Campaign",
  trunk: "Trunk",
  customer: "Customer",
  number: "Number",
  other: "Other",
};

export type BlockedOn = NonNullable<Call["blocked_on"]>;
export type BlockedBy = NonNullable<Call["blocked_by"]>;

/** Why a call waits, in a few words. */
export const BLOCKED_ON_TEXT: Record<BlockedOn, string> = {
  nothing_shared: "no slot to share",
  limit: "limit reached",
  settling: "settling",
  agent_cap: "agent cap reached",
  type_cap: "type cap reached",
  gate_cap: "gate cap reached",
  gate_paused: "gate paused",
  gate_hours: "outside its hours",
  paced: "paced",
  shared_full: "shared pool full",
};

export type EndReason = NonNullable<Call["reason"]>;

/** Why a call ended, in a few words. */
export const END_REASON_TEXT: Record<EndReason, string> = {
  completed: "completed",
  canceled: "canceled while queued",
  lease_expired: "lease expired",
  reconciled: "reconciled",
  max_duration: "maximum duration reached",
  max_wait: "maximum wait reached",
  unclaimed: "not claimed",
  declined: "declined",
};

/** What the ids of agents, gates, organisations and plans look like. */
export const ID_PATTERN = /^[A-Za-z0-9_.:-]{1,64}$/;

/** The highest limit, cap or bound on queued calls that the API takes. */
export const MOST_CALLS = 10_000_000;

/** Whether a number of milliseconds is a time that the API takes: from the Unix epoch to the year 9999. */
export function isTime(ms: number): boolean {
  return ms >= 0 && ms < Date.UTC(10_000, 0);
}

/** From the one that may do least to the one that may do most. */
export const ROLES = ["viewer", "engine", "admin", "operator"] as const satisfies Role[];

/** Whether a role includes what another one may do. */
export function includesRole(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}
