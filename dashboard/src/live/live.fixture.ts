// Stand-ins for the server and the browser, for the tests of this folder.

import { ProblemError } from "../api/problem";
import type { Call, Pool } from "../domain";
import type { Stream } from "./connection/event-stream";
import type { Listed, Server } from "./connection/server-requests";
import type { LiveEvent } from "./state/events";
import type { LiveGates } from "./state/gates";
import { apply, begin, type LiveState } from "./state/live-state";
import type { Browser } from "./tab-leader";

export const AT = "2026-01-01T00:00:00.000Z";

/** A pool with one agent, whose calls all wait. */
export function poolOf(queued: number): Pool {
  const use = { reserved: 0, active: 0, reserved_in_use: 0, shared_in_use: 0, queued: 0 };
  const types = { webcall: use, chat: { ...use, queued }, outbound: use, inbound: use };
  const agent = {
    id: "a",
    name: "A",
    cap: null,
    pace: null,
    reserved: 0,
    active: 0,
    queued,
    types,
  };
  const shared = { size: 20, in_use: 0, free: 20 };
  return {
    org: "default",
    plan: "standard",
    limit: 20,
    reserved: 0,
    shared,
    active: 0,
    queued,
    oldest_wait_ms: null,
    settling: 0,
    version: 1,
    as_of: 0,
    type_caps: { webcall: null, chat: null, outbound: null, inbound: null },
    type_paces: { webcall: null, chat: null, outbound: null, inbound: null },
    agents: [agent],
  };
}

export function callOf(id: string, state: "queued" | "active"): Call {
  return {
    id,
    agent: "a",
    type: "chat",
    state,
    slot: state === "active" ? "shared" : null,
    position: null,
    position_in_class: null,
    blocked_on: null,
    blocked_by: null,
    retry_in_ms: null,
    gates: [],
    estimated_wait_ms: null,
    requested_at: AT,
    started_at: state === "active" ? AT : null,
    ended_at: null,
    reason: null,
    note: null,
    lease: null,
    metadata: {},
  };
}

interface Follower {
  stream: Stream;
  end: () => void;
}

/** A server whose calls only queue: enough to count by. */
export class FakeServer implements Server {
  state: LiveState = begin(poolOf(0), [], true);
  /** While set, every request is refused so. */
  refusal: ProblemError | undefined;
  /** Lists say that they leave calls out. */
  isCut = false;
  /** As behind a proxy that holds an answer back until there is something in it. */
  isHeldBack = false;
  /** Events happen, and are not sent. */
  isStuck = false;
  /** Called in the middle of a reading. */
  whileReading: () => void = () => {};
  readonly followed: number[] = [];
  readonly asked = { pool: 0, calls: 0 };
  private events: LiveEvent[] = [];
  private followers = new Set<Follower>();

  /** Calls that come to the queue. */
  queue(...ids: string[]): void {
    const events = ids.map((id, index): LiveEvent => {
      const seq = this.state.asOf + 1 + index;
      return { kind: "call.queued", seq, at: AT, call: callOf(id, "queued") };
    });
    this.emit(events);
  }

  end(id: string): void {
    const call = { ...callOf(id, "queued"), state: "ended" as const, reason: "canceled" as const };
    this.emit([{ kind: "call.ended", seq: this.state.asOf + 1, at: AT, call }]);
  }

  /** Changes what the server says without an event: what must never happen, and would not be seen. */
  drift(pool: Partial<Pool>): void {
    this.state = { ...this.state, pool: { ...this.state.pool, ...pool } };
  }

  /** The server comes back with earlier data. */
  rewind(): void {
    this.state = begin(poolOf(0), [], true);
    this.events = [];
    this.breakStreams();
  }

  get streams(): number {
    return this.followers.size;
  }

  breakStreams(): void {
    for (const follower of this.followers) follower.end();
  }

  /** Says to all that the server is there. */
  keepAlive(): void {
    for (const { stream } of this.followers) stream.onWord();
  }

  async readPool(signal: AbortSignal): Promise<Pool> {
    await this.answer(signal);
    this.asked.pool += 1;
    return { ...this.state.pool, as_of: this.state.asOf };
  }

