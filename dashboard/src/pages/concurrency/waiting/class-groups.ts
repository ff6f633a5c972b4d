import type { Call, CallType } from "../../../domain";

/** The queued calls of one agent and type. */
export interface ClassGroup {
  agent: string;
  type: CallType;
  calls: number;
  /** Its earliest call, and its position in the queue. */
  first: { call: Call; position: number };
}

/** The queue by agent and type, in the order of their earliest calls. */
export function classGroups(queue: readonly Call[]): readonly ClassGroup[] {
  const groups = new Map<string, ClassGroup>();
  queue.forEach((call, index) => {
    const { agent, type } = call;
    const key = `${agent} ${type}`;
    const known = groups.get(key);
    if (known !== undefined) known.calls += 1;
    else groups.set(key, { agent, type, calls: 1, first: { call, position: index + 1 } });
  });
  return [...groups.values()];
}
