// The live state as React reads it: collects events, applies them in batches, and notifies its listeners.

import type { Call, Pool } from "../domain";
import type { Reading } from "./connection/full-read";
import type { LiveStatus } from "./connection/status";
import { ServerClock } from "./server-clock";
import type { LiveEvent } from "./state/events";
import { apply, begin, type LiveState, MAX_HAPPENINGS, withPool } from "./state/live-state";

/** The shortest time from one batch to the next. */
const BATCH_EVERY_MS = 250;

export class LiveStore {
  /** Called when the state must be read again. */
  onDoubt: () => void = () => {};
  private state: LiveState | undefined;
  private statusNow: LiveStatus = { state: "connecting", sinceMs: Date.now() };
  private readonly clock = new ServerClock();
  private readonly listeners = new Set<() => void>();
  private pending: LiveEvent[] = [];
  private appliedMs = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly live = (): LiveState | undefined => this.state;

  readonly status = (): LiveStatus => this.statusNow;

  /** The server's time; by the clock here until the server is heard. */
  readonly serverNow = (): number => this.clock.at(performance.now()) ?? Date.now();

  /** The server's time of what is shown: it stops while that is stale. */
  readonly shownNow = (): number => {
    const { state, sinceMs } = this.statusNow;
    const staleForMs = state === "stale" ? Math.max(0, Date.now() - sinceMs) : 0;
    return this.serverNow() - staleForMs;
  };

  /** The state with all events that have come. */
  current(): LiveState | undefined {
    this.flush();
    return this.state;
  }

  /** Takes a reading in place of what was known. */
  begin(reading: Reading): void {
    const { pool, calls, isComplete, gates, events } = reading;
    this.hearWait(pool, calls);
    const happenings = this.state?.happenings ?? [];
    const begun = apply({ ...begin(pool, calls, isComplete, gates), happenings }, events);
    const known = new Set(happenings.map(({ seq }) => seq));
    const fresh = begun.happenings.filter(({ seq }) => !known.has(seq));
    this.replace({
      ...begun,
      happenings: fresh.concat(happenings).sort(newestFirst).slice(0, MAX_HAPPENINGS),
    });
  }

  /** Takes a state of another tab. */
  replace(state: LiveState): void {
    this.pending = [];
    this.setState(state);
  }

  /** Takes a reading of the pool, where its counts cannot be derived from events. */
  replacePool(pool: Pool): void {
    const state = this.current();
    if (state === undefined || state.isComplete || pool.as_of < state.pool.as_of) return;
    this.setState(withPool(state, pool));
  }

  /** Events as they come. They are seen at once when none were for a while, else together with those that follow. */
  take(events: readonly LiveEvent[]): void {
    if (this.state === undefined) return;
    for (const event of events) {
      this.pending.push(event);
      if ("at" in event) this.hear(Date.parse(event.at));
    }
    const sinceMs = performance.now() - this.appliedMs;
    // Not left to the timer alone: those of a hidden tab may be late by a minute.
    if (sinceMs >= BATCH_EVERY_MS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), BATCH_EVERY_MS - sinceMs);
  }

  /** The server's time was so, or later, just now. */
  hear(serverMs: number): void {
    this.clock.hear(serverMs, performance.now());
  }

  /** The server dated an answer so, just now. */
  readonly hearDate = (dateMs: number): void => {
    this.clock.hearDate(dateMs, performance.now());
  };

  setStatus(status: LiveStatus): void {
    this.statusNow = status;
    this.tell();
  }

  /** Stops timers. */
  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** A wait that was read tells the time at the server to the millisecond. */
  private hearWait({ oldest_wait_ms }: Pool, calls: readonly Call[]): void {
    const oldest = calls.find((call) => call.state === "queued");
    if (oldest === undefined || typeof oldest_wait_ms !== "number") return;
    this.hear(Date.parse(oldest.requested_at) + oldest_wait_ms);
  }

  private flush(): void {
    this.close();
    if (this.pending.length === 0 || this.state === undefined) return;
    const events = this.pending;
    this.pending = [];
    this.appliedMs = performance.now();
    this.setState(apply(this.state, events));
  }

  private setState(state: LiveState): void {
    if (state === this.state) return;
    this.state = state;
    this.tell();
    if (state.isInDoubt) this.onDoubt();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function newestFirst(a: { seq: number }, b: { seq: number }): number {
  return b.seq - a.seq;
}
