// Why a queued call is not started: the core's rule (`Pool::blocked_on`), told from the pool alone.

import type { BlockedOn, CallType, Pool, PoolAgent } from "../domain";

type Blocked = (agent: string, type: CallType) => BlockedOn;

/** The rule for one state of the pool. All queued calls of a class are blocked on the same. */
export function blockedBy(pool: Pool): Blocked {
  const capped = new Set(pool.agents.filter(isCapped).map((agent) => agent.id));
  const otherwise = blockedWithoutCap(pool);
  return (agent) => (capped.has(agent) ? "agent_cap" : otherwise);
}

function isCapped(agent: PoolAgent): boolean {
  return agent.cap !== null && agent.active >= agent.cap;
}

function blockedWithoutCap(pool: Pool): BlockedOn {
  if (pool.settling > 0) return "settling";
  if (pool.active >= pool.limit) return "limit";
  return "shared_full";
}
