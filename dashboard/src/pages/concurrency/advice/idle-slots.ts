// Reserved slots that nobody uses, and how to give some of them back. Pure.

import { CALL_TYPES, type Pool, type PoolAgent } from "../../../domain";
import { reservedInUse } from "../pool-bar/pool-bar-segments";
import { type Slots, slotsOf } from "../reserve/draft";

export interface Idle {
  agent: PoolAgent;
  slots: number;
  /** What all agents keep idle together. */
  total: number;
}

/** The agent that keeps most reserved slots idle. */
export function mostIdle(pool: Pool): Idle | undefined {
  let most: Omit<Idle, "total"> | undefined;
  let total = 0;
  for (const agent of pool.agents) {
    const slots = agent.reserved - reservedInUse(agent);
    total += slots;
    if (slots > (most?.slots ?? 0)) most = { agent, slots };
  }
  return most && { ...most, total };
}

/** What the agent reserves once that many of its idle slots are given back, from the types with most idle first. */
export function without(agent: PoolAgent, slots: number): Slots {
  const left: Record<keyof Slots, number> = { ...slotsOf(agent) };
  const idleOf = (type: keyof Slots) => left[type] - agent.types[type].reserved_in_use;
  for (let given = 0; given < slots; given += 1) {
    const most = CALL_TYPES.reduce((a, b) => (idleOf(b) > idleOf(a) ? b : a));
    if (idleOf(most) <= 0) break;
    left[most] -= 1;
  }
  return left;
}
