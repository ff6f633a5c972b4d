/**
 * What a client knows of its calls, and how it keeps that and the server in step, whatever the server or the network do:
 * {@link Engine}. It does no I/O of its own; carriers do.
 *
 * - An id is in `calls` and its command in `commands` **before** the server is asked. A command stays there until it is answered and
 *   goes out again on each new connection, so a lost answer neither leaks nor doubles a call.
 * - All calls are under one lease, which each new connection resumes. What the server then says of them holds.
 * - An end is sent until it is confirmed, also for a call that was given up before its start was answered.
 */
import { Call, type CallOptions, type Keeper } from "./call.js";
import { type Carrier, Command, type CommandFrame, type Desk } from "./carrier.js";
import {
  CallEndedError,
  CallslotError,
  type LostReason,
  ProblemError,
  UnreachableError,
} from "./errors.js";
import type { CallType, Call as CallView, UnknownCall } from "./generated/api.js";
import type { Http } from "./http.js";
import { HttpCarrier } from "./http-carrier.js";
import { NoWebSocket, type OpenWebSocket } from "./socket.js";
import { StreamCarrier } from "./stream-carrier.js";
import { nowMs, retryDelayMs, sleep, unlessAborted } from "./timing.js";

const TICK_MS = 1_000;
/** After this much silence of the server, or a third of the grace, a call is asked for, to see whether the connection is alive. */
const CHECK_AFTER_MS = 10_000;
/** A connection on which nothing comes for this many times as long, although an answer is due that may have come, is given up. */
const SILENT_CHECKS = 1.5;
/** How long that is while the client closes, which waits for nothing but answers. */
const CLOSING_SILENCE_MS = 2_000;
/** A lease that another connection resumes again within this time belongs to another process. */
const TAKEN_OVER_WITHIN_MS = 60_000;
/** How long a connection is kept without calls. */
const IDLE_MS = 15_000;
/** How long plain HTTP is used before the stream is tried again. */
const HTTP_FOR_MS = 60_000;
/** How many of the leases before the present one are remembered. */
const FORMER_LEASES = 8;
/** How often in a row opening the stream may fail, with the server there over HTTP, before plain HTTP is used. */
const BLOCKED_AFTER = 2;
/** How often a call is started again that an earlier lease of this client, which runs out, still has. */
const HELD_ELSEWHERE_RETRIES = 10;
/** The server takes notes of that many characters. One that is far longer would not even fit into a message. */
const NOTE_CHARS = 1_000;
/** More than the server takes of a call in any spelling. What fits into no message would break the connection of all calls. */
const FIELDS_CHARS = 64 * 1024;
/** What is said of a call that the lease's end took along, so that its id may have to change. */
const ENDED_WITH_LEASE: ReadonlySet<string | null> = new Set(["lease_expired", "reconciled"]);

export interface EngineOptions {
  http: Http;
  graceS: number;
  transport: "auto" | "http";
  /** After how many milliseconds without contact calls run without the server's word; `undefined`: never. */
  failOpenAfterMs: number | undefined;
  openWebSocket: OpenWebSocket | undefined;
  /** How long plain HTTP is used before the stream is tried again; a minute by default. */
  httpForMs?: number;
}

/** How many calls ran without the server's word (`failOpen`), and what became of them. */
export interface FailOpenReport {
  /** In all. */
  opened: number;
  /** Of them, those that the server gave a slot to afterwards. */
  adopted: number;
  /** Of them, those that were over before it did. */
  ended: number;
}

export class Engine implements Desk, Keeper {
  readonly http: Http;
  readonly graceS: number;
  readonly calls = new Map<string, Call>();
  readonly commands = new Map<number, Command>();
  readonly failOpenReport: FailOpenReport = { opened: 0, adopted: 0, ended: 0 };