  async readCalls(signal: AbortSignal): Promise<Listed> {
    await this.answer(signal);
    this.asked.calls += 1;
    const { queue, active } = this.state;
    const calls = [...queue, ...active.values()];
    this.whileReading();
    await this.answer(signal);
    return { calls, isComplete: !this.isCut };
  }

  async readGates(signal: AbortSignal): Promise<LiveGates> {
    await this.answer(signal);
    return this.state.gates;
  }

  async follow(stream: Stream, signal: AbortSignal): Promise<void> {
    await this.answer(signal);
    this.followed.push(stream.after);
    if (!this.isHeldBack) stream.onOpen();
    const missed = this.events.filter(({ seq }) => seq > stream.after);
    if (missed.length > 0) stream.onEvents(missed);
    await new Promise<void>((resolve, reject) => {
      const follower: Follower = { stream, end: () => {} };
      const over = (then: () => void) => () => {
        this.followers.delete(follower);
        then();
      };
      follower.end = over(resolve);
      this.followers.add(follower);
      signal.addEventListener(
        "abort",
        over(() => reject(ProblemError.unreachable())),
      );
    });
  }

  private emit(events: LiveEvent[]): void {
    this.state = apply(this.state, events);
    this.events.push(...events);
    for (const { stream } of this.isStuck ? [] : [...this.followers]) {
      stream.onWord();
      stream.onEvents(events);
    }
  }

  private async answer(signal: AbortSignal): Promise<void> {
    await Promise.resolve();
    if (signal.aborted) throw ProblemError.unreachable();
    if (this.refusal !== undefined) throw this.refusal;
  }
}

/** The locks and channels that tabs of one browser share. */
export class FakeBrowser {
  private readonly tabs: FakeTab[] = [];
  private holder: Request | undefined;
  private queue: Request[] = [];

  tab(): FakeTab {
    const tab = new FakeTab(this);
    this.tabs.push(tab);
    return tab;
  }

  post(from: FakeTab, data: unknown): void {
    const copied = structuredClone(data);
    for (const tab of this.tabs) {
      if (tab !== from) queueMicrotask(() => tab.receive(copied));
    }
  }

  request(options: LockOptions, work: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request: Request = { work, resolve, reject };
      options.signal?.addEventListener("abort", () => {
        const isWaiting = this.queue.includes(request);
        this.queue = this.queue.filter((other) => other !== request);
        if (isWaiting) reject(new DOMException("", "AbortError"));
      });
      if (options.steal) {
        this.holder?.reject(new DOMException("", "AbortError"));
        this.holder = undefined;
        this.queue.unshift(request);
      } else {
        this.queue.push(request);
      }
      this.grant();
    });
  }

  private grant(): void {
    if (this.holder !== undefined) return;
    const next = this.queue.shift();
    if (next === undefined) return;
    this.holder = next;
    const over = (then: () => void) => {
      then();
      if (this.holder !== next) return;
      this.holder = undefined;
      this.grant();
    };
    next.work().then(
      (value) => over(() => next.resolve(value)),
      (error: unknown) => over(() => next.reject(error)),
    );
  }
}

interface Request {
  work: () => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export class FakeTab implements Browser {
  hidden = false;
  /** A tab that hangs neither hears nor speaks. */
  hangs = false;
  readonly locks: Browser["locks"];
  private listener: ((event: MessageEvent) => void) | null = null;
  private readonly browser: FakeBrowser;

  constructor(browser: FakeBrowser) {
    this.browser = browser;
    const request = (_name: string, options: LockOptions, work: () => Promise<unknown>) =>
      browser.request(options, work);
    this.locks = { request } as unknown as Browser["locks"];
  }

  isHidden = (): boolean => this.hidden;

  openChannel = (): ReturnType<Browser["openChannel"]> => {
    const setListener = (listener: FakeTab["listener"]) => {
      this.listener = listener;
    };
    return {
      postMessage: (data: unknown) => {
        if (!this.hangs) this.browser.post(this, data);
      },
      close: () => setListener(null),
      get onmessage() {
        return null;
      },
      set onmessage(listener: FakeTab["listener"]) {
        setListener(listener);
      },
    };
  };

  receive(data: unknown): void {
    if (!this.hangs) this.listener?.({ data } as MessageEvent);
  }
}
