// Who waits for what: the queued calls of a pool by the reason that holds them. Pure.

import {
  type BlockedBy,
  type BlockedOn,
  CALL_TYPES,
  type CallType,
  type Pool,
  type PoolAgent,
} from "../../../domain";
import { count, counted } from "../../../format";
import type { LiveState } from "../../../live/live-provider";
import { type Blocked, blockedIn } from "../../../live/state/blocked-on";
import { CALLS_OF } from "../agents/calls-of";

/** The calls that wait for one reason, and the agent that most of them are for. */
export interface Cause {
  /** What tells it from the others. */
  key: string;
  reason: BlockedOn;
  /** Of calls that a gate or a pace holds: whose that is. */
  by: BlockedBy | null;
  calls: number;
  agents: number;
  most: PoolAgent;
  mostCalls: number;
  types: ReadonlySet<CallType>;
}

/** What gates need to be known by. */
export type Through = Pick<LiveState, "queue" | "gates" | "active">;

/** The causes, the one that holds most calls first. */
export function causesIn(pool: Pool, through?: Through): readonly Cause[] {
  const reasonOf = blockedIn(pool, through);
  const held = through === undefined ? NOBODY : byGate(through);
  const causes = new Map<string, Cause>();
  for (const agent of pool.agents) {
    if (agent.queued === 0) continue;
    const found = new Map<string, Held>();
    for (const type of CALL_TYPES) {
      const waiting = agent.types[type].queued;
      const groups = held.get(`${agent.id} ${type}`) ?? [];
      for (const { blocked, calls } of groups) add(found, blocked, type, calls);
      const others = waiting - groups.reduce((sum, { calls }) => sum + calls, 0);
      if (others <= 0) continue;
      // Of calls that are not kept here, the gates are not known: most likely they wait as most of those that are.
      const most = groups.toSorted((a, b) => b.calls - a.calls)[0];
      const isKept = through === undefined || through.queue.length === pool.queued;
      add(found, isKept || !most ? reasonOf(agent.id, type) : most.blocked, type, others);
    }
    for (const [key, of] of found) causes.set(key, withAgent(causes.get(key), key, agent, of));
  }
  return [...causes.values()].sort((a, b) => b.calls - a.calls);
}

interface Group {
  blocked: Blocked;
  calls: number;
}

const NOBODY: ReadonlyMap<string, readonly Group[]> = new Map();

/** The calls that pass gates, by agent and type: each set of gates may be held by something else. */
function byGate({ queue }: Through): ReadonlyMap<string, readonly Group[]> {
  const groups = new Map<string, Map<string, Group>>();
  for (const { agent, type, gates, blocked_on, blocked_by } of queue) {
    if (gates.length === 0 || blocked_on === null) continue;
    const of = `${agent} ${type}`;
    const known = groups.get(of) ?? new Map<string, Group>();
    const blocked = { blocked_on, blocked_by };
    const key = keyOf(blocked);
    known.set(key, { blocked, calls: (known.get(key)?.calls ?? 0) + 1 });
    groups.set(of, known);
  }
  return new Map([...groups].map(([of, known]) => [of, [...known.values()]]));
}

/** Gates and paces are told one by one, the other reasons each for all that wait for it. */
function keyOf({ blocked_on, blocked_by }: Blocked): string {
  const isOfOne = blocked_on === "paced" || blocked_on.startsWith("gate_");
  return isOfOne ? `${blocked_on} ${JSON.stringify(blocked_by)}` : blocked_on;
}

interface Held {
  blocked: Blocked;
  calls: number;
  types: readonly CallType[];
}

function add(found: Map<string, Held>, blocked: Blocked, type: CallType, calls: number): void {
  const key = keyOf(blocked);
  const known = found.get(key) ?? { blocked, calls: 0, types: [] };
  found.set(key, { blocked, calls: known.calls + calls, types: [...known.types, type] });
}

function withAgent(
  before: Cause | undefined,
  key: string,
  agent: PoolAgent,
  { blocked, calls, types }: Held,
): Cause {
  const isMost = before === undefined || calls > before.mostCalls;
  return {
    key,
    reason: blocked.blocked_on,
    by: blocked.blocked_by,
    calls: (before?.calls ?? 0) + calls,
    agents: (before?.agents ?? 0) + 1,
    most: isMost ? agent : before.most,
    mostCalls: isMost ? calls : before.mostCalls,
    types: new Set([...(before?.types ?? []), ...types]),
  };
}

/** "3 chats of Guest wait", "12 calls of 4 agents wait" */
export function whoWaits({ calls, agents, most, types }: Cause): string {
  const [type, ...others] = types;
  const [one, many] =
    type !== undefined && others.length === 0 ? CALLS_OF[type] : (["call", "calls"] as const);
  const whose = agents === 1 ? most.name : `${count(agents)} agents`;
  return `${counted(calls, one, many)} of ${whose} ${calls === 1 ? "waits" : "wait"}`;
}
