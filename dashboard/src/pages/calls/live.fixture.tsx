// For tests: a live state that a test sets, in place of one that follows a server. Use it with
// vi.mock("../../live/live-provider", () => import("./live.fixture")).

import { act } from "@testing-library/react";
import { type ReactNode, useSyncExternalStore } from "react";
import type { Call, Pool, PoolAgent } from "../../domain";
import type { LiveGate } from "../../live/state/gates";
import { begin, type LiveState } from "../../live/state/live-state";

export const NOW = Date.parse("2026-11-24T12:00:00.000Z");

/** That many seconds before now. */
export function ago(s: number): string {
  return new Date(NOW - s * 1000).toISOString();
}

let state: LiveState | undefined;
const listeners = new Set<() => void>();

/** Sets what is live; what is shown follows. */
export function setLive(next: LiveState | undefined): void {
  act(() => {
    state = next;
    for (const listener of listeners) listener();
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLive<T>(select: (live: LiveState) => T): T | undefined {
  const live = useSyncExternalStore(subscribe, () => state);
  return live && select(live);
}

export function LiveProvider({ children }: { org: string; children: ReactNode }) {
  return children;
}

const serverNow = () => NOW;

export function useServerNow(): () => number {
  return serverNow;
}

export function useNow(_everyMs: number): number {
  return NOW;
}

const NO_USE = { reserved: 0, active: 0, reserved_in_use: 0, shared_in_use: 0, queued: 0 };

export function agentOf(id: string, over: Partial<PoolAgent> = {}): PoolAgent {
  const types = { webcall: NO_USE, chat: NO_USE, outbound: NO_USE, inbound: NO_USE };
  return { id, name: id, cap: null, pace: null, reserved: 0, active: 0, queued: 0, types, ...over };
}

export function poolOf(agents: PoolAgent[], over: Partial<Pool> = {}): Pool {
  const shared = { size: 20, in_use: 0, free: 20 };
  const counts = { reserved: 0, active: 0, queued: 0, oldest_wait_ms: null, settling: 0 };
  const pool = { org: "default", plan: "standard", limit: 20, version: 1, as_of: 1 };
  const type_caps = { webcall: null, chat: null, outbound: null, inbound: null };
  const type_paces = type_caps;
  return { ...pool, ...counts, shared, type_caps, type_paces, agents, ...over };
}

/** A call that was queued for ten seconds; what it is otherwise is said. */
export function callOf(id: string, over: Partial<Call> = {}): Call {
  return {
    id,
    agent: "support",
    type: "inbound",
    state: "queued",
    slot: null,
    position: null,
    position_in_class: null,
    blocked_on: null,
    blocked_by: null,
    retry_in_ms: null,
    gates: [],
    estimated_wait_ms: null,
    requested_at: ago(10),
    started_at: null,
    ended_at: null,
    reason: null,
    note: null,
    lease: null,
    metadata: {},
    ...over,
  };
}

export function activeCall(id: string, over: Partial<Call> = {}): Call {
  return callOf(id, { state: "active", slot: "shared", started_at: ago(5), ...over });
}

export function endedCall(id: string, over: Partial<Call> = {}): Call {
  const end = { state: "ended", reason: "completed", ended_at: ago(1) } as const;
  return activeCall(id, { ...end, ...over });
}

export function gateOf(id: string, over: Partial<LiveGate> = {}): LiveGate {
  const settings = { name: id, kind: "other", cap: null, pace: null, hours: null } as const;
  return { ...settings, paused: false, id, within_hours: true, ...over };
}

/** A live state of these calls, in which all are known. */
export function liveOf(
  calls: readonly Call[],
  agents: PoolAgent[] = [agentOf("support", { name: "Support" })],
  gates: readonly LiveGate[] = [],
): LiveState {
  const queued = calls.filter(({ state }) => state === "queued").length;
  const pool = poolOf(agents, { queued, active: calls.length - queued });
  return begin(pool, calls, true, new Map(gates.map((gate) => [gate.id, gate])));
}
