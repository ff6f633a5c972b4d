// Which calls a bulk end is about, and what the server is asked. Pure.

import type { components } from "../../../api/schema";
import { type Call, type CallType, type Pool, TYPE_NAME } from "../../../domain";
import { counted } from "../../../format";
import { type Filters, showsLive } from "../filters/filters";

type CallsEnd = components["schemas"]["CallsEnd"];

/** How many ids the API takes at once. */
const MOST_IDS = 10_000;

/** Calls to end. */
export interface ToEnd {
  queued: number;
  active: number;
  /** What to send, one after the other. */
  asks: readonly CallsEnd[];
  /** Whose calls, where they are all of something. */
  of?: string;
}

/** Calls by their ids. */
export function theseCalls(calls: readonly Call[]): ToEnd {
  const ids = calls.map(({ id }) => id);
  const asks: CallsEnd[] = [];
  for (let at = 0; at < ids.length; at += MOST_IDS)
    asks.push({ ids: ids.slice(at, at + MOST_IDS) });
  const queued = calls.filter(({ state }) => state === "queued").length;
  return { queued, active: calls.length - queued, asks };
}

/** The waiting calls of an agent and a type. */
export function callsOfClass(
  { agent, type, calls }: { agent: string; type: CallType; calls: number },
  name: string,
): ToEnd {
  const asks: readonly CallsEnd[] = [{ agent, type, state: "queued" }];
  return { queued: calls, active: 0, asks, of: `${TYPE_NAME[type]}, ${name}` };
}

/**
 * All live calls that the filters ask for: as the server finds them, also those that are not known here, or, where the server has
 * no such filter, by the ids of those that are. Undefined: the filters are about all live calls, or about none. `isComplete`: whether
 * what is shown is all that matches; only then is known how many calls of a gate there are.
 */
export function allCalls(
  filters: Filters,
  shown: readonly Call[],
  pool: Pool,
  { nameOf, isComplete }: { nameOf: (agent: string) => string; isComplete: boolean },
): ToEnd | undefined {
  const { view, text, agent, type, gate, leastWaitS } = filters;
  if (!showsLive(filters)) return undefined;
  if (text !== "" || leastWaitS !== undefined) return theseCalls(shown);
  if (gate !== undefined && !isComplete) return theseCalls(shown);
  const state = view === "queued" || view === "active" ? view : undefined;
  if (state === undefined && [agent, type, gate].every((filter) => filter === undefined)) {
    return undefined;
  }
  const ask: CallsEnd = {
    ...(agent !== undefined && { agent }),
    ...(type !== undefined && { type }),
    ...(gate !== undefined && { gate }),
    ...(state !== undefined && { state }),
  };
  const { queued, active } = gate === undefined ? countOf(pool, agent, type) : theseCalls(shown);
  return {
    queued: state === "active" ? 0 : queued,
    active: state === "queued" ? 0 : active,
    asks: [ask],
    of: [
      ...(type === undefined ? [] : [TYPE_NAME[type]]),
      ...(agent === undefined ? [] : [nameOf(agent)]),
      ...(gate === undefined ? [] : [gate]),
    ].join(", "),
  };
}

/** How many live calls an agent and a type have, or all. */
function countOf(pool: Pool, agent: string | undefined, type: CallType | undefined) {
  if (agent === undefined && type === undefined) return pool;
  const agents = pool.agents.filter(({ id }) => agent === undefined || id === agent);
  const uses = agents.map((each) => (type === undefined ? each : each.types[type]));
  return {
    queued: uses.reduce((sum, use) => sum + use.queued, 0),
    active: uses.reduce((sum, use) => sum + use.active, 0),
  };
}

/** How many calls, and of which state if they are all of one: "3 queued calls". */
export function howMany({ queued, active }: ToEnd): string {
  const state = queued === 0 ? "active " : active === 0 ? "queued " : "";
  return counted(queued + active, `${state}call`);
}

/** What ending them does. */
export function consequence({ queued, active }: ToEnd): string[] {
  return [
    ...(queued === 0
      ? []
      : [`${counted(queued, "queued call")} will leave the queue as canceled, without a slot.`]),
    ...(active === 0
      ? []
      : [
          `Callslot frees the ${active === 1 ? "slot" : "slots"} of ${counted(active, "active call")} and records ${active === 1 ? "it" : "them"} as completed. The callers are cut off only if the engines hang up.`,
        ]),
  ];
}
