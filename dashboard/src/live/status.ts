// How this page and the server stand to each other.

import { ProblemError } from "../api/problem";

export interface Link {
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

/** The link after a try that failed or a stream that ended. What was never live cannot be stale. */
export function lost(link: Link, lastWordMs: number, why: Omit<Link, "state" | "sinceMs">): Link {
  const wasLive = link.state !== "connecting";
  return wasLive
    ? { state: "stale", sinceMs: lastWordMs, ...why }
    : { state: "connecting", sinceMs: link.sinceMs, ...why };
}

/** A link as one tab tells it to another: errors lose what is ours of them on the way. */
export type ToldLink = Omit<Link, "problem"> & {
  problem?: { status: number; code: string; detail: string; requestId: string | undefined };
};

export function told({ problem, ...link }: Link): ToldLink {
  if (problem === undefined) return link;
  const { status, code, message: detail, requestId } = problem;
  return { ...link, problem: { status, code, detail, requestId } };
}

export function asTold({ problem, ...link }: ToldLink): Link {
  if (problem === undefined) return link;
  const { status, code, detail, requestId } = problem;
  return { ...link, problem: new ProblemError(status, code, detail, requestId) };
}
