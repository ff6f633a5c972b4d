// For how long the limit was reached. Points say how many calls were active at most and on average; from both follows the
// least and the most time that they can have been at the limit. Pure.

import type { HistoryPoint } from "../../../domain";
import { type LimitStretch, lowestLimit } from "../changes/limit-line";

export interface TimeAtLimit {
  leastMs: number;
  mostMs: number;
  /** The length of all points whose limit is known. */
  ofMs: number;
}

/** The time at the limit; undefined where the limit is not known. */
export function timeAtLimit(
  points: readonly HistoryPoint[],
  limits: readonly LimitStretch[],
): TimeAtLimit | undefined {
  const sums: TimeAtLimit = { leastMs: 0, mostMs: 0, ofMs: 0 };
  for (const point of points) {
    const fromMs = Date.parse(point.at);
    const limit = lowestLimit(limits, fromMs, fromMs + point.span_ms);
    if (limit === undefined) continue;
    const [least, most] = sharesAt(limit, point);
    sums.leastMs += least * point.span_ms;
    sums.mostMs += most * point.span_ms;
    sums.ofMs += point.span_ms;
  }
  return sums.ofMs === 0 ? undefined : sums;
}

/**
 * The least and the most of a point that can have been at the limit. Away from it at most `limit - 1` calls are active, and
 * at it at most the peak; so the mean is at most `share * peak + (1 - share) * (limit - 1)`, and at least `share * limit`.
 */
function sharesAt(limit: number, { peak_active, mean_active }: HistoryPoint): [number, number] {
  if (peak_active < limit) return [0, 0];
  // A limit of 0 is always reached.
  if (limit === 0) return [1, 1];
  const least = (mean_active - (limit - 1)) / (peak_active - (limit - 1));
  return [clamped(least), clamped(mean_active / limit)];
}

function clamped(share: number): number {
  return Math.min(1, Math.max(0, share));
}