  readonly #options: EngineOptions;
  readonly #checkAfterMs: number;
  #lease: string | undefined;
  /** Leases before this one. A start that was on its way when the connection broke may have come under one of them. */
  #formerLeases: string[] = [];
  #nextRef = 1;
  /** The command that asks for a call's start, or how the call stands, by the call's id. */
  readonly #starts = new Map<string, Command>();
  #carrier: Carrier | undefined;
  #isRunning = false;
  readonly #closed = new AbortController();
  #heardMs = nowMs();
  /** When the lease was known to live. */
  #renewedMs = nowMs();
  #tickedMs = nowMs();
  #idleSinceMs: number | undefined;
  #takenOverMs: number | undefined;
  #isFlushing = false;
  /** How often in a row the stream could not be opened although the server was there; infinite: never try. */
  #blocked: number;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#blocked = options.transport === "http" ? Number.POSITIVE_INFINITY : 0;
    this.http = options.http;
    this.graceS = options.graceS;
    this.#checkAfterMs = Math.min(CHECK_AFTER_MS, (options.graceS * 1000) / 3);
  }

  /** How commands travel now; `undefined` while there is no connection. */
  get transport(): "stream" | "http" | undefined {
    return this.#carrier?.kind;
  }

  get lease(): string | undefined {
    return this.#lease;
  }

  /** Starts a call, or returns the one that this client has under the id. Resolves once it is answered. */
  async start(agent: string, type: CallType, options: CallOptions): Promise<Call> {
    options.signal?.throwIfAborted();
    const known = options.id === undefined ? undefined : this.calls.get(options.id);
    const id = options.id ?? crypto.randomUUID();
    const call = known ?? new Call(this, id, agent, type, options, nowMs());
    if (JSON.stringify(startFrame(call)).length > FIELDS_CHARS) {
      throw new RangeError(
        "a call has up to 4 KiB of metadata, and less than 64 Ki characters in all",
      );
    }
    if (!known) this.calls.set(id, call);
    const asked = known ? this.#starts.get(id)?.answered : this.#askToStart(call);
    try {
      if (asked) await unlessAborted(this.#orFailedOpen(call, asked), options.signal);
    } catch (error) {
      call.end().catch(() => {});
      throw error;
    }
    return call;
  }

  /** Moves a live call of another engine to this client. */
  async adopt(id: string): Promise<Call> {
    const known = this.calls.get(id);
    if (known) {
      await this.#starts.get(id)?.answered;
      return known;
    }
    // Whose it is and how it stands comes with the answer.
    const call = new Call(this, id, "", "inbound", {}, nowMs());
    call.isAdopted = true;
    this.calls.set(id, call);
    await this.#ask({ op: "adopt", id }, call);
    return call;
  }

  async end(call: Call, note: string | undefined): Promise<void> {
    const start = this.#starts.get(call.id);
    this.#drop(call, "canceled");
    await this.#endAtServer(call, start, note?.slice(0, NOTE_CHARS));
  }

  async claim(call: Call): Promise<void> {
    await this.#ask({ op: "claim", id: call.id });
  }

  async decline(call: Call, forGood: boolean, note: string | undefined): Promise<void> {
    const kept = note?.slice(0, NOTE_CHARS);
    const view = await this.#ask({ op: "decline", id: call.id, for_good: forGood, note: kept });
    if (view) this.apply(view);
  }

  /** Waits until every command is answered, or for this long. */
  async flush(timeoutMs: number): Promise<void> {
    this.#isFlushing = true;
    const until = nowMs() + timeoutMs;
    while (this.commands.size > 0 && nowMs() < until) await sleep(5);
  }

  /** Stops for good. Calls that are left live on for `graceS`. */
  close(): void {
    this.#closed.abort();
    this.#carrier?.close();
    this.#refuseAll(new CallslotError("the client was closed"));
  }

  // What carriers say.

  setLease(lease: string | undefined): void {
    if (this.#lease !== undefined && this.#lease !== lease) {
      this.#formerLeases = [this.#lease, ...this.#formerLeases].slice(0, FORMER_LEASES);
    }
    this.#lease = lease;
  }

  heard(): void {
    this.#heardMs = nowMs();
  }

  renewed(): void {
    this.heard();
    this.#renewedMs = this.#heardMs;
  }

  apply(view: CallView): void {
    const call = this.calls.get(view.id);
    if (!call) return;
    if (this.#beginsAgain(call, view)) {
      // If it is being asked for, the answer to that says the same.
      if (!this.#starts.has(call.id)) this.#beginAgain(call);
    } else if (view.state === "ended") {
      call.tell(view);
      this.#drop(call, view.reason ?? "completed");
    } else if (this.#isStale(call, view)) {
      return;
    } else if (view.lease !== this.#lease) {
      this.#drop(call, "adopted");
    } else {
      if (call.isFailedOpen && view.state === "active") {
        this.failOpenReport.adopted += 1;
        call.isFailedOpen = false;
      }
      call.tell(view);
    }
  }

  applyUnknown(unknown: UnknownCall[]): void {
    for (const { id, why } of unknown) {
      const call = this.calls.get(id);
      // One whose start has no answer is asked for again, and one that waits is as it should be.
      if (!call?.view || why === "queued") continue;
      if (why === "never_known" && call.isWaiting && !call.isAdopted) this.check(call);
      else if (why === "other_lease") this.#drop(call, "adopted");
      else this.#drop(call, why === "ended" ? "canceled" : why);
    }
  }

  endSurplus(id: string): void {
    // One that was given up has a command that sees to its end.
    for (const { frame } of this.commands.values()) if (frame.id === id) return;
    this.#ask({ op: "end", id }).catch(() => {});
  }

  check(call: Call): void {
    if (!this.#starts.has(call.id)) this.#askToStart(call).catch(() => {});
  }

  answer(ref: number, view: CallView | undefined): void {
    const asked = this.commands.get(ref);
    if (!asked) return;
    if (view && asked.startOf && this.#isStale(asked.startOf, view)) {
      this.#putOff(asked);
      return;
    }
    if (view && asked.startOf && this.#beginsAgain(asked.startOf, view)) {
      this.#beginAgain(asked.startOf);
      return;
    }
    const command = this.#settle(asked);
    if (!command) return;
    if (view && command.startOf) this.apply(view);
    command.resolve(view);
  }

  refuse(ref: number, error: ProblemError): void {
    const command = this.commands.get(ref);
    if (!command) return;
    const { frame } = command;
    if (error.isTemporary || this.#mayPass(command, error)) {
      this.#putOff(command, error.retryInMs);
    } else if (frame.op === "start" && this.#namesOwnLease(error)) {
      command.frame = { op: "adopt", id: frame.id as string };
      this.#carrier?.send(command);
    } else if (this.#endedBeforeAdoption(command, error)) {
      command.frame = startFrame(command.startOf as Call);
      this.#putOff(command);
    } else if (frame.op === "end" && error.code === "unknown_call") {
      this.answer(ref, undefined);
    } else if (frame.op === "end" && frame.note !== undefined) {
      // The call is to end, with its note or without.
      command.frame = { op: "end", id: frame.id };
      this.#carrier?.send(command);
    } else {
      this.#settle(command)?.reject(error);
      const call = command.startOf;
      if (call) this.#drop(call, error.code === "held_by_other_lease" ? "adopted" : "never_known");
    }
  }

  leaseExpired(): void {
    this.setLease(undefined);
    for (const call of [...this.calls.values()]) {
      const start = this.#starts.get(call.id);
      if (!call.isWaiting || (call.isAdopted && call.view)) {
        this.#drop(call, "lease_expired");
        continue;
      }
      if (call.view || start?.wasSent) call.hasOutlivedLease = true;
      this.check(call);
    }
  }

  // Asking.

  #askToStart(call: Call): Promise<CallView | undefined> {
    return this.#ask(startFrame(call), call);
  }

  /**
   * Whether a call waited until its lease ran out, so that it begins again. An id that had ended under another lease before is the program's
   * mistake, and is said as it is; so is the end of a call that another engine has started.
   */
  #beginsAgain(call: Call, view: CallView): boolean {
    const isOwn = call.hasOutlivedLease || (view.lease !== null && view.lease === this.#lease);
    const hasEnded = view.state === "ended" && ENDED_WITH_LEASE.has(view.reason);
    return hasEnded && isOwn && call.isWaiting && !call.isAdopted;
  }

  /** Starts a call that waits under another id. */
  #beginAgain(call: Call): void {
    const start = this.#starts.get(call.id);
    this.#starts.delete(call.id);
    this.calls.delete(call.id);
    call.rename();
    this.calls.set(call.id, call);
    if (!start) {
      this.check(call);
      return;
    }
    this.#starts.set(call.id, start);
    start.frame = startFrame(call);
    start.wasSent = false;
    start.putOff = 0;
    start.sentMs = undefined;
    this.#carrier?.send(start);
  }

  /** Whether this was said of a call before its lease ran out. */
  #isStale(call: Call, view: CallView): boolean {
    return (
      call.hasOutlivedLease &&
      view.state !== "ended" &&
      view.lease !== this.#lease &&
      this.#formerLeases.some((lease) => lease === view.lease)
    );
  }

  /** Whether what opens a call may be repeated: its lease has just ended, or an earlier one that runs out still has the call. */
  #mayPass({ frame, startOf, putOff }: Command, error: ProblemError): boolean {
    const isOpening = frame.op === "start" || frame.op === "adopt";
    if (isOpening && error.code === "lease_expired") return true;
    const isOwnShadow = error.code === "held_by_other_lease" && startOf?.hasOutlivedLease;
    return Boolean(isOwnShadow) && !this.#namesOwnLease(error) && putOff < HELD_ELSEWHERE_RETRIES;
  }

  /** Whether a call of an earlier lease of this client ended just before it was adopted from that. */
  #endedBeforeAdoption({ frame, startOf, putOff }: Command, error: ProblemError): boolean {
    const isOwn = frame.op === "adopt" && startOf !== undefined && !startOf.isAdopted;
    const hasEnded = error.code === "call_has_ended" || error.code === "unknown_call";
    return isOwn && hasEnded && putOff < HELD_ELSEWHERE_RETRIES;
  }

  /** Ends a call whose `start` was dropped with it, if the server has it from this client. */
  async #endAtServer(call: Call, start: Command | undefined, note?: string): Promise<void> {
    if (!call.view && start) {
      // What the server was never asked for needs no end.
      if (!start.wasSent) return;
      if (start.frame.op === "start" && !(await this.#wasTaken(start))) return;
    }
    await this.#ask({ op: "end", id: call.id, note });
  }

  /** What a start that was given up led to: it may be refused since the call is another client's, which is not ended here. */
  async #wasTaken({ ref, frame, askedMs, sentMs }: Command): Promise<boolean> {
    const again = new Command(ref, frame, undefined, askedMs);
    again.sentMs = sentMs;
    again.wasSent = true;
    this.commands.set(ref, again);
    try {
      return (await again.answered)?.state !== "ended";
    } catch (error) {
      if (error instanceof ProblemError) return false;
      throw error;
    }
  }

  #ask(frame: CommandFrame, startOf?: Call): Promise<CallView | undefined> {
    if (this.#closed.signal.aborted)
      return Promise.reject(new CallslotError("the client was closed"));
    const command = new Command(this.#nextRef++, frame, startOf, nowMs());
    this.commands.set(command.ref, command);
    if (startOf) this.#starts.set(startOf.id, command);
    if (this.#carrier) this.#carrier.send(command);
    else this.#run();
    return command.answered;
  }

  /** With `failOpen` a call may be active before it is answered. */
  #orFailedOpen<T>(call: Call, asked: Promise<T>): Promise<unknown> {
    if (this.#options.failOpenAfterMs === undefined) return asked;
    const opened = call.wait().then(
      () => undefined,
      () => asked,
    );
    return Promise.race([asked, opened]);
  }

  #putOff(command: Command, afterMs?: number): void {
    command.putOff += 1;
    this.#sendLater(command, afterMs ?? retryDelayMs(command.putOff));
  }

  #sendLater(command: Command, afterMs: number): void {
    command.sentMs = undefined;
    const carrier = this.#carrier;
    // Another connection sends all that has no answer anyway.
    setTimeout(() => {
      if (this.#carrier === carrier) carrier?.send(command);
    }, afterMs);
  }

  /** A start came late under a lease that this client had before. */
  #namesOwnLease(error: ProblemError): boolean {
    return (
      error.code === "held_by_other_lease" &&
      this.#formerLeases.some((lease) => error.message.includes(lease))
    );
  }

  /** Takes a command off the list; `undefined` if it is not on it. */
  #settle(command: Command | undefined): Command | undefined {
    if (!command || !this.commands.delete(command.ref)) return undefined;
    const id = command.startOf?.id;
    if (id !== undefined && this.#starts.get(id) === command) this.#starts.delete(id);
    return command;
  }

  /** The call is none of this client's from here on, and nothing more is asked about its start. */
  #drop(call: Call, reason: LostReason): void {
    if (this.calls.get(call.id) !== call) return;
    this.calls.delete(call.id);
    if (call.isFailedOpen) this.failOpenReport.ended += 1;
    call.finish(reason);
    this.#settle(this.#starts.get(call.id))?.reject(new CallEndedError(call.id, reason, call.view));
  }

  /** Leaves the lease with its calls. Those whose start has no answer are asked for again, under the next one. */
  #leaveLease(reason: LostReason): void {
    this.setLease(undefined);
    for (const call of [...this.calls.values()]) {
      if (call.view) this.#drop(call, reason);
    }
  }

  #refuseAll(error: Error): void {
    for (const command of [...this.commands.values()]) {
      this.#settle(command)?.reject(error);
      if (command.startOf) this.#drop(command.startOf, "never_known");
    }
  }

  // Keeping a connection while there is work.

  get #hasWork(): boolean {
    return (this.calls.size > 0 || this.commands.size > 0) && !this.#closed.signal.aborted;
  }

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#tickedMs = nowMs();
    const ticker = setInterval(() => this.#tick(), TICK_MS);
    void this.#keepConnected().finally(() => {
      clearInterval(ticker);
      this.#isRunning = false;
      if (this.#hasWork) this.#run();
    });
  }

  async #keepConnected(): Promise<void> {
    for (let attempt = 1; this.#hasWork; attempt += 1) {
      try {
        const isStream = this.#blocked < BLOCKED_AFTER;
        const carrier = isStream ? await this.#openStream() : await this.#overHttp();
        attempt = 0;
        if (carrier) {
          this.#blocked = 0;
          await this.#use(carrier);
        }
      } catch (error) {
        if (error instanceof NoWebSocket) this.#blocked = Number.POSITIVE_INFINITY;
        else if (!(error instanceof ProblemError) && (await this.#isStreamBlocked()))
          this.#blocked += 1;
      }
      if (this.#hasWork) await sleep(retryDelayMs(attempt), this.#closed.signal).catch(() => {});
    }
  }

  #openStream(): Promise<StreamCarrier> {
    return StreamCarrier.open(this, this.#options.openWebSocket);
  }

  /** Sends all that has no answer, and whatever is asked, until the carrier is done. */
  async #use(carrier: Carrier): Promise<void> {
    this.#carrier = carrier;
    for (const command of this.commands.values()) carrier.send(command);
    const code = await carrier.done;
    if (this.#carrier === carrier) this.#carrier = undefined;
    for (const command of this.commands.values()) command.sentMs = undefined;
    if (code === 4001) this.#takenOver();
    if (code === 4002) this.leaseExpired();
  }

  /** Another connection has resumed the lease. Twice within a minute it is another process, and has the calls. */
  #takenOver(): void {
    const before = this.#takenOverMs;
    this.#takenOverMs = nowMs();
    if (before !== undefined && this.#takenOverMs - before < TAKEN_OVER_WITHIN_MS) {
      this.#leaveLease("taken_over");
    }
  }

  /** Works over plain HTTP until there is no more to do, or the stream can be opened after all. */
  async #overHttp(): Promise<StreamCarrier | undefined> {
    const carrier = new HttpCarrier(this);
    const used = this.#use(carrier);
    const { httpForMs = HTTP_FOR_MS } = this.#options;
    const mayStream = Number.isFinite(this.#blocked);
    try {
      while (this.#carrier === carrier) {
        const pause = new AbortController();
        await Promise.race([used, sleep(httpForMs, pause.signal).catch(() => {})]);
        pause.abort();
        if (!mayStream || this.#carrier !== carrier) continue;
        const stream = await this.#openStream().catch(() => undefined);
        if (stream) return stream;
      }
      return undefined;
    } finally {
      carrier.close();
      await used;
    }
  }

  /** Whether the server takes the key over plain HTTP, so that it is the stream that does not come through. */
  async #isStreamBlocked(): Promise<boolean> {
    try {
      await this.http.once({ method: "GET", path: "/v1/connect", timeoutMs: 5_000 });
      return false;
    } catch (error) {
      if (error instanceof ProblemError && error.code === "upgrade_required") return true;
      const mayPass =
        error instanceof UnreachableError || (error instanceof ProblemError && error.isTemporary);
      if (!mayPass) this.#refuseAll(error as Error);
      return false;
    }
  }

  // The clock.

  #tick(): void {
    const now = nowMs();
    const lateMs = now - this.#tickedMs - TICK_MS;
    this.#tickedMs = now;
    if (lateMs > TICK_MS) {
      // This process itself stood still. What has come meanwhile is heard before anything is given up.
      const grantedMs = now - this.#checkAfterMs * SILENT_CHECKS;
      this.#heardMs = Math.max(this.#heardMs, grantedMs);
      this.#renewedMs = Math.max(this.#renewedMs, grantedMs);
      return;
    }
    this.#watchConnection(now);
    this.#watchSilence(now);
    this.#watchIdling(now);
  }

  /** Finds out whether a connection still has a server at its other end, and gives up one that has not. */
  #watchConnection(now: number): void {
    if (this.#carrier?.kind !== "stream") return;
    let due: number | undefined;
    for (const { sentMs } of this.commands.values()) {
      due = sentMs;
      if (due !== undefined) break;
    }
    if (due !== undefined) {
      const silentMs = now - this.#heardMs;
      const waitedMs = Math.min(silentMs, now - due);
      const isSilent =
        silentMs > this.#checkAfterMs * SILENT_CHECKS &&
        waitedMs > this.#checkAfterMs * (SILENT_CHECKS - 1);
      if (isSilent || (this.#isFlushing && waitedMs > CLOSING_SILENCE_MS)) this.#carrier.close();
    } else if (now - this.#heardMs > this.#checkAfterMs) {
      // To start a call again asks how it stands, and changes nothing.
      for (const call of this.calls.values()) {
        this.check(call);
        break;
      }
    }
  }

  /** Gives up what the server has given up by now, or lets calls run without its word. */
  #watchSilence(now: number): void {
    const { failOpenAfterMs } = this.#options;
    const graceMs = this.graceS * 1000;
    const silentMs = (sinceMs: number) => now - Math.max(this.#heardMs, sinceMs);
    const unrenewedMs = (sinceMs: number) => now - Math.max(this.#renewedMs, sinceMs);
    if (unrenewedMs(0) <= Math.min(graceMs, failOpenAfterMs ?? graceMs)) return;
    for (const call of [...this.calls.values()]) {
      if (failOpenAfterMs !== undefined) {
        if (call.state !== "active" && silentMs(call.sinceMs) > failOpenAfterMs)
          this.#failOpen(call);
      } else if (unrenewedMs(call.sinceMs) > graceMs && !call.isInLine) {
        // A call in line has no slot to lose: it waits on, and begins again if its lease has ended.
        this.#giveUp(call);
      }
    }
    for (const command of [...this.commands.values()]) {
      const isKept = command.frame.op !== "claim" && command.frame.op !== "decline";
      if (isKept || silentMs(command.askedMs) <= graceMs) continue;
      this.#settle(command)?.reject(new UnreachableError(`no answer to ${command.frame.op}`));
    }
  }

  #failOpen(call: Call): void {
    this.failOpenReport.opened += 1;
    call.failOpen();
  }

  /** The lease may be over, so the slot may be somebody else's. Should it not be, the call is ended once the server is back. */
  #giveUp(call: Call): void {
    const start = this.#settle(this.#starts.get(call.id));
    this.#drop(call, "unreachable");
    if (call.view || start?.frame.op === "start") this.#endAtServer(call, start).catch(() => {});
    start?.reject(new UnreachableError(`no answer to the start of ${call.id}`));
  }

  /** A connection without calls is closed after a while, so that a process which forgot its client can exit. */
  #watchIdling(now: number): void {
    if (this.#hasWork) {
      this.#idleSinceMs = undefined;
      return;
    }
    this.#idleSinceMs ??= now;
    if (now - this.#idleSinceMs < IDLE_MS) return;
    this.setLease(undefined);
    this.#carrier?.close();
  }
}

function startFrame({ id, agent, type, options }: Call): CommandFrame {
  return {
    op: "start",
    id,
    agent,
    type,
    gates: options.gates && [...options.gates],
    max_wait_s: options.maxWaitS,
    max_duration_s: options.maxDurationS,
    claim_within_s: options.claimWithinS,
    metadata: options.metadata,
  };
}
