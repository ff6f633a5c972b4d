/** The same commands over plain HTTP, with a lease that is renewed here, where WebSockets are blocked: {@link HttpCarrier}. */
import type { Call } from "./call.js";
import {
  type Carrier,
  type Command,
  type CommandFrame,
  checkedCall,
  type Desk,
} from "./carrier.js";
import { ProblemError } from "./errors.js";
import type {
  BatchResult,
  Call as CallView,
  Lease,
  LeaseReconciled,
  LeaseRenewed,
  UnknownCall,
} from "./generated/api.js";
import { retryDelayMs, sleep } from "./timing.js";

/** How many commands are on their way at once. */
const AT_ONCE = 32;
/** How long one poll waits, in seconds: as long as somebody wants to hear positions, or for the start alone. */
const POLL_S = { positions: 5, start: 30 };
/** How many calls a page of a reconciliation names. */
const PAGE = 10_000;

export class HttpCarrier implements Carrier {
  readonly kind = "http";
  readonly done: Promise<number>;

  readonly #desk: Desk;
  readonly #stopped = new AbortController();
  #queue: Command[] = [];
  #underWay = 0;
  readonly #polled = new Set<string>();
  #opening: Promise<string> | undefined;
  /** The first 8 bytes of the SHA-256 of each active call's id. */
  #sums = new Map<string, bigint>();

