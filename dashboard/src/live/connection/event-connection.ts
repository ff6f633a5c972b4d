// One connection to the server, from the first request until the stream is lost: reads everything or goes on from what
// is known, follows the events, and checks from time to time that the numbers are still the server's.

import { isCursorLost, ProblemError } from "../../api/problem";
import type { Pool } from "../../domain";
import type { LiveEvent } from "../state/events";
import { apply, type LiveState, MAX_CALLS } from "../state/live-state";
import { EventWindow, type Reading, settled, settledGates } from "./full-read";
import type { Server } from "./server-requests";
import { Sleep } from "./sleep";
import type { LiveStatus } from "./status";

/** How often the pool is read although all seems well. */
const CHECK_EVERY_MS = 30_000;
/** The shortest time from one reading to the next. */
const READ_AT_MOST_EVERY_MS = 1_000;
/** A stream that lacks an event for so long that a reading has seen is lost. */
const BEHIND_MS = 5_000;

/** Where what was read goes. */
export interface Sink {
  /** Called when the state must be read again. */
  onDoubt: () => void;
  /** The state with all events that have come; undefined before the first reading. */
  current(): LiveState | undefined;
  /** The state as it is shown: events may have come that are not in it. */
  shown(): LiveState | undefined;
  begin(reading: Reading): void;
  replacePool(pool: Pool): void;
  take(events: readonly LiveEvent[]): void;
  /** The server said something. */
  heard(): void;
  status(): LiveStatus;
  setStatus(status: LiveStatus): void;
}

export class Connection {
  /** Whether the next connection can go on from the events that are known. */
  canResume: boolean;
  lastWordMs = Date.now();
  private liveSinceMs: number | undefined;
  private readonly sink: Sink;
  private readonly server: Server;
  private readonly stop = new AbortController();
  private readonly windows = new Set<EventWindow>();
  private readonly sleep = new Sleep();
  private lastSeq = 0;
  private hasNews = false;
  private isOpen = false;

  constructor(sink: Sink, server: Server, canResume: boolean) {
    this.sink = sink;
    this.server = server;
    this.canResume = canResume;
  }

  liveForMs(): number {
    return this.liveSinceMs === undefined ? 0 : performance.now() - this.liveSinceMs;
  }

  /** Reads until the connection is lost, and says why, if there is a reason. */
  async run(signal: AbortSignal): Promise<ProblemError | undefined> {
    const abort = () => this.stop.abort();
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    this.sink.onDoubt = () => this.sleep.wake();
    try {
      await this.followAndRead();
      return undefined;
    } catch (error) {
      return this.understood(error);
    } finally {
      signal.removeEventListener("abort", abort);
      this.sink.onDoubt = () => {};
      this.sleep.end();
      abort();
    }
  }

  private understood(error: unknown): ProblemError | undefined {
    if (this.stop.signal.aborted) return undefined;
    if (error instanceof ProblemError) {
      if (isCursorLost(error)) this.canResume = false;
      return error;
    }
    this.canResume = false;
    if (error instanceof Rewound) return undefined;
    // A bug: reported where developers look, and tried again from the start.
    console.error(error);
    return new ProblemError(0, "unexpected", "the page could not follow the server's events");
  }

  private async followAndRead(): Promise<void> {
    const { signal } = this.stop;
    this.lastSeq = await this.firstSeq();
    signal.throwIfAborted();
    const stream = {
      after: this.lastSeq,
      onOpen: () => {
        this.isOpen = true;
      },
      onWord: () => this.word(),
      onEvents: (events: LiveEvent[]) => this.take(events),
    };
    const following = this.server.follow(stream, signal);
    // Whichever ends first ends the other; a reading never ends on its own.
    await Promise.race([following, this.keepRight()]);
  }

  private async firstSeq(): Promise<number> {
    const known = this.canResume ? this.sink.current() : undefined;
    if (known !== undefined) return known.asOf;
    this.canResume = false;
    return (await this.server.readPool(this.stop.signal)).as_of;
  }

  private word(): void {
    this.lastWordMs = Date.now();
    this.sink.heard();
  }

