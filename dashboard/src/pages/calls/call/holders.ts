// Which agents hold the slots now, or held them in a minute that is over. Pure.

import type { Call, History, Pool } from "../../../domain";

export interface Holder {
  agent: string;
  slots: number;
}

/** The agents that have active calls now, those with the most first. */
export function holdersNow(pool: Pool): readonly Holder[] {
  return mostFirst(pool.agents.map(({ id, active }) => ({ agent: id, slots: active })));
}

/** How many slots each agent held at once at the most, as the first points of a history say. */
export function holdersThen(history: History): readonly Holder[] {
  return mostFirst(
    history.series.map(({ agent, points }) => ({
      agent: agent ?? "",
      slots: points[0]?.peak_active ?? 0,
    })),
  );
}

function mostFirst(holders: readonly Holder[]): readonly Holder[] {
  return holders
    .filter(({ slots }) => slots > 0)
    .sort((a, b) => b.slots - a.slots || (a.agent < b.agent ? -1 : 1));
}

const MINUTE_MS = 60_000;

/** The minute in which a call that waited left the queue, from its first to its last moment; undefined: it still waits, or never did. */
export function minuteOfLeaving(call: Call): { from: string; to: string } | undefined {
  const left = call.started_at ?? call.ended_at;
  if (left === null || Date.parse(left) <= Date.parse(call.requested_at)) return undefined;
  const from = Math.floor(Date.parse(left) / MINUTE_MS) * MINUTE_MS;
  return { from: new Date(from).toISOString(), to: new Date(from + MINUTE_MS).toISOString() };
}
