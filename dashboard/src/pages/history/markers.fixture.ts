// Settings changes and points for tests.

import type { CallType, HistoryPoint, Reservation } from "../../domain";
import type { HistoryMarker } from "./changes/limit-line";

export function limitMarker(
  atMs: number,
  seq: number,
  limit: number,
  limit_override: number | null = null,
): HistoryMarker {
  const at = new Date(atMs).toISOString();
  const detail = { seq, at, plan: "standard", limit, limit_override };
  return { kind: "limit.changed", at, detail };
}

export function agentMarker(
  atMs: number,
  seq: number,
  agent: { id: string; name: string; cap: number | null } | null = null,
): HistoryMarker {
  const at = new Date(atMs).toISOString();
  const told = agent && { ...agent, pace: null };
  return { kind: "agent.changed", at, detail: { seq, at, id: agent?.id ?? "a", agent: told } };
}

export function typeMarker(
  atMs: number,
  seq: number,
  type: CallType,
  cap: number | null,
): HistoryMarker {
  const at = new Date(atMs).toISOString();
  return { kind: "type.changed", at, detail: { seq, at, type, cap, pace: null } };
}

export function reservationsMarker(
  atMs: number,
  seq: number,
  reservations: Reservation[],
): HistoryMarker {
  const at = new Date(atMs).toISOString();
  return { kind: "reservations.changed", at, detail: { seq, at, version: seq, reservations } };
}

/** A point of a minute in which nothing was, but for what is said. */
export function point(atMs: number, figures: Partial<HistoryPoint> = {}): HistoryPoint {
  return {
    at: new Date(atMs).toISOString(),
    span_ms: 60_000,
    peak_active: 0,
    mean_active: 0,
    peak_queued: 0,
    starts: 0,
    ends: 0,
    refused: 0,
    wait_ms: null,
    ...figures,
  };
}
