import type { Call, CallType } from "../../../domain";

/** When the earliest waiting call of each agent and type was requested. */
export type OldestWaits = ReadonlyMap<string, string>;

export function oldestWaits(queue: readonly Call[]): OldestWaits {
  const found = new Map<string, string>();
  // The queue is in the order of tickets: the first of a class is its earliest.
  for (const { agent, type, requested_at } of queue) {
    const key = classKey(agent, type);
    if (!found.has(key)) found.set(key, requested_at);
  }
  return found;
}

export function classKey(agent: string, type: CallType): string {
  return `${agent} ${type}`;
}
