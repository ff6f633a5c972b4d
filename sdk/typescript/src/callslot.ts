/** The client: {@link Callslot}. One for each process is enough; it keeps one connection, while it has calls. */
import type { Call, CallOptions } from "./call.js";
import { Engine, type FailOpenReport } from "./engine.js";
import { CallslotError } from "./errors.js";
import { type Event, type EventOptions, followEvents } from "./events.js";
import type { CallType } from "./generated/api.js";
import { type ApiRequest, Http } from "./http.js";
import { Settings } from "./settings.js";
import type { OpenWebSocket } from "./socket.js";

/** How long {@link Callslot.close} waits for the server to confirm the ends of calls, in milliseconds. */
const CLOSE_MS = 10_000;
/** How long the end of the lease may take. */
const LEASE_ENDS_MS = 2_000;

export interface CallslotOptions {
  /** The server's address, such as `https://slots.example.com`. */
  url: string;
  /** A key with the role `engine`, or `admin` for settings. */
  key: string;
  /** The organisation, for an operator's key alone. */
  org?: string | undefined;
  /**
   * How long calls live on after contact with the server is lost, in seconds, 5 to 3,600; 30 by default. After that they
   * are lost on both sides. A longer time bridges longer outages, and a process that died holds its slots for longer.
   */
  graceS?: number | undefined;
  /**
   * Off by default. With it, a call gets its slot without the server's word if there was no contact for `afterMs`, and no
   * call is given up for lack of contact. The server is told once it is back; {@link Callslot.failOpenReport} counts.
   */
  failOpen?: { afterMs: number } | undefined;
  /** `http`: never by the engine stream. By default plain HTTP is used where the stream does not come through. */
  transport?: "auto" | "http" | undefined;
  /** Instead of the runtime's own, for a proxy or a certificate. */
  fetch?: typeof fetch | undefined;
  /** Instead of the runtime's own. It must send the headers. */
  openWebSocket?: OpenWebSocket | undefined;
}

export class Callslot implements AsyncDisposable {
  /** Reservations, agents, caps, and what the pool and calls are. */
  readonly settings: Settings;
  readonly #http: Http;
  readonly #engine: Engine;

  constructor(options: CallslotOptions) {
    const { graceS = 30, transport = "auto", openWebSocket } = options;
    if (!Number.isInteger(graceS) || graceS < 5 || graceS > 3600) {
      throw new RangeError(`graceS is ${graceS}; it must be a whole number from 5 to 3,600`);
    }
    // Called by its name, since workers refuse a `fetch` that was taken out of its place.
    const fetcher: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#http = new Http(options.url, options.key, options.org, fetcher);
    this.settings = new Settings(this.#http);
    const failOpenAfterMs = options.failOpen?.afterMs;
    const http = this.#http;
    this.#engine = new Engine({ http, graceS, transport, failOpenAfterMs, openWebSocket });
  }

  /** A client by the environment: `CALLSLOT_URL`, `CALLSLOT_KEY` and, for an operator's key, `CALLSLOT_ORG`. */
  static fromEnv(options: Partial<CallslotOptions> = {}): Callslot {
    const { process } = globalThis as { process?: { env: Record<string, string | undefined> } };
    const url = options.url ?? process?.env.CALLSLOT_URL;
    const key = options.key ?? process?.env.CALLSLOT_KEY;
    const org = options.org ?? process?.env.CALLSLOT_ORG;
    if (!url || !key) throw new CallslotError("CALLSLOT_URL and CALLSLOT_KEY must be set");
    return new Callslot({ ...options, url, key, org });
  }

  /**
   * Starts a call and waits in line until it has its slot. Dispose of it, and the slot is free again, however that comes:
   *
   * ```ts
   * await using call = await slots.call("support", "inbound", { id: sipCallId });
   * ```
   *
   * With `claimWithinS` it is claimed as soon as it has its slot. If it does not get one, it is ended.
   *
   * @throws {CallEndedError} if it ended in the queue, such as `max_wait`.
   * @throws {ProblemError} if it is refused, such as `queue_full`.
   * @throws {UnreachableError} if there was no answer for `graceS`. The signal's reason if that is aborted.
   */
  async call(agent: string, type: CallType, options: CallOptions = {}): Promise<Call> {
    const call = await this.start(agent, type, options);
    try {
      await call.wait(options.signal ? { signal: options.signal } : {});
      if (options.claimWithinS !== undefined && !call.failedOpen) await call.claim();
    } catch (error) {
      call.end().catch(() => {});
      throw error;
    }
    return call;
  }

  /** Starts a call and does not wait: it is `active`, `queued`, or has `ended` since it may not wait (`maxWaitS: 0`). */
  start(agent: string, type: CallType, options: CallOptions = {}): Promise<Call> {
    return this.#engine.start(agent, type, options);
  }

  /** Carries on a live call of another engine, whatever its lease; that engine is told. */
  adopt(id: string): Promise<Call> {
    return this.#engine.adopt(id);
  }

  /** The calls of this client that are not over. */
  get calls(): Call[] {
    return [...this.#engine.calls.values()];
  }

  /** How calls travel now: by the engine stream or plain HTTP; `undefined` while there is no connection. */
  get transport(): "stream" | "http" | undefined {
    return this.#engine.transport;
  }

  /** How many calls `failOpen` has let through, and what became of them. */
  get failOpenReport(): FailOpenReport {
    return { ...this.#engine.failOpenReport };
  }

  /** What happens in the organisation, from the next event on or after a known one, over lost connections without a gap. */
  events(options: EventOptions = {}): AsyncGenerator<Event, void, undefined> {
    return followEvents(this.#http, options);
  }

  /** Any other request of the API. */
  request<T>(request: ApiRequest): Promise<T> {
    return this.#http.request(request);
  }

  /**
   * Ends all calls of this client and closes it. Waits up to 10 s for the server to confirm that; then the lease is ended with those that are
   * left, or, if that fails too, runs out. With `keepCalls` they live on for `graceS`, for another process to
   * {@link Callslot.adopt} them.
   */
  async close(options: { keepCalls?: boolean } = {}): Promise<void> {
    if (!options.keepCalls) for (const call of this.calls) call.end().catch(() => {});
    await this.#engine.flush(CLOSE_MS);
    const { lease } = this.#engine;
    this.#engine.close();
    if (options.keepCalls || lease === undefined) return;
    const path = `/v1/leases/${lease}`;
    await this.#http.once({ method: "DELETE", path, timeoutMs: LEASE_ENDS_MS }).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close().catch(() => {});
  }
}
