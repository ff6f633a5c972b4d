import { CALL_TYPES, type Call, type CallType, type PoolAgent } from "../../../domain";

/** When the earliest waiting call of each agent and type was requested. */
export type OldestWaits = ReadonlyMap<string, string>;

/** Looks no further into the queue once it has found all that the agents have waiting. */
export function oldestWaits(
  queue: readonly Call[],
  agents: readonly Pick<PoolAgent, "types">[],
): OldestWaits {
  const found = new Map<string, string>();
  const classes = countWaiting(agents);
  // The queue is in the order of tickets: the first of a class is its earliest.
  for (const { agent, type, requested_at } of queue) {
    if (found.size === classes) break;
    const key = classKey(agent, type);
    if (!found.has(key)) found.set(key, requested_at);
  }
  return found;
}

function countWaiting(agents: readonly Pick<PoolAgent, "types">[]): number {
  let count = 0;
  for (const { types } of agents) {
    for (const type of CALL_TYPES) if (types[type].queued > 0) count += 1;
  }
  return count;
}

export function classKey(agent: string, type: CallType): string {
  return `${agent} ${type}`;
}
