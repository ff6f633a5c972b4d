/** One call, from the moment its id is made until its end: {@link Call}. What happens to it is decided by the engine. */
import { CallEndedError, type LostReason } from "./errors.js";
import type {
  BlockedBy,
  BlockedOn,
  CallType,
  Call as CallView,
  PositionToldFrame,
} from "./generated/api.js";
import { sleep, unlessAborted } from "./timing.js";

/** How long disposing of a call waits for the server to confirm its end. After that it goes on in the background. */
const DISPOSE_MS = 5_000;
/** How long the server lets an id be. */
const MAX_ID_CHARS = 128;

/** Where a queued call stands. */
export interface Position {
  /** 1 for the earliest call in the organisation's queue. */
  position: number;
  /** Why it is not started. */
  blockedOn: BlockedOn;
  /** Whose cap, pace, pause or hours that is, such as `{ gate: "spring" }`; `null` if it is nobody's. */
  blockedBy: BlockedBy | null;
  /** If it waits for a pace or for hours: in how many milliseconds; `null` if not, and if they never come. */
  retryInMs: number | null;
  /** About how much longer it waits, in milliseconds; `null` if nothing supports a number. */
  estimatedWaitMs: number | null;
}

/** How a call is started. */
export interface CallOptions {
  /**
   * Your own id: 1 to 128 printable ASCII characters without spaces and `/`. It makes a retry safe, also from another process:
   * use a SIP Call-ID or a carrier's call id. Made at random if absent.
   */
  id?: string | undefined;
  /** The ids of the gates that it passes, up to 4. Their order does not matter. */
  gates?: readonly string[] | undefined;
  /** How long it may be queued, in seconds, up to 30 days; with 0 it starts at once or ends `max_wait`. */
  maxWaitS?: number | undefined;
  /** How long it may be active, in seconds; then it ends `max_duration`. */
  maxDurationS?: number | undefined;
  /** Once it has a slot, it must be claimed within this many seconds, or it returns to the queue. */
  claimWithinS?: number | undefined;
  /** A JSON object of at most 4 KiB that is kept with the call. */
  metadata?: { [name: string]: unknown } | undefined;
  /** Gives the call up: it is ended, and what waits for it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Told where the call stands, when it is queued and whenever that changes, at most about once a second. */
  onPosition?: ((position: Position) => void) | undefined;
}

/** What a call needs of the engine. */
export interface Keeper {
  end(call: Call, note: string | undefined): Promise<void>;
  claim(call: Call): Promise<void>;
  decline(call: Call, forGood: boolean, note: string | undefined): Promise<void>;
}

/** A call of this client. Dispose of it (`await using`) or {@link Call.end} it, and its slot is free again. */
export class Call implements AsyncDisposable {
  /** @internal */
  readonly options: CallOptions;
  /** @internal Whether it runs without the server's word (`failOpen`), until it is adopted. */
  isFailedOpen = false;
  /** @internal Whether another engine has started it. */
  isAdopted = false;
  /** @internal Whether its lease ran out after the server may have heard of it, so that its id may be taken. */
  hasOutlivedLease = false;
  /** @internal Since when this process has known it, by `nowMs`. */
  readonly sinceMs: number;

  readonly #keeper: Keeper;
  readonly #firstId: string;
  #id: string;
  #renamed = 0;
  #wasQueued = false;
  #agent: string;
  #type: CallType;
  #state: "starting" | "queued" | "active" | "ended" = "starting";
  #view: CallView | undefined;
  #over: CallEndedError | undefined;
  #end: Promise<void> | undefined;
  #isEnding = false;
  #lost: AbortController | undefined;
  #change: { promise: Promise<void>; resolve: () => void } | undefined;

  /** @internal */
  constructor(
    keeper: Keeper,
    id: string,
    agent: string,
    type: CallType,
    options: CallOptions,
    sinceMs: number,
  ) {
    this.#keeper = keeper;
    this.#firstId = id;
    this.#id = id;
    this.#agent = agent;
    this.#type = type;
    this.options = options;
    this.sinceMs = sinceMs;
  }

  /** Its id. It changes, to `<id>~1`, only if the call still waited when its lease ended. */
  get id(): string {
    return this.#id;
  }

  get agent(): string {
    return this.#agent;
  }

  get type(): CallType {
    return this.#type;
  }

  /** `starting` until the server has answered, then as the server says. */
  get state(): "starting" | "queued" | "active" | "ended" {
    return this.#state;
  }

  /** The call as the server told it last; `undefined` before its first answer. */
  get view(): CallView | undefined {
    return this.#view;
  }

  /** @internal Whether the server has given it no slot so far, as far as is known. */
  get isWaiting(): boolean {
    return this.#state !== "ended" && (this.#state !== "active" || this.isFailedOpen);
  }

  /** @internal Whether it has a place in line, or had one and begins again. */
  get isInLine(): boolean {
    return this.#wasQueued && this.isWaiting;
  }

