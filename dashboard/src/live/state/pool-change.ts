// Changes of a pool that are not seen until they are complete. The formulas are those of docs/semantics.md, "Which slots
// are in use".

import { CALL_TYPES, type CallType, type ClassUse, type Pool, type PoolAgent } from "../../domain";
import type { AgentEvent, LimitEvent, ReservationsEvent, TypeEvent } from "./events";

const NO_USE: ClassUse = {
  reserved: 0,
  active: 0,
  reserved_in_use: 0,
  shared_in_use: 0,
  queued: 0,
};

/** A pool that is being changed. Agents that nothing happened to stay the same objects. */
export class PoolChange {
  /** Set when something was asked of it that cannot be: the pool it began with was not the server's. */
  isImpossible = false;
  private readonly pool: Pool;
  private readonly agents: Map<string, PoolAgent>;
  private readonly touched = new Set<string>();
  private settings: Partial<Pick<Pool, "plan" | "limit" | "version" | "type_caps" | "type_paces">> =
    {};

  constructor(pool: Pool) {
    this.pool = pool;
    this.agents = new Map(pool.agents.map((agent) => [agent.id, agent]));
  }

  countActive(agent: string, type: CallType, more: 1 | -1): void {
    const use = this.classOf(agent, type);
    if (use === undefined) return;
    use.active += more;
    if (use.active < 0) this.isImpossible = true;
  }

  countQueued(agent: string, type: CallType, more: 1 | -1): void {
    const use = this.classOf(agent, type);
    if (use === undefined) return;
    use.queued += more;
    if (use.queued < 0) this.isImpossible = true;
  }

  reserve({ version, reservations }: Pick<ReservationsEvent, "version" | "reservations">): void {
    this.settings.version = version;
    for (const reservation of reservations) {
      for (const type of CALL_TYPES) {
        const use = this.classOf(reservation.agent, type);
        if (use !== undefined) use.reserved = reservation[type] ?? 0;
      }
    }
  }

  limit({ plan, limit }: LimitEvent): void {
    this.settings.plan = plan;
    this.settings.limit = limit;
  }

  setType({ type, cap, pace }: TypeEvent): void {
    const caps = this.settings.type_caps ?? this.pool.type_caps;
    const paces = this.settings.type_paces ?? this.pool.type_paces;
    this.settings.type_caps = { ...caps, [type]: cap };
    this.settings.type_paces = { ...paces, [type]: pace };
  }

  putAgent({ id, agent }: AgentEvent): void {
    if (agent === null) {
      this.agents.delete(id);
      this.touched.delete(id);
      return;
    }
    const known = this.agents.has(id) ? this.touch(id) : undefined;
    const settings = { name: agent.name, cap: agent.cap ?? null, pace: agent.pace ?? null };
    if (known !== undefined) Object.assign(known, settings);
    else this.agents.set(id, newAgent(id, settings));
  }

  /** The pool after all changes, as of an event. */
  done(asOf: number): Pool {
    for (const id of this.touched) sumUp(this.agents.get(id));
    const before = { ...this.pool, ...this.settings, as_of: asOf, oldest_wait_ms: null };
    const agents = [...this.agents.values()];
    // Ids are ASCII: the order of code units is the server's order of bytes.
    agents.sort((a, b) => (a.id < b.id ? -1 : 1));
    return withSums({ ...before, agents });
  }

  private classOf(agent: string, type: CallType): ClassUse | undefined {
    const found = this.touch(agent);
    if (found === undefined) this.isImpossible = true;
    return found?.types[type];
  }

  private touch(id: string): PoolAgent | undefined {
    const agent = this.agents.get(id);
    if (agent === undefined || this.touched.has(id)) return agent;
    this.touched.add(id);
    const { webcall, chat, outbound, inbound } = agent.types;
    const copied = {
      ...agent,
      types: {
        webcall: { ...webcall },
        chat: { ...chat },
        outbound: { ...outbound },
        inbound: { ...inbound },
      },
    };
    this.agents.set(id, copied);
    return copied;
  }
}

function newAgent(id: string, settings: Pick<PoolAgent, "name" | "cap" | "pace">): PoolAgent {
  const types = { webcall: NO_USE, chat: NO_USE, outbound: NO_USE, inbound: NO_USE };
  return { id, ...settings, reserved: 0, active: 0, queued: 0, types };
}

function sumUp(agent: PoolAgent | undefined): void {
  if (agent === undefined) return;
  agent.reserved = agent.active = agent.queued = 0;
  for (const type of CALL_TYPES) {
    const use = agent.types[type];
    use.reserved_in_use = Math.min(use.active, use.reserved);
    use.shared_in_use = Math.max(0, use.active - use.reserved);
    agent.reserved += use.reserved;
    agent.active += use.active;
    agent.queued += use.queued;
  }
}

/** The pool with its totals as its agents and its limit have them. */
function withSums(pool: Pool): Pool {
  let [reserved, active, queued, sharedInUse] = [0, 0, 0, 0];
  for (const agent of pool.agents) {
    reserved += agent.reserved;
    active += agent.active;
    queued += agent.queued;
    for (const type of CALL_TYPES) sharedInUse += agent.types[type].shared_in_use;
  }
  const size = pool.limit - reserved;
  const shared = { size, in_use: sharedInUse, free: Math.max(0, size - sharedInUse) };
  // K − L, where K = U + Σ r.
  const settling = Math.max(0, sharedInUse + reserved - pool.limit);
  return { ...pool, reserved, active, queued, shared, settling };
}
