// The most calls that each agent had active at once today: what the server has counted, raised by what is seen live.

import type { History, PoolAgent } from "../../domain";

const HOUR_MS = 3_600_000;
const HOURS = [24, 12, 8, 6, 4, 3, 2];

export type Peaks = ReadonlyMap<string, number>;

/** When today began where the reader is. */
export function localMidnight(nowMs: number): number {
  return new Date(nowMs).setHours(0, 0, 0, 0);
}

/** A part of today, and the step of its points. */
export interface Part {
  fromMs: number;
  toMs: number;
  stepS: number;
}

/**
 * Today in as few points as there can be: they begin at multiples of their step since the Unix epoch, and only those of
 * whole hours are quick to read. Where midnight is not a whole hour, as in India, the minutes up to the next hour are read separately.
 */
export function partsOfToday(midnightMs: number, nowMs: number): Part[] {
  const hourMs = Math.min(Math.ceil(midnightMs / HOUR_MS) * HOUR_MS, nowMs);
  const hours = HOURS.find((length) => hourMs % (length * HOUR_MS) === 0) ?? 1;
  return [
    { fromMs: midnightMs, toMs: hourMs, stepS: 900 },
    { fromMs: hourMs, toMs: nowMs, stepS: hours * 3600 },
  ].filter(({ fromMs, toMs }) => fromMs < toMs);
}

/** The peaks in a history by agent. */
export function peaksOf(history: Pick<History, "series">): Peaks {
  const peaks = new Map<string, number>();
  for (const { agent, points } of history.series) {
    if (agent == null) continue;
    const peak = points.reduce((most, { peak_active }) => Math.max(most, peak_active), 0);
    peaks.set(agent, Math.max(peak, peaks.get(agent) ?? 0));
  }
  return peaks;
}

type Use = Pick<PoolAgent, "id" | "active">;

/** The peaks with what is active now; the same object when none is higher. */
export function raised(peaks: Peaks, agents: readonly Use[]): Peaks {
  const higher = agents.filter(({ id, active }) => active > (peaks.get(id) ?? 0));
  if (higher.length === 0) return peaks;
  return new Map([...peaks, ...higher.map(({ id, active }) => [id, active] as const)]);
}

/** Both together: the higher of each. */
export function merged(counted: Peaks, seen: Peaks): Peaks {
  return raised(
    counted,
    [...seen].map(([id, active]) => ({ id, active })),
  );
}
