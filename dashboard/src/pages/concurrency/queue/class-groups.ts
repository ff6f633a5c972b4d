import type { Call, CallType } from "../../../domain";

/** The queued calls of one agent and type. */
export interface ClassGroup {
  agent: string;
  type: CallType;
  calls: number;
  /** The position of its earliest call. */
  firstPosition: number;
  /** When its earliest call was asked for. */
  oldestRequestedAt: string;
  blockedOn: Call["blocked_on"];
}

/** The queue by agent and type, in the order of their earliest calls. */
export function classGroups(queue: readonly Call[]): readonly ClassGroup[] {
  const groups: ClassGroup[] = [];
  const found = new Map<string, Partial<Record<CallType, ClassGroup>>>();
  queue.forEach((call, index) => {
    let ofAgent = found.get(call.agent);
    if (ofAgent === undefined) {
      ofAgent = {};
      found.set(call.agent, ofAgent);
    }
    const known = ofAgent[call.type];
    if (known !== undefined) {
      known.calls += 1;
      return;
    }
    const group: ClassGroup = {
      agent: call.agent,
      type: call.type,
      calls: 1,
      firstPosition: index + 1,
      oldestRequestedAt: call.requested_at,
      blockedOn: call.blocked_on,
    };
    ofAgent[call.type] = group;
    groups.push(group);
  });
  return groups;
}
