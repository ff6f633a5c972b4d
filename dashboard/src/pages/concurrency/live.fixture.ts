// Stands in for the live state in tests: `vi.mock("../../live/live-provider", () => import("./live.fixture"))`.

import { useSyncExternalStore } from "react";
import type { Call, Pool } from "../../domain";
import type { LiveStatus } from "../../live/connection/status";
import { type LiveGates, NO_GATES } from "../../live/state/gates";
import { poolOf } from "./pool.fixture";

interface Shown {
  pool: Pool;
  queue: readonly Call[];
  active: ReadonlyMap<string, Call>;
  isComplete: boolean;
  isQueueWhole: boolean;
  gates: LiveGates;
}

const listeners = new Set<() => void>();
let shown: Shown | undefined;
let link: LiveStatus = { state: "live", sinceMs: 0 };
let nowMs = Date.parse("2026-01-01T00:00:41.000Z");

/** What the page sees from now on. */
export function show(next: Partial<Shown>): void {
  const whole = { isComplete: true, isQueueWhole: true, gates: NO_GATES };
  const nothing = { pool: poolOf(20, {}), queue: [], active: new Map(), ...whole };
  shown = { ...nothing, ...shown, ...next };
  tell();
}

export function setStatus(next: LiveStatus): void {
  link = next;
  tell();
}

export function setNow(next: string): void {
  nowMs = Date.parse(next);
  tell();
}

/** Before each test. */
export function forget(): void {
  shown = undefined;
  link = { state: "live", sinceMs: 0 };
  nowMs = Date.parse("2026-01-01T00:00:41.000Z");
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLive<T>(select: (live: Shown) => T): T | undefined {
  const live = useSyncExternalStore(subscribe, () => shown);
  return live === undefined ? undefined : select(live);
}

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(subscribe, () => link);
}

export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}

export function useServerNow(): () => number {
  return () => nowMs;
}