  /**
   * Whether the slot was given by `failOpen` alone, because Callslot could not be reached, and not by the server yet.
   */
  get failedOpen(): boolean {
    return this.isFailedOpen;
  }

  /**
   * Aborted when the call is over without your having ended it, or is no longer this client's. Its reason is a
   * {@link CallEndedError}. Hang up then: the slot is somebody else's.
   */
  get lost(): AbortSignal {
    if (!this.#lost) {
      this.#lost = new AbortController();
      if (this.#over && !this.#isEnding) this.#lost.abort(this.#over);
    }
    return this.#lost.signal;
  }

  /**
   * Waits until the call has its slot. It may be given up and tried again: the call keeps its place in the queue.
   *
   * @throws {CallEndedError} if it ended in the queue, such as by `maxWaitS`.
   * @throws {DOMException} `TimeoutError` after `timeoutMs`; the signal's reason if that is aborted.
   */
  async wait(options: { signal?: AbortSignal; timeoutMs?: number } = {}): Promise<this> {
    const { signal, timeoutMs } = options;
    const limits = timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)];
    if (signal) limits.push(signal);
    const limit = limits.length > 1 ? AbortSignal.any(limits) : limits[0];
    while (this.#state !== "active") {
      if (this.#over) throw this.#over;
      await unlessAborted(this.#nextChange(), limit);
    }
    return this;
  }

  /** Claims a call that was started with `claimWithinS`. */
  claim(): Promise<void> {
    return this.#keeper.claim(this);
  }

  /** Gives a call back that is to be claimed: to the queue, or for good, and then it ends `declined`. */
  decline(options: { forGood?: boolean; note?: string } = {}): Promise<void> {
    return this.#keeper.decline(this, options.forGood ?? false, options.note);
  }

  /**
   * Ends the call, queued or active. Resolves once the server has confirmed it. It is sent until it is, also if nobody waits
   * for that; ending a call that is over does nothing.
   */
  end(options: { note?: string } = {}): Promise<void> {
    if (!this.#end) {
      const isOver = this.#state === "ended";
      this.#isEnding = !isOver;
      this.#end = isOver ? Promise.resolve() : this.#keeper.end(this, options.note);
      // Its failure is for those who wait for it.
      this.#end.catch(() => {});
    }
    return this.#end;
  }

  /** Ends the call, and waits at most 5 s for the server to confirm that. */
  async [Symbol.asyncDispose](): Promise<void> {
    const limit = new AbortController();
    const end = this.end().finally(() => limit.abort());
    await Promise.race([end, sleep(DISPOSE_MS, limit.signal)]).catch(() => {});
  }

  /** @internal The server's word on a live call. */
  tell(view: CallView): void {
    this.#view = view;
    this.#agent = view.agent;
    this.#type = view.type;
    this.#wasQueued ||= view.state === "queued";
    if (view.state === "ended") {
      this.finish(view.reason ?? "completed");
    } else if (view.state === "active" || !this.isFailedOpen) {
      this.#become(view.state);
    }
    const { position, blocked_on } = view;
    if (view.state === "queued" && position !== null && blocked_on !== null) {
      this.tellPosition({ ...view, position, blocked_on });
    }
  }

  /** @internal */
  tellPosition(told: Omit<PositionToldFrame, "op" | "id">): void {
    const { onPosition } = this.options;
    if (this.#state !== "queued" || !onPosition) return;
    const position: Position = {
      position: told.position,
      blockedOn: told.blocked_on,
      blockedBy: told.blocked_by,
      retryInMs: told.retry_in_ms,
      estimatedWaitMs: told.estimated_wait_ms,
    };
    // In a turn of its own, so that what it throws is its own too.
    queueMicrotask(() => onPosition(position));
  }

  /** @internal It begins again under another id: its lease ran out while it waited, and an ended id stays taken. */
  rename(): void {
    this.#renamed += 1;
    const id = `${this.#firstId}~${this.#renamed}`;
    this.#id = id.length <= MAX_ID_CHARS ? id : crypto.randomUUID();
    this.#view = undefined;
    this.hasOutlivedLease = false;
    if (!this.isFailedOpen) this.#become("starting");
  }

  /** @internal It runs without the server's word. */
  failOpen(): void {
    this.isFailedOpen = true;
    this.#become("active");
  }

  /** @internal It is over. Who ended it here is told nothing more. */
  finish(reason: LostReason): void {
    if (this.#state === "ended") return;
    this.#over = new CallEndedError(this.id, reason, this.#view);
    this.#become("ended");
    if (!this.#isEnding) this.#lost?.abort(this.#over);
  }

  #become(state: "starting" | "queued" | "active" | "ended"): void {
    this.#state = state;
    this.#change?.resolve();
    this.#change = undefined;
  }

  #nextChange(): Promise<void> {
    if (!this.#change) {
      let resolve = () => {};
      const promise = new Promise<void>((done) => {
        resolve = done;
      });
      this.#change = { promise, resolve };
    }
    return this.#change.promise;
  }
}
