// The calls of each agent today: how many started, and the most that were active at once. The server has counted them; the peaks are
// raised by what is seen live.

import type { History, PoolAgent } from "../../domain";

export type Peaks = ReadonlyMap<string, number>;

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

export type Starts = ReadonlyMap<string, number>;

/** How many calls started, in histories by agent of spans that follow each other. */
export function startsOf(histories: readonly Pick<History, "series">[]): Starts {
  const starts = new Map<string, number>();
  for (const { agent, points } of histories.flatMap(({ series }) => series)) {
    if (agent == null) continue;
    const started = points.reduce((sum, point) => sum + point.starts, 0);
    starts.set(agent, started + (starts.get(agent) ?? 0));
  }
  return starts;
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
