// Where nothing happened. Pure.

import type { HistoryPoint } from "../../../domain";

/** Whether nothing was in a point. */
function isIdle({ peak_active, peak_queued, starts, ends, refused }: HistoryPoint): boolean {
  return peak_active + peak_queued + starts + ends + refused === 0;
}

/** Whether nothing was in the span. */
export function isQuiet(points: readonly HistoryPoint[]): boolean {
  return points.every(isIdle);
}

/** The points from the first call on: before it there was no history yet, for all that is known. */
export function sinceFirstCall(points: readonly HistoryPoint[]): readonly HistoryPoint[] {
  const first = points.findIndex((point) => !isIdle(point));
  return first < 0 ? [] : points.slice(first);
}