  constructor(desk: Desk) {
    this.#desk = desk;
    const { signal } = this.#stopped;
    this.done = new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(1000));
    });
    void this.#keepLease();
  }

  send(command: Command): void {
    this.#queue.push(command);
    this.#pump();
  }

  close(): void {
    this.#stopped.abort();
  }

  #pump(): void {
    while (this.#underWay < AT_ONCE && !this.#stopped.signal.aborted) {
      const command = this.#queue.shift();
      if (!command) return;
      if (!this.#desk.commands.has(command.ref)) continue;
      this.#underWay += 1;
      void this.#carry(command).finally(() => {
        this.#underWay -= 1;
        this.#pump();
      });
    }
  }

  async #carry(command: Command): Promise<void> {
    const { signal } = this.#stopped;
    let lease: string | undefined;
    try {
      lease = await this.#leaseFor(command.frame);
      command.wasSent = true;
      const view = checkedCall(await this.#execute(command.frame, lease));
      this.#desk.heard();
      this.#desk.answer(command.ref, view);
      this.#follow(view.id);
    } catch (error) {
      if (error instanceof ProblemError) {
        this.#desk.heard();
        if (error.code !== "lease_expired") {
          this.#desk.refuse(command.ref, error);
          return;
        }
        if (lease === this.#desk.lease) this.#desk.leaseExpired();
      }
      command.putOff += 1;
      await sleep(retryDelayMs(command.putOff), signal).catch(() => {});
      if (!signal.aborted) this.#queue.push(command);
    }
  }

  async #execute(frame: CommandFrame, lease: string | undefined): Promise<CallView> {
    const { http } = this.#desk;
    const at = (path: string, body: object) => http.once<CallView>({ method: "POST", path, body });
    const { op, ...fields } = frame;
    const call = `/v1/calls/${encodeURIComponent(frame.id as string)}`;
    switch (frame.op) {
      case "start":
        return at("/v1/calls", { ...fields, lease });
      case "end":
        return at(`${call}/end`, { note: frame.note });
      case "claim":
        return at(`${call}/claim`, {});
      case "decline":
        return at(`${call}/decline`, { for_good: frame.for_good, note: frame.note });
      case "adopt": {
        const path = `/v1/leases/${lease}/adopt`;
        const body = { calls: [frame.id] };
        const { results } = await http.once<{ results: BatchResult[] }>({
          method: "POST",
          path,
          body,
        });
        const result = results[0] as BatchResult;
        if ("error" in result) throw new ProblemError(result.error);
        return result.call;
      }
    }
  }

  /** The lease that a command needs, which is opened before the first one. */
  async #leaseFor(frame: CommandFrame): Promise<string | undefined> {
    if (frame.op !== "start" && frame.op !== "adopt") return undefined;
    if (this.#desk.lease !== undefined) return this.#desk.lease;
    this.#opening ??= this.#openLease().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #openLease(): Promise<string> {
    const body = { ttl_s: this.#desk.graceS };
    const lease = await this.#desk.http.once<Lease>({ method: "POST", path: "/v1/leases", body });
    this.#desk.setLease(lease.id);
    this.#desk.renewed();
    return lease.id;
  }

  /** Renews the lease every third of its time, and finds out where the server's calls and this client's differ. */
  async #keepLease(): Promise<void> {
    const { signal } = this.#stopped;
    for (let attempt = 0; !signal.aborted; ) {
      const { lease } = this.#desk;
      try {
        if (lease !== undefined) await this.#renew(lease);
        attempt = 0;
      } catch (error) {
        attempt += 1;
        if (error instanceof ProblemError) this.#desk.heard();
        const isOver = error instanceof ProblemError && error.code === "lease_expired";
        if (isOver && lease === this.#desk.lease) this.#desk.leaseExpired();
      }
      const pauseMs = attempt > 0 ? retryDelayMs(attempt) : (this.#desk.graceS * 1000) / 3;
      await sleep(pauseMs, signal).catch(() => {});
    }
  }

  async #renew(lease: string): Promise<void> {
    const body = await this.#believed();
    const path = `/v1/leases/${lease}/renew`;
    const renewed = await this.#desk.http.once<LeaseRenewed>({ method: "POST", path, body });
    this.#desk.renewed();
    if (renewed.reconcile) await this.#reconcile(lease);
    for (const id of this.#desk.calls.keys()) this.#follow(id);
  }

  /** How many calls this client holds, and the exclusive or over their sums. */
  async #believed(): Promise<{ count: number; digest: string }> {
    const active = [...this.#desk.calls.values()].filter(isHeld).map((call) => call.id);
    const sums = await Promise.all(active.map(async (id) => [id, await this.#sumOf(id)] as const));
    this.#sums = new Map(sums);
    const digest = sums.reduce((all, [, sum]) => all ^ sum, 0n);
    return { count: active.length, digest: digest.toString(16).padStart(16, "0") };
  }

  async #sumOf(id: string): Promise<bigint> {
    const known = this.#sums.get(id);
    if (known !== undefined) return known;
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id));
    return new DataView(hash).getBigUint64(0);
  }

  /** Names every call that may be live, so that none is ended whose start or end is just under way. */
  async #reconcile(lease: string): Promise<void> {
    const known = [...this.#desk.calls.values()].filter((call) => call.view);
    const ids = new Set(this.#desk.calls.keys());
    for (const { frame } of this.#desk.commands.values()) if (frame.id) ids.add(frame.id);
    const all = [...ids];
    const path = `/v1/leases/${lease}/reconcile`;
    let cursor: string | undefined;
    for (let from = 0; from === 0 || from < all.length; from += PAGE) {
      const more = from + PAGE < all.length;
      const body = { active: all.slice(from, from + PAGE), cursor, more };
      const page = await this.#desk.http.once<LeaseReconciled>({ method: "POST", path, body });
      cursor = page.next;
      if (!more) await this.#settleDifferences(known, page.unknown);
    }
  }

  /**
   * Reads the calls that stand otherwise than this client knows: active ones that are not, and queued ones that are active by now. One whose
   * start was under way when the list was made is not among the known, as the answer may be older than its start.
   */
  async #settleDifferences(known: Call[], unknown: UnknownCall[]): Promise<void> {
    const why = new Map(unknown.map((it) => [it.id, it.why]));
    const isOtherwise = (call: Call) =>
      call.state === "queued" ? why.get(call.id) !== "queued" : why.has(call.id);
    for (const { id } of known.filter(isOtherwise)) {
      if (!this.#desk.calls.has(id)) continue;
      await this.#read(id).catch((error) => {
        if (!isUnknownCall(error)) throw error;
        this.#desk.applyUnknown([{ id, why: "never_known" }]);
      });
    }
  }

  /** Polls a call for as long as it is queued. */
  #follow(id: string): void {
    if (this.#polled.has(id) || this.#desk.calls.get(id)?.state !== "queued") return;
    this.#polled.add(id);
    void this.#poll(id).finally(() => this.#polled.delete(id));
  }

  async #poll(id: string): Promise<void> {
    const { signal } = this.#stopped;
    let attempt = 0;
    let mayWait = true;
    while (!signal.aborted && this.#desk.calls.get(id)?.state === "queued") {
      const call = this.#desk.calls.get(id) as Call;
      const waitS = call.options.onPosition ? POLL_S.positions : POLL_S.start;
      try {
        await this.#read(id, mayWait ? waitS : undefined);
        attempt = 0;
        if (!mayWait) await sleep(1_000, signal).catch(() => {});
      } catch (error) {
        const code = error instanceof ProblemError ? error.code : undefined;
        if (isUnknownCall(error)) this.#desk.applyUnknown([{ id, why: "never_known" }]);
        if (code === "too_many_seats") mayWait = false;
        attempt += 1;
        await sleep(retryDelayMs(attempt), signal).catch(() => {});
      }
    }
  }

  /** Reads a call as it is, or once it has left the queue. */
  async #read(id: string, waitS?: number): Promise<void> {
    const view = await this.#desk.http.once<CallView>({
      method: "GET",
      path: `/v1/calls/${encodeURIComponent(id)}`,
      query: { wait_s: waitS },
      signal: this.#stopped.signal,
      timeoutMs: ((waitS ?? 0) + 15) * 1000,
    });
    this.#desk.heard();
    this.#desk.apply(checkedCall(view));
  }
}

function isUnknownCall(error: unknown): boolean {
  return error instanceof ProblemError && error.code === "unknown_call";
}

function isHeld(call: Call): boolean {
  return call.state === "active" && !call.isFailedOpen;
}
