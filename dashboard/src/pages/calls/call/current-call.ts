// The current state of a call, from what is live and what was read.

import type { Call } from "../../../domain";
import { toldByServer } from "../../shared/told-by-server";

export interface CurrentCall {
  call: Call;
  position: number | undefined;
  /** How much longer it may wait; undefined: unknown, or it does not wait. */
  estimatedWaitMs: number | undefined;
}

/** The live call with its position among the queued ones. */
export interface LiveCall {
  call: Call;
  position: number | undefined;
}

/** Finds a call among those that are live. */
export function findLive(
  live: { queue: readonly Call[]; active: ReadonlyMap<string, Call> },
  id: string,
): LiveCall | undefined {
  const active = live.active.get(id);
  if (active !== undefined) return { call: active, position: undefined };
  const index = live.queue.findIndex((call) => call.id === id);
  const queued = live.queue[index];
  return queued && { call: queued, position: index + 1 };
}

/** The call's current state: live data is newer than what was read, unless the call has ended since. */
export function currentCall(
  live: LiveCall | undefined,
  read: Call | undefined,
): CurrentCall | undefined {
  if (live !== undefined && read?.state !== "ended") {
    const isWaiting = live.call.state === "queued" && read?.state === "queued";
    return {
      call: toldByServer(live.call, read),
      position: live.position,
      estimatedWaitMs: isWaiting ? (read.estimated_wait_ms ?? undefined) : undefined,
    };
  }
  if (read === undefined) return undefined;
  return {
    call: read,
    position: read.position ?? undefined,
    estimatedWaitMs: read.estimated_wait_ms ?? undefined,
  };
}
