// Changes of the queued and active calls that are not seen until they are complete.
//
// Events carry no tickets, so the order of the queue is derived: calls are asked for in the order of
// their tickets, and those of the same millisecond keep the order in which they were listed or first heard of.

import type { BlockedBy, Call, CallType } from "../../domain";
import type { Blocked } from "./blocked-on";
import type { CallEvent } from "./events";

/** The part of the live state that is about calls. */
export interface LiveCalls {
  queue: readonly Call[];
  active: ReadonlyMap<string, Call>;
  /** The order of calls asked for in the same millisecond: below 0 as listed, else the first event's number. Calls that
   * were active when first read have none. */
  ranks: ReadonlyMap<string, number>;
  /** Whether the queue is kept to its end. */
  isQueueWhole: boolean;
}

/** Where a call is; undefined: it is not live, or was not known. */
type Whereabouts = "queued" | "active" | undefined;

/** Calls that are being changed. */
export class CallsChange {
  /** Set when a call must be put into the queue and its place is unknown. */
  isOrderUnknown = false;
  private readonly before: LiveCalls;
  private readonly active: Map<string, Call>;
  private readonly ranks: Map<string, number>;
  private readonly stayed: Set<string>;
  private readonly joined = new Map<string, Call>();

  constructor(before: LiveCalls) {
    this.before = before;
    this.active = new Map(before.active);
    this.ranks = new Map(before.ranks);
    this.stayed = new Set(before.queue.map((call) => call.id));
  }

  whereabouts(id: string): Whereabouts {
    if (this.active.has(id)) return "active";
    return this.joined.has(id) || this.stayed.has(id) ? "queued" : undefined;
  }

  /** Puts the call where the event says it is now. */
  take(event: CallEvent): void {
    const { kind, seq, call } = event;
    const { id } = call;
    if (isFirst(event) && (this.ranks.get(id) ?? -1) < 0) this.ranks.set(id, seq);
    this.active.delete(id);
    this.joined.delete(id);
    this.stayed.delete(id);
    if (kind === "call.started") this.active.set(id, call);
    else if (kind === "call.queued") this.joined.set(id, call);
    else this.ranks.delete(id);
  }

  done(): LiveCalls {
    const kept = this.before.queue.filter((call) => this.stayed.has(call.id));
    const last = this.before.queue.at(-1);
    const joined = [...this.joined.values()].sort(this.byTicket);
    const queue = merge(kept, joined, this.byTicket);
    this.isOrderUnknown = this.hasTie(queue);
    const { isQueueWhole } = this.before;
    return {
      // Beyond the last call that was kept there may be others: what joins there has no known place.
      queue: isQueueWhole ? queue : queue.filter((call) => last && this.byTicket(call, last) <= 0),
      active: this.active,
      ranks: this.ranks,
      isQueueWhole,
    };
  }

  private readonly byTicket = (a: Call, b: Call): number => {
    if (a.requested_at !== b.requested_at) return a.requested_at < b.requested_at ? -1 : 1;
    return (this.ranks.get(a.id) ?? 0) - (this.ranks.get(b.id) ?? 0);
  };

  /** Whether a call that joined is next to one of the same millisecond, in unknown order. */
  private hasTie(queue: readonly Call[]): boolean {
    if ([...this.joined.keys()].every((id) => this.ranks.has(id))) return false;
    return queue.some((call, index) => {
      const next = queue[index + 1];
      if (next === undefined || next.requested_at !== call.requested_at) return false;
      return !this.ranks.has(call.id) || !this.ranks.has(next.id);
    });
  }
}

/** Whether it can be the first event of its call: that one happens at the moment the call is asked for. */
export function isFirst(event: CallEvent): boolean {
  return event.kind !== "call.ended" && event.at === event.call.requested_at;
}

function merge(a: Call[], b: Call[], compare: (a: Call, b: Call) => number): Call[] {
  const [lastOfA, firstOfB] = [a.at(-1), b[0]];
  if (firstOfB === undefined) return a;
  if (lastOfA === undefined || compare(lastOfA, firstOfB) <= 0) return a.concat(b);
  return a.concat(b).sort(compare);
}

/** The queue with what each call is blocked on now; the same queue when nothing changed. */
export function withBlockedOn(
  queue: readonly Call[],
  blocked: (agent: string, type: CallType, gates: readonly string[]) => Blocked,
): readonly Call[] {
  let changed: Call[] | undefined;
  queue.forEach((call, index) => {
    const now = blocked(call.agent, call.type, call.gates);
    if (now.blocked_on === call.blocked_on && isSame(now.blocked_by, call.blocked_by)) return;
    changed ??= queue.slice();
    changed[index] = { ...call, ...now };
  });
  return changed ?? queue;
}

/** Both are of one call, which has one agent and one type. */
function isSame(one: BlockedBy | null, other: BlockedBy | null): boolean {
  if (one === null || other === null) return one === other;
  if ("gate" in one && "gate" in other) return one.gate === other.gate;
  return "agent" in one === "agent" in other && "type" in one === "type" in other;
}
