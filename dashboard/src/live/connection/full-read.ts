// A reading of everything: how a pool and lists that were read at different moments become one state as of one event.
//
// Each call that was listed is as it was at some moment of the reading. All events from before that moment up to the
// pool's are at hand, and an event carries the state of its call: so a call with events is as its last one says, and a call
// without was the same all the time. Proven in full-read.test.ts with lists read at any moments.

import type { Call, Pool } from "../../domain";
import { CallsChange, type LiveCalls } from "../state/calls-change";
import type { LiveEvent } from "../state/events";
import { gatesAfter, type LiveGates } from "../state/gates";
import type { Listed } from "./server-requests";

/** Everything as of `pool.as_of`, and the events that have come since. */
export interface Reading {
  pool: Pool;
  calls: readonly Call[];
  isComplete: boolean;
  gates: LiveGates;
  events: readonly LiveEvent[];
}

/**
 * The live calls as of the last of `events`, which are all of the time in which the calls were listed. Undefined when
 * the order of the queue is unknown.
 */
export function settled(listed: Listed, events: readonly LiveEvent[]): Call[] | undefined {
  const change = new CallsChange(asListed(listed));
  for (const event of events) {
    const isOfCall =
      event.kind === "call.queued" || event.kind === "call.started" || event.kind === "call.ended";
    if (isOfCall) change.take(event);
  }
  const { queue, active } = change.done();
  return change.isOrderUnknown ? undefined : [...queue, ...active.values()];
}

/** The gates as of the last of `events`, which are all of the time in which they were read: an event says all that it changed. */
export function settledGates(read: LiveGates, events: readonly LiveEvent[]): LiveGates {
  return events.reduce(
    (gates, event) => (event.kind === "gate.changed" ? gatesAfter(gates, event) : gates),
    read,
  );
}

/** The calls by id: one that moved while it was listed may be in both lists, but then it has events. */
function asListed({ calls, isComplete }: Listed): LiveCalls {
  const active = new Map(
    calls.filter((call) => call.state === "active").map((call) => [call.id, call]),
  );
  const queue = calls.filter((call) => call.state === "queued" && !active.has(call.id));
  const ranks = new Map(queue.map((call, index) => [call.id, index - queue.length]));
  return { queue, active, ranks, isQueueWhole: isComplete };
}

/** Events as they come in, and what waits for one. */
export class EventWindow {
  private readonly events: LiveEvent[] = [];
  private lastSeq: number;
  private look: () => void = () => {};

  constructor(lastSeq: number) {
    this.lastSeq = lastSeq;
  }

  take(events: readonly LiveEvent[]): void {
    for (const event of events) this.events.push(event);
    this.lastSeq = events.at(-1)?.seq ?? this.lastSeq;
    this.look();
  }

  /** Whether the event comes, with no pause longer than `pauseMs` before it. */
  reaches(seq: number, pauseMs: number): Promise<boolean> {
    if (this.lastSeq >= seq) return Promise.resolve(true);
    return new Promise((resolve) => {
      const wait = () => setTimeout(() => resolve(false), pauseMs);
      let timer = wait();
      this.look = () => {
        clearTimeout(timer);
        if (this.lastSeq >= seq) resolve(true);
        else timer = wait();
      };
    });
  }

  upTo(seq: number): LiveEvent[] {
    return this.events.filter((event) => event.seq <= seq);
  }

  since(seq: number): LiveEvent[] {
    return this.events.filter((event) => event.seq > seq);
  }
}
