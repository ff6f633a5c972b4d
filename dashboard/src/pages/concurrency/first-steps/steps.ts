// The first steps with an organisation, and which of them are done. Pure.

import type { Pool } from "../../../domain";

/** What a browser remembers of them, since the server cannot know it. */
export interface Kept {
  /** It was empty when it was seen first. */
  isBegun: boolean;
  isCopied: boolean;
  isCalled: boolean;
  isHidden: boolean;
}

export const NOTHING_KEPT: Kept = {
  isBegun: false,
  isCopied: false,
  isCalled: false,
  isHidden: false,
};

export type Step = "agent" | "reserve" | "copy" | "call";

type Seen = Pick<Pool, "agents" | "reserved" | "active" | "queued">;

/** Which steps are done: two show in the pool, two are remembered. A call of somebody else counts, too. */
export function doneSteps(pool: Seen, kept: Kept): ReadonlySet<Step> {
  const done: Record<Step, boolean> = {
    agent: pool.agents.length > 0,
    reserve: pool.reserved > 0,
    copy: kept.isCopied,
    call: kept.isCalled || pool.active + pool.queued > 0,
  };
  return new Set((Object.keys(done) as Step[]).filter((step) => done[step]));
}

/** What is remembered after the pool was seen; the same object when nothing is new. */
export function noted(pool: Seen, kept: Kept): Kept {
  const isBegun = kept.isBegun || pool.agents.length === 0;
  const isCalled = isBegun && (kept.isCalled || pool.active + pool.queued > 0);
  if (isBegun === kept.isBegun && isCalled === kept.isCalled) return kept;
  return { ...kept, isBegun, isCalled };
}

/** What was kept as a text; nothing if it is none of the steps. */
export function readKept(text: string | null): Kept {
  try {
    const read: unknown = JSON.parse(text ?? "{}");
    if (typeof read !== "object" || read === null) return NOTHING_KEPT;
    const is = (field: keyof Kept) =>
      (read as Partial<Record<keyof Kept, unknown>>)[field] === true;
    return {
      isBegun: is("isBegun"),
      isCopied: is("isCopied"),
      isCalled: is("isCalled"),
      isHidden: is("isHidden"),
    };
  } catch {
    return NOTHING_KEPT;
  }
}
