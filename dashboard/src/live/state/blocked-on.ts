// Why a queued call is not started, and whose cap that is: the core's rule (`Pool::blocked_on`), derived from the pool alone.

import {
  type BlockedBy,
  type BlockedOn,
  CALL_TYPES,
  type CallType,
  type ClassUse,
  type Pool,
  type PoolAgent,
} from "../../domain";

export interface Blocked {
  blocked_on: BlockedOn;
  blocked_by: BlockedBy | null;
}

/** What the classes under a cap use, and what they use or are promised. */
interface Usage {
  active: number;
  committed: number;
}

/** The rule for one state of the pool. All queued calls of an agent and type are blocked on the same. */
export function blockedIn(pool: Pool): (agent: string, type: CallType) => Blocked {
  const agents = new Map(pool.agents.map((agent) => [agent.id, agent]));
  const capped = CALL_TYPES.filter((type) => pool.type_caps[type] !== null);
  const types = new Map(
    capped.map((type) => [type, usageOf(pool.agents.map((agent) => agent.types[type]))]),
  );
  return (id, type) => blocked(pool, agents.get(id), type, types.get(type));
}

function blocked(
  pool: Pool,
  agent: PoolAgent | undefined,
  type: CallType,
  usageOfType: Usage | undefined,
): Blocked {
  const use = agent?.types[type];
  const [cap, typeCap] = [agent?.cap ?? null, pool.type_caps[type]];
  const byAgent = agent === undefined ? null : { agent: agent.id };
  if (use === undefined || use.reserved === 0) {
    if (pool.shared.size === 0) return { blocked_on: "nothing_shared", blocked_by: null };
    if (cap === 0) return { blocked_on: "nothing_shared", blocked_by: byAgent };
    if (typeCap === 0) return { blocked_on: "nothing_shared", blocked_by: { type } };
  }
  const takesReserved = use !== undefined && use.active < use.reserved;
  const taken = ({ active, committed }: Usage) => (takesReserved ? active : committed);
  if (pool.active >= pool.limit) return { blocked_on: "limit", blocked_by: null };
  if (!takesReserved && pool.settling > 0) return { blocked_on: "settling", blocked_by: null };
  if (agent !== undefined && cap !== null) {
    const usage = usageOf(CALL_TYPES.map((each) => agent.types[each]));
    if (taken(usage) >= cap) return { blocked_on: "agent_cap", blocked_by: byAgent };
  }
  if (usageOfType !== undefined && typeCap !== null && taken(usageOfType) >= typeCap) {
    return { blocked_on: "type_cap", blocked_by: { type } };
  }
  return { blocked_on: "shared_full", blocked_by: null };
}

function usageOf(classes: readonly ClassUse[]): Usage {
  let [active, committed] = [0, 0];
  for (const use of classes) {
    active += use.active;
    committed += Math.max(use.active, use.reserved);
  }
  return { active, committed };
}
