// Why a queued call is not started: the core's rule (`Pool::blocked_on`), derived from the pool alone.

import type { BlockedOn, Pool, PoolAgent } from "../../domain";

/** The rule for one state of the pool. All queued calls of an agent are blocked on the same. */
export function blockedBy(pool: Pool): (agent: string) => BlockedOn {
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
