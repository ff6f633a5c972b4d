// The limit over time, from its changes and from what it is now. Pure.
//
// A change says what the limit was from then on, not what it was before: ahead of the first change that is known, the
// limit is not.

import type { components } from "../../../api/schema";

/** A change of settings; `by` is absent of those from before it was kept. */
export type HistoryMarker = components["schemas"]["HistoryMarker"];

interface LimitChange {
  atMs: number;
  seq: number;
  limit: number;
}

/** A stretch of time with one limit. */
export interface LimitStretch {
  fromMs: number;
  toMs: number;
  limit: number;
}

/** The changes of the limit among settings changes, in order, each once. */
export function limitChanges(markers: readonly HistoryMarker[]): LimitChange[] {
  const bySeq = new Map<number, LimitChange>();
  for (const marker of markers) {
    if (marker.kind !== "limit.changed") continue;
    const { seq, limit } = marker.detail;
    bySeq.set(seq, { atMs: Date.parse(marker.at), seq, limit });
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** The limit from one moment to another. `limitNow` holds where nothing is known to have changed it. */
export function limitLine(
  changes: readonly LimitChange[],
  range: { fromMs: number; toMs: number },
  limitNow: number | undefined,
): LimitStretch[] {
  if (changes.length === 0) {
    return limitNow === undefined ? [] : [{ ...range, limit: limitNow }];
  }
  const stretches: LimitStretch[] = [];
  changes.forEach(({ atMs, limit }, index) => {
    const fromMs = Math.max(atMs, range.fromMs);
    const toMs = Math.min(changes[index + 1]?.atMs ?? range.toMs, range.toMs);
    if (fromMs >= toMs) return;
    const last = stretches.at(-1);
    if (last?.limit === limit) last.toMs = toMs;
    else stretches.push({ fromMs, toMs, limit });
  });
  return stretches;
}

/** The lowest limit between two moments; undefined where it is not known. */
export function lowestLimit(
  line: readonly LimitStretch[],
  fromMs: number,
  toMs: number,
): number | undefined {
  const limits = line.filter((it) => it.fromMs < toMs && it.toMs > fromMs).map((it) => it.limit);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** Whether the limit is known only with changes from outside of the span: it changed in it, or the span is over. */
export function needsEarlierChanges(
  changes: readonly LimitChange[],
  range: { isLive: boolean },
): boolean {
  return !range.isLive || changes.length > 0;
}
