// Why a queued call is not started, and whose cap, pace, pause or hours that is: the core's rule (`Pool::blocked_on`), derived from the pool and the gates.

import {
  type BlockedBy,
  type BlockedOn,
  CALL_TYPES,
  type Call,
  type CallType,
  type ClassUse,
  type Pace,
  type Pool,
  type PoolAgent,
} from "../../domain";
import { countByGate, type LiveGate, type LiveGates, NO_GATES } from "./gates";

export interface Blocked {
  blocked_on: BlockedOn;
  blocked_by: BlockedBy | null;
}

/** What the classes under a cap use, and what they use or are promised. */
interface Usage {
  active: number;
  committed: number;
}

/** What else decides: the gates, and the active calls that fill them. */
interface Through {
  gates: LiveGates;
  active: ReadonlyMap<string, Call>;
}

const NOTHING: Through = { gates: NO_GATES, active: new Map() };

/** Why a call of this agent and type that passes these gates is not started. */
type BlockedOf = (agent: string, type: CallType, gates?: readonly string[]) => Blocked;

/**
 * The rule for one state of the pool and the gates. All queued calls of an agent, a type and a set of gates are blocked on the same.
 *
 * Of paces only the settings are known here, not when their next start is. So a call is `paced` when nothing else can hold it, by the
 * slowest pace on its way; one that waits for both a start and a shared slot is told to wait for the slot.
 */
export function blockedIn(pool: Pool, { gates, active }: Through = NOTHING): BlockedOf {
  const agents = new Map(pool.agents.map((agent) => [agent.id, agent]));
  const capped = CALL_TYPES.filter((type) => pool.type_caps[type] !== null);
  const types = new Map(
    capped.map((type) => [type, usageOf(pool.agents.map((agent) => agent.types[type]))]),
  );
  const activeOf = gates.size === 0 ? NONE : countByGate(active.values());
  return (id, type, through = []) => {
    const agent = agents.get(id);
    const { blocked, hasRoom } = byPool(pool, agent, type, types.get(type));
    if (blocked !== undefined) return blocked;
    const passed = through.flatMap((gate) => gates.get(gate) ?? []);
    const held =
      byGates(passed, activeOf) ?? (hasRoom ? byPaces(pool, agent, type, passed) : undefined);
    return held ?? { blocked_on: "shared_full", blocked_by: null };
  };
}

const NONE: ReadonlyMap<string, number> = new Map();

/** What of the pool, the agent or the type holds it, or else whether there is a slot for it. */
function byPool(
  pool: Pool,
  agent: PoolAgent | undefined,
  type: CallType,
  usageOfType: Usage | undefined,
): { blocked?: Blocked; hasRoom?: boolean } {
  const held = (blocked_on: BlockedOn, blocked_by: BlockedBy | null = null) => ({
    blocked: { blocked_on, blocked_by },
  });
  const use = agent?.types[type];
  const [cap, typeCap] = [agent?.cap ?? null, pool.type_caps[type]];
  const byAgent = agent === undefined ? null : { agent: agent.id };
  if (use === undefined || use.reserved === 0) {
    if (pool.shared.size === 0) return held("nothing_shared");
    if (cap === 0) return held("nothing_shared", byAgent);
    if (typeCap === 0) return held("nothing_shared", { type });
  }
  const takesReserved = use !== undefined && use.active < use.reserved;
  const taken = ({ active, committed }: Usage) => (takesReserved ? active : committed);
  if (pool.active >= pool.limit) return held("limit");
  if (!takesReserved && pool.settling > 0) return held("settling");
  if (agent !== undefined && cap !== null) {
    const usage = usageOf(CALL_TYPES.map((each) => agent.types[each]));
    if (taken(usage) >= cap) return held("agent_cap", byAgent);
  }
  if (usageOfType !== undefined && typeCap !== null && taken(usageOfType) >= typeCap) {
    return held("type_cap", { type });
  }
  return { hasRoom: takesReserved || pool.shared.free > 0 };
}

/** The first of its gates that is full, or else paused, or else closed. */
function byGates(
  gates: readonly LiveGate[],
  active: ReadonlyMap<string, number>,
): Blocked | undefined {
  const held = (blocked_on: BlockedOn, gate: LiveGate | undefined) =>
    gate && { blocked_on, blocked_by: { gate: gate.id } };
  const isFull = ({ id, cap }: LiveGate) => cap !== null && (active.get(id) ?? 0) >= cap;
  return (
    held("gate_cap", gates.find(isFull)) ??
    held(
      "gate_paused",
      gates.find(({ paused }) => paused),
    ) ??
    held(
      "gate_hours",
      gates.find(({ within_hours }) => !within_hours),
    )
  );
}

/** The slowest pace on its way: the one that most likely gives the next start last. */
function byPaces(
  pool: Pool,
  agent: PoolAgent | undefined,
  type: CallType,
  gates: readonly LiveGate[],
): Blocked | undefined {
  const all: { pace: Pace | null; by: BlockedBy }[] = [
    ...(agent === undefined ? [] : [{ pace: agent.pace, by: { agent: agent.id } }]),
    { pace: pool.type_paces[type], by: { type } },
    ...gates.map(({ id, pace }) => ({ pace, by: { gate: id } })),
  ];
  let slowest: { apartS: number; by: BlockedBy } | undefined;
  for (const { pace, by } of all) {
    if (pace === null) continue;
    const apartS = pace.per_s / pace.starts;
    if (slowest === undefined || apartS > slowest.apartS) slowest = { apartS, by };
  }
  return slowest && { blocked_on: "paced", blocked_by: slowest.by };
}

function usageOf(classes: readonly ClassUse[]): Usage {
  let [active, committed] = [0, 0];
  for (const use of classes) {
    active += use.active;
    committed += Math.max(use.active, use.reserved);
  }
  return { active, committed };
}
