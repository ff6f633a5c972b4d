// The axes of a chart: how high it is, where its lines are and how they are labelled. Times are in the zone
// that the reader chose.

import { count } from "../format";
import { timeFormat } from "../time-zone";

export type Unit = "count" | "duration";

const S = 1000;
const MIN = 60 * S;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

const BEYOND = [1, 2, 5].flatMap((digit) => [4, 5, 6, 7].map((zeros) => digit * 10 ** zeros));

/** Between which values the lines of the vertical axis may lie, ascending. */
export const INCREMENTS: Record<Unit, number[]> = {
  count: [
    ...[1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000],
    ...BEYOND.sort((a, b) => a - b),
  ],
  duration: [
    ...[1, 2, 5, 10, 20, 50, 100, 200, 500, S, 2 * S, 5 * S, 10 * S, 15 * S, 30 * S],
    ...[MIN, 2 * MIN, 5 * MIN, 10 * MIN, 15 * MIN, 30 * MIN],
    ...[HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 5 * DAY, 10 * DAY, 30 * DAY],
  ],
};

/** How high an axis is for a highest value, with some air above it. */
export function axisTop(highest: number, unit: Unit): number {
  const air = highest * 1.12;
  return unit === "count" ? Math.max(1, Math.ceil(air)) : Math.max(S, air);
}

/** A value of the vertical axis, short. */
export function axisValue(value: number, unit: Unit): string {
  if (unit === "duration") return shortTime(value);
  if (value >= 1e6) return `${trimmed(value / 1e6)}M`;
  if (value >= 1e4) return `${trimmed(value / 1e3)}k`;
  return count(value);
}

function shortTime(ms: number): string {
  if (ms === 0) return "0";
  if (ms < S) return `${ms} ms`;
  if (ms < 2 * MIN && ms % MIN !== 0) return `${trimmed(ms / S)} s`;
  if (ms < 2 * HOUR && ms % HOUR !== 0) return `${trimmed(ms / MIN)} min`;
  if (ms < 2 * DAY && ms % DAY !== 0) return `${trimmed(ms / HOUR)} h`;
  return `${trimmed(ms / DAY)} d`;
}

function trimmed(value: number): string {
  return String(Math.round(value * 10) / 10);
}

const TIME = timeFormat({ hour: "2-digit", minute: "2-digit" });
const DATE = timeFormat({ day: "numeric", month: "short" });

/** Labels of moments on the horizontal axis; the day is written where one begins, and at the first. */
export function axisTimes(moments: readonly number[], incrementMs: number): string[] {
  if (incrementMs >= DAY) return moments.map((ms) => DATE.format(ms));
  let day: string | undefined;
  return moments.map((ms) => {
    const before = day;
    day = DATE.format(ms);
    return day === before ? TIME.format(ms) : `${TIME.format(ms)}\n${day}`;
  });
}
