// How long keys last: what can be chosen, and what is said of those that end. Pure: the time now is an argument.

import { counted, duration } from "../../format";
import type { Choice } from "../../ui/form/select";

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
/** How long before its end a key is warned of. */
const WARNED_MS = 7 * DAY_S * 1000;

const SECONDS = {
  never: undefined,
  "7d": 7 * DAY_S,
  "30d": 30 * DAY_S,
  "90d": 90 * DAY_S,
  "1y": 365 * DAY_S,
};

export type Lifetime = keyof typeof SECONDS;

export const LIFETIMES: readonly Choice<Lifetime>[] = [
  { value: "never", label: "never" },
  { value: "7d", label: "in 7 days" },
  { value: "30d", label: "in 30 days" },
  { value: "90d", label: "in 90 days" },
  { value: "1y", label: "in a year" },
];

/** A lifetime in seconds; undefined for one without an end. */
export function secondsOf(lifetime: Lifetime): number | undefined {
  return SECONDS[lifetime];
}

export type Grace = "0" | "1h" | "24h" | "7d";

export const GRACES: readonly Choice<Grace>[] = [
  { value: "24h", label: "for 24 hours" },
  { value: "7d", label: "for 7 days" },
  { value: "1h", label: "for an hour" },
  { value: "0", label: "not at all: it stops now" },
];

const GRACE_S: Record<Grace, number> = { "0": 0, "1h": HOUR_S, "24h": DAY_S, "7d": 7 * DAY_S };

/** For how many seconds the old secret works on. */
export function graceSeconds(grace: Grace): number {
  return GRACE_S[grace];
}

export interface Ending {
  text: string;
  isOver: boolean;
  /** Whether it is time to do something. */
  isSoon: boolean;
}

/** What is said of the end of a key: "in 89 days", "in 5 h 10 min", "expired". */
export function endingOf(at: string, nowMs: number): Ending {
  const left = Date.parse(at) - nowMs;
  if (left <= 0) return { text: "expired", isOver: true, isSoon: true };
  const days = Math.floor(left / (DAY_S * 1000));
  const text = days < 1 ? `in ${duration(left)}` : `in ${counted(days, "day")}`;
  return { text, isOver: false, isSoon: left <= WARNED_MS };
}
