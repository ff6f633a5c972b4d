// Who waits for what: the queued calls of a pool by the reason that holds them. Pure.

import {
  type BlockedOn,
  CALL_TYPES,
  type CallType,
  type Pool,
  type PoolAgent,
} from "../../../domain";
import { count, counted } from "../../../format";
import { blockedIn } from "../../../live/state/blocked-on";
import { CALLS_OF } from "../agents/calls-of";

/** The calls that wait for one reason, and the agent that most of them are for. */
export interface Cause {
  reason: BlockedOn;
  calls: number;
  agents: number;
  most: PoolAgent;
  mostCalls: number;
  types: ReadonlySet<CallType>;
}

/** The causes, the one that holds most calls first. */
export function causesIn(pool: Pool): readonly Cause[] {
  const reasonOf = blockedIn(pool);
  const causes = new Map<BlockedOn, Cause>();
  for (const agent of pool.agents) {
    if (agent.queued === 0) continue;
    for (const [reason, found] of heldOf(agent, (type) => reasonOf(agent.id, type).blocked_on)) {
      causes.set(reason, withAgent(causes.get(reason), reason, agent, found));
    }
  }
  return [...causes.values()].sort((a, b) => b.calls - a.calls);
}

interface Held {
  calls: number;
  types: readonly CallType[];
}

function heldOf(agent: PoolAgent, reasonOf: (type: CallType) => BlockedOn) {
  const held = new Map<BlockedOn, Held>();
  for (const type of CALL_TYPES) {
    const calls = agent.types[type].queued;
    if (calls === 0) continue;
    const known = held.get(reasonOf(type)) ?? { calls: 0, types: [] };
    held.set(reasonOf(type), { calls: known.calls + calls, types: [...known.types, type] });
  }
  return held;
}

function withAgent(
  before: Cause | undefined,
  reason: BlockedOn,
  agent: PoolAgent,
  { calls, types }: Held,
): Cause {
  const isMost = before === undefined || calls > before.mostCalls;
  return {
    reason,
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
