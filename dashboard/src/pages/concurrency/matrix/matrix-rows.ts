// Which agents the table lists, in which order, and their sums. Pure.

import { CALL_TYPES, type CallType, type ClassUse, type PoolAgent } from "../../../domain";
import { foundAgents } from "../agents/agent-lists";

/** Which agents are listed. */
export const SHOWS = ["all", "reserved", "waiting", "at-cap", "in-use", "shared"] as const;
export type Show = (typeof SHOWS)[number];

/** By what agents are ordered, besides the types. */
export const SORT_KEYS = ["agent", "in-use", "waiting", "wait-p95", "cap"] as const;
export type SortKey = (typeof SORT_KEYS)[number] | CallType;

export interface Sort {
  key: SortKey;
  isDescending: boolean;
}

export interface View {
  show: Show;
  search: string;
  /** Only this agent. */
  agent: string | undefined;
  /** Undefined: who waits first, then who uses most. */
  sort: Sort | undefined;
}

/** How long 95 of 100 calls of each agent waited at most, in milliseconds, where calls began at all. */
export type LongWaits = ReadonlyMap<string, number>;

/** The agents of a view in its order. */
export function matrixRows(
  agents: readonly PoolAgent[],
  view: View,
  waits: LongWaits = new Map(),
): readonly PoolAgent[] {
  const shown = foundAgents(agents, view.search).filter(
    (agent) => isShown(agent, view.show) && (view.agent === undefined || agent.id === view.agent),
  );
  return shown.toSorted(orderOf(view.sort, waits));
}

export function isShown(agent: PoolAgent, show: Show): boolean {
  switch (show) {
    case "all":
      return true;
    case "reserved":
      return agent.reserved > 0;
    case "waiting":
      return agent.queued > 0;
    case "at-cap":
      return agent.cap !== null && agent.active >= agent.cap;
    case "in-use":
      return agent.active > 0;
    case "shared":
      return CALL_TYPES.some((type) => agent.types[type].shared_in_use > 0);
  }
}

type Order = (a: PoolAgent, b: PoolAgent) => number;

function orderOf(sort: Sort | undefined, waits: LongWaits): Order {
  if (sort === undefined) return (a, b) => b.queued - a.queued || byUse(a, b);
  const ways = sort.isDescending ? -1 : 1;
  const { key } = sort;
  if (key === "agent") return (a, b) => ways * byName(a, b);
  const numbers = numbersOf(key, waits);
  return (a, b) => {
    const [ofA, ofB] = [numbers(a), numbers(b)];
    for (let at = 0; at < ofA.length; at += 1) {
      const more = (ofA[at] ?? 0) - (ofB[at] ?? 0);
      if (more !== 0) return ways * more;
    }
    return byUse(a, b);
  };
}

/** What agents are compared by, the most important number first. */
function numbersOf(
  key: Exclude<SortKey, "agent">,
  waits: LongWaits,
): (agent: PoolAgent) => readonly number[] {
  if (key === "in-use") return ({ active }) => [active];
  if (key === "waiting") return ({ queued }) => [queued];
  // One without calls comes before one whose calls did not wait.
  if (key === "wait-p95") return ({ id }) => [waits.get(id) ?? -1];
  // One without a cap comes after the largest cap.
  if (key === "cap") return ({ cap }) => [cap ?? Number.MAX_SAFE_INTEGER];
  return ({ types }) => [types[key].active, types[key].reserved, types[key].queued];
}

function byUse(a: PoolAgent, b: PoolAgent): number {
  return b.active - a.active || b.reserved - a.reserved || byName(a, b);
}

// Made once: a thousand names are compared ten thousand times.
const NAMES = new Intl.Collator("en", { numeric: true });

function byName(a: PoolAgent, b: PoolAgent): number {
  return NAMES.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

/** The sort after a head was chosen: one way, the other way, then none. */
export function nextSort(sort: Sort | undefined, key: SortKey): Sort | undefined {
  const isMostFirst = key !== "agent";
  if (sort?.key !== key) return { key, isDescending: isMostFirst };
  return sort.isDescending === isMostFirst ? { key, isDescending: !isMostFirst } : undefined;
}

/** The rows in the order they had, those that are new at the end: so a list stays still under the pointer. */
export function inOrder(
  rows: readonly PoolAgent[],
  before: readonly string[],
): readonly PoolAgent[] {
  const places = new Map(before.map((id, at) => [id, at]));
  const placeOf = ({ id }: PoolAgent) => places.get(id) ?? before.length;
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b));
}

export interface Totals {
  types: Readonly<Record<CallType, ClassUse>>;
  active: number;
  queued: number;
}

/** The sums of some agents. */
export function totalsOf(agents: readonly PoolAgent[]): Totals {
  const of = (type: CallType): ClassUse => {
    const sum = { reserved: 0, active: 0, queued: 0, reserved_in_use: 0, shared_in_use: 0 };
    for (const { types } of agents) {
      const use = types[type];
      sum.reserved += use.reserved;
      sum.active += use.active;
      sum.queued += use.queued;
      sum.reserved_in_use += use.reserved_in_use;
      sum.shared_in_use += use.shared_in_use;
    }
    return sum;
  };
  return {
    types: {
      webcall: of("webcall"),
      chat: of("chat"),
      outbound: of("outbound"),
      inbound: of("inbound"),
    },
    active: agents.reduce((sum, { active }) => sum + active, 0),
    queued: agents.reduce((sum, { queued }) => sum + queued, 0),
  };
}
