// The events of the server's stream: their types, and how they are read from the stream's lines.

import type { components } from "../../api/schema";
import type { Call, Reservation } from "../../domain";

type Schemas = components["schemas"];

export interface CallEvent {
  kind: "call.queued" | "call.started" | "call.ended";
  seq: number;
  at: string;
  /** The call as it was after the event, without what depends on the queue. */
  call: Call;
}

export interface ReservationsEvent {
  kind: "reservations.changed";
  seq: number;
  at: string;
  version: number;
  reservations: readonly Reservation[];
}

export type LimitEvent = { kind: "limit.changed" } & Schemas["LimitChanged"];
export type AgentEvent = { kind: "agent.changed" } & Schemas["AgentChanged"];
export type GateEvent = { kind: "gate.changed" } & Schemas["GateChanged"];
export type AlertEvent =
  | ({ kind: "alert.changed" } & Schemas["AlertChanged"])
  | ({ kind: "alert.opened" } & Schemas["AlertHasOpened"])
  | ({ kind: "alert.closed" } & Schemas["AlertHasClosed"]);
export type TypeEvent = { kind: "type.changed" } & Schemas["TypeChanged"];

/** An event that a newer server knows and this page does not: it counts, and what it changed is read again. */
interface UnknownEvent {
  kind: "unknown";
  seq: number;
}

export type LiveEvent =
  | CallEvent
  | ReservationsEvent
  | LimitEvent
  | AgentEvent
  | GateEvent
  | TypeEvent
  | AlertEvent
  | UnknownEvent;

/** The lines of one event. */
interface EventLines {
  id?: string | undefined;
  event?: string | undefined;
  data: string;
}

export const KINDS: ReadonlySet<string> = new Set<Exclude<LiveEvent["kind"], "unknown">>([
  "call.queued",
  "call.started",
  "call.ended",
  "reservations.changed",
  "limit.changed",
  "agent.changed",
  "gate.changed",
  "type.changed",
  "alert.changed",
  "alert.opened",
  "alert.closed",
]);

/** An event from its lines; undefined if they are not an event's. */
export function decode(lines: EventLines): LiveEvent | undefined {
  const seq = Number(lines.id);
  if (lines.id === undefined || lines.id === "" || !Number.isSafeInteger(seq)) return undefined;
  const data = parse(lines.data);
  if (data === undefined || lines.event === undefined || !KINDS.has(lines.event)) {
    return { kind: "unknown", seq };
  }
  return { ...data, kind: lines.event, seq } as LiveEvent;
}

function parse(data: string): object | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
