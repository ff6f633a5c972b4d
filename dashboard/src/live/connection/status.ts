// Whether this page follows the server: connecting, live or stale.

import { ProblemError } from "../../api/problem";

export interface LiveStatus {
  state: "connecting" | "live" | "stale";
  /** `Date.now()` when this state began; for stale: when the last word from the server came. */
  sinceMs: number;
  /** `Date.now()` when it is tried again; absent while an answer is waited for. */
  nextTryMs?: number;
  /** The server has refused for good: it is not tried again. */
  isFinal?: true;
  /** Why it is not live. */
  problem?: ProblemError;
}

/** The status after a try that failed or a stream that ended. What was never live cannot be stale. */
export function lost(
  status: LiveStatus,
  lastWordMs: number,
  why: Omit<LiveStatus, "state" | "sinceMs">,
): LiveStatus {
  const wasLive = status.state !== "connecting";
  return wasLive
    ? { state: "stale", sinceMs: lastWordMs, ...why }
    : { state: "connecting", sinceMs: status.sinceMs, ...why };
}

/** A status as one tab sends it to another: errors lose their class on the way. */
export type ToldStatus = Omit<LiveStatus, "problem"> & {
  problem?: { status: number; code: string; detail: string; requestId: string | undefined };
};

export function told({ problem, ...rest }: LiveStatus): ToldStatus {
  if (problem === undefined) return rest;
  const { status, code, message: detail, requestId } = problem;
  return { ...rest, problem: { status, code, detail, requestId } };
}

export function asTold({ problem, ...rest }: ToldStatus): LiveStatus {
  if (problem === undefined) return rest;
  const { status, code, detail, requestId } = problem;
  return { ...rest, problem: new ProblemError(status, code, detail, requestId) };
}
