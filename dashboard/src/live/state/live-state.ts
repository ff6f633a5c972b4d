// What is known of an organisation's pool and calls, and how events change it. Pure: no I/O, no clock.
//
// The numbers are the server's own as of an event. Where that cannot be promised, the state says so (`isInDoubt`), and
// everything is read again.

import type { Call, Pool } from "../../domain";
import { blockedIn } from "./blocked-on";
import { CallsChange, isFirst, type LiveCalls, withBlockedOn } from "./calls-change";
import { type Happening, happening } from "./event-sentence";
import type { CallEvent, LiveEvent } from "./events";
import { gatesAfter, type LiveGates, NO_GATES } from "./gates";
import { PoolChange } from "./pool-change";

/** How many live calls are kept. */
export const MAX_CALLS = 20_000;
/** How many happenings are kept. */
export const MAX_HAPPENINGS = 200;

export interface LiveState extends LiveCalls {
  /** Exact as of `asOf` when the calls are complete, else as of `pool.as_of`. `oldest_wait_ms` is always null: see `oldestRequestedAt`. */
  pool: Pool;
  /** The last event taken in. */
  asOf: number;
  /** Queued calls in ticket order: index + 1 is the position. `blocked_on` and `blocked_by` are right as far as the pool and the gates tell (`blockedIn`); the places, `estimated_wait_ms` and `retry_in_ms` are null. */
  queue: readonly Call[];
  /** The gates by id, as their settings are as of `asOf`. */
  gates: LiveGates;
  /** Active calls by id. */
  active: ReadonlyMap<string, Call>;
  /** False: there are more live calls than are kept here. */
  isComplete: boolean;
  /** The last events, newest first. */
  happenings: readonly Happening[];
  /** Something came that does not follow from what was known: everything must be read again. */
  isInDoubt: boolean;
}

/** When the call that waits longest was asked for; undefined when none waits. */
export function oldestRequestedAt(live: LiveState): string | undefined {
  return live.queue[0]?.requested_at;
}

/** A state from a reading: live calls as of `pool.as_of`, the queued ones in ticket order. */
export function begin(
  pool: Pool,
  calls: readonly Call[],
  isComplete: boolean,
  gates: LiveGates = NO_GATES,
): LiveState {
  const queued = calls.filter((call) => call.state === "queued");
  const active = calls.filter((call) => call.state === "active");
  const state: LiveState = {
    pool,
    asOf: pool.as_of,
    queue: queued.map((call) => ({
      ...call,
      position: null,
      position_in_class: null,
      estimated_wait_ms: null,
      retry_in_ms: null,
    })),
    gates,
    active: new Map(active.map((call) => [call.id, call])),
    // Negative, so that they come before all calls that are heard of later.
    ranks: new Map(queued.map((call, index) => [call.id, index - queued.length])),
    isQueueWhole: isComplete || queued.length === pool.queued,
    isComplete,
    happenings: [],
    isInDoubt: isComplete && (queued.length !== pool.queued || active.length !== pool.active),
  };
  return withPool(state, pool);
}

/** The state with another reading of the pool. */
export function withPool(state: LiveState, pool: Pool): LiveState {
  return {
    ...state,
    pool: { ...pool, oldest_wait_ms: null },
    queue: withBlockedOn(state.queue, blockedIn(pool, state)),
  };
}

/** The state after a batch of events. Events that it has seen are passed over. */
export function apply(state: LiveState, events: readonly LiveEvent[]): LiveState {
  const change = new LiveChange(state);
  for (const event of events) change.take(event);
  return change.done();
}

/** A state that is being changed. */
class LiveChange {
  private readonly before: LiveState;
  private readonly pool: PoolChange;
  private readonly calls: CallsChange;
  private readonly happened: Happening[] = [];
  private asOf: number;
  private isInDoubt: boolean;
  private gates: LiveGates;

  constructor(before: LiveState) {
    this.before = before;
    this.pool = new PoolChange(before.pool);
    this.calls = new CallsChange(before);
    this.asOf = before.asOf;
    this.isInDoubt = before.isInDoubt;
    this.gates = before.gates;
  }

  take(event: LiveEvent): void {
    if (event.seq <= this.asOf) return;
    // Events are numbered without gaps: one that is missing is one that was not taken in.
    if (event.seq !== this.asOf + 1) this.isInDoubt = true;
    this.asOf = event.seq;
    const told = happening(event);
    if (told !== undefined) this.happened.push(told);
    this.change(event);
  }

  done(): LiveState {
    const { before } = this;
    if (this.asOf === before.asOf) return before;
    const calls = this.calls.done();
    // Counts of calls that are not all known cannot be derived from events; they are read.
    const pool = before.isComplete ? this.pool.done(this.asOf) : before.pool;
    const isBroken = this.pool.isImpossible || this.calls.isOrderUnknown;
    return bounded({
      ...calls,
      pool,
      asOf: this.asOf,
      queue: withBlockedOn(
        calls.queue,
        blockedIn(pool, { gates: this.gates, active: calls.active }),
      ),
      gates: this.gates,
      isComplete: before.isComplete,
      happenings: this.happened.reverse().concat(before.happenings).slice(0, MAX_HAPPENINGS),
      isInDoubt: this.isInDoubt || (before.isComplete && isBroken),
    });
  }

  private change(event: LiveEvent): void {
    switch (event.kind) {
      case "call.queued":
      case "call.started":
      case "call.ended":
        this.moveCall(event);
        break;
      case "reservations.changed":
        this.pool.reserve(event);
        break;
      case "limit.changed":
        this.pool.limit(event);
        break;
      case "agent.changed":
        this.pool.putAgent(event);
        break;
      case "type.changed":
        this.pool.setType(event);
        break;
      case "gate.changed":
        this.gates = gatesAfter(this.gates, event);
        break;
      case "alert.changed":
      case "alert.opened":
      case "alert.closed":
        // They change no call and no slot.
        break;
      case "unknown":
        this.isInDoubt = true;
    }
  }

  private moveCall(event: CallEvent): void {
    const { id, agent, type } = event.call;
    const from = this.calls.whereabouts(id);
    if (from === undefined && !isFirst(event) && this.before.isComplete) this.isInDoubt = true;
    this.calls.take(event);
    const to = this.calls.whereabouts(id);
    if (from === "queued") this.pool.countQueued(agent, type, -1);
    if (from === "active") this.pool.countActive(agent, type, -1);
    if (to === "queued") this.pool.countQueued(agent, type, 1);
    if (to === "active") this.pool.countActive(agent, type, 1);
  }
}

/** The state with no more calls than are to be kept. */
function bounded(state: LiveState): LiveState {
  const { queue, active } = state;
  if (queue.length + active.size <= MAX_CALLS) return state;
  const kept = queue.slice(0, Math.max(0, MAX_CALLS - active.size));
  const isQueueWhole = state.isQueueWhole && kept.length === queue.length;
  return { ...state, queue: kept, isQueueWhole, isComplete: false };
}