  private take(events: LiveEvent[]): void {
    this.lastSeq = events.at(-1)?.seq ?? this.lastSeq;
    for (const window of this.windows) window.take(events);
    this.hasNews = true;
    // Nothing is shown of events that a first reading is still to be made for.
    if (this.canResume) this.sink.take(events);
    this.sleep.wakeIfDue();
  }

  /** Keeps the state right for as long as the stream lasts. */
  private async keepRight(): Promise<never> {
    const isRight = this.canResume && (await this.isRight());
    if (!isRight) await this.readAll();
    this.sink.current();
    this.liveSinceMs = performance.now();
    this.sink.setStatus({ state: "live", sinceMs: Date.now() });
    for (;;) {
      await this.untilDue();
      this.hasNews = false;
      if (this.sink.current()?.isComplete === false) await this.readPart();
      else if (!(await this.isRight())) await this.readAll();
    }
  }

  /** Until the state is in doubt, or it is time for a check. Where the pool must be read, that is soon after an event. */
  private async untilDue(): Promise<void> {
    // Some proxies hold an answer back until there is something in it. Until it is there, readings tell whether it lags.
    const checkEveryMs = this.isOpen ? CHECK_EVERY_MS : READ_AT_MOST_EVERY_MS;
    await this.sleep.untilDue(READ_AT_MOST_EVERY_MS, checkEveryMs, () => {
      const state = this.sink.shown();
      return state?.isInDoubt === true || (state?.isComplete === false && this.hasNews);
    });
  }

  /** Whether what the events make of the pool is what the server says. */
  private async isRight(): Promise<boolean> {
    const state = this.sink.current();
    if (state === undefined || state.isInDoubt || !state.isComplete) return false;
    return this.watching(async (window) => {
      const pool = await this.readPoolAfter(state.asOf, window);
      const told = apply(state, window.upTo(pool.as_of));
      return !told.isInDoubt && isSame(told.pool, pool);
    });
  }

  /** Reads the pool of calls that are not all kept; reads them all once they can be. */
  private async readPart(): Promise<void> {
    const state = this.sink.current();
    const pool = await this.server.readPool(this.stop.signal);
    this.stop.signal.throwIfAborted();
    this.sink.replacePool(pool);
    const isFew = pool.active + pool.queued <= MAX_CALLS * 0.9;
    const isShort =
      state !== undefined && state.queue.length < Math.min(pool.queued, MAX_CALLS / 4);
    if (isFew || isShort || state?.isInDoubt !== false) await this.readAll();
  }

  private async readAll(): Promise<void> {
    while (!(await this.watching((window) => this.tryToReadAll(window)))) {
      await this.sleep.ms(READ_AT_MOST_EVERY_MS);
    }
  }

  private async tryToReadAll(window: EventWindow): Promise<boolean> {
    const firstSeq = this.lastSeq;
    const listed = await this.server.readCalls(this.stop.signal);
    const read = await this.server.readGates(this.stop.signal);
    const pool = await this.readPoolAfter(firstSeq, window);
    const events = window.upTo(pool.as_of);
    const calls = settled(listed, events);
    if (calls === undefined) return false;
    const { isComplete } = listed;
    const gates = settledGates(read, events);
    this.sink.begin({ pool, calls, isComplete, gates, events: window.since(pool.as_of) });
    this.canResume = true;
    return true;
  }

  /** The pool, once all events have come that it has seen. */
  private async readPoolAfter(seq: number, window: EventWindow): Promise<Pool> {
    const pool = await this.server.readPool(this.stop.signal);
    if (pool.as_of < seq) throw new Rewound();
    if (!(await window.reaches(pool.as_of, BEHIND_MS))) throw ProblemError.unreachable();
    // What was begun before the connection was lost must not come after that.
    this.stop.signal.throwIfAborted();
    return pool;
  }

  private async watching<T>(work: (window: EventWindow) => Promise<T>): Promise<T> {
    const window = new EventWindow(this.lastSeq);
    this.windows.add(window);
    try {
      return await work(window);
    } finally {
      this.windows.delete(window);
    }
  }
}

/** The server knows less than we do: its data were put back to an earlier state. */
class Rewound extends Error {}

function isSame(a: Pool, b: Pool): boolean {
  const text = (pool: Pool) => JSON.stringify(sorted({ ...pool, oldest_wait_ms: null }));
  return text(a) === text(b);
}

/** The same value with its keys in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
