/** One connection of the engine stream, from the handshake over `resume` to its end: {@link StreamCarrier.open}. */
import { type Carrier, type Command, checkedCall, type Desk } from "./carrier.js";
import { ProblemError } from "./errors.js";
import type { AnswerFrame, Call, Resumed, ServerFrame, UnknownCall } from "./generated/api.js";
import { closeQuietly, type OpenWebSocket, openSocket, type Socket } from "./socket.js";
import { nowMs } from "./timing.js";

/** Bounds of a message to the server, which takes 1,000 frames and 1 MiB: a character has up to 3 bytes. */
const MESSAGE_FRAMES = 500;
const MESSAGE_CHARS = 256 * 1024;
/** How long the server may take for `hello` and the answer to `resume`. */
const READY_MS = 10_000;

/** Runs once the present turn of the event loop is over, so that what was asked in it goes into one message. */
const soon: (work: () => void) => void =
  (globalThis as { setImmediate?: (work: () => void) => void }).setImmediate ??
  ((work) => setTimeout(work, 0));

export class StreamCarrier implements Carrier {
  readonly kind = "stream";
  readonly done: Promise<number>;

  readonly #desk: Desk;
  #socket: Socket | undefined;
  #outgoing: Command[] = [];
  #settle: (code: number) => void = () => {};
  #ready: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  #ownLease = "";
  /** What a `resume` was answered so far. */
  #resumed: { calls: Call[]; ended: Call[]; unknown: UnknownCall[] } | undefined;

  private constructor(desk: Desk) {
    this.#desk = desk;
    this.done = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /**
   * Connects and resumes the desk's lease if it may have calls.
   *
   * @throws whatever kept it from that; the lease is as it was.
   */
  static async open(desk: Desk, open: OpenWebSocket | undefined): Promise<StreamCarrier> {
    const carrier = new StreamCarrier(desk);
    const ready = new Promise<void>((resolve, reject) => {
      carrier.#ready = { resolve, reject };
    });
    ready.catch(() => {});
    const url = `${desk.http.url.replace(/^http/, "ws")}/v1/connect?grace_s=${desk.graceS}`;
    carrier.#socket = await openSocket(
      url,
      desk.http.headers,
      open,
      (text) => carrier.#hear(text),
      (code) => carrier.#gone(code),
    );
    const timer = setTimeout(() => carrier.#gone(1006), READY_MS);
    try {
      // `hello` may have been heard before there was a socket to answer on.
      carrier.#greet();
      await ready;
    } finally {
      clearTimeout(timer);
    }
    return carrier;
  }

  send(command: Command): void {
    if (this.#outgoing.push(command) === 1) soon(() => this.#flush());
  }

  close(): void {
    this.#gone(1000);
  }

  #flush(): void {
    const commands = this.#outgoing;
    this.#outgoing = [];
    let frames: string[] = [];
    let chars = 0;
    for (const command of commands) {
      // It may have been dropped meanwhile, with the end of its call.
      if (!this.#desk.commands.has(command.ref)) continue;
      const frame = JSON.stringify({ ...command.frame, ref: command.ref });
      if (frames.length === MESSAGE_FRAMES || chars + frame.length > MESSAGE_CHARS) {
        this.#transmit(`[${frames.join()}]`);
        frames = [];
        chars = 0;
      }
      command.sentMs = nowMs();
      command.wasSent = true;
      chars += frame.length;
      frames.push(frame);
    }
    if (frames.length > 0) this.#transmit(`[${frames.join()}]`);
  }

  #transmit(text: string): void {
    try {
      this.#socket?.send(text);
    } catch {
      this.#gone(1006);
    }
  }

  /** The connection is over, whatever else comes from it. */
  #gone(code: number): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) closeQuietly(socket, code === 1000 ? code : undefined);
    this.#ready?.reject(new Error(`the engine stream was closed with ${code}`));
    this.#settle(code);
  }

  #hear(text: string): void {
    this.#desk.renewed();
    try {
      const message: ServerFrame | ServerFrame[] = JSON.parse(text);
      for (const frame of Array.isArray(message) ? message : [message]) this.#take(frame);
    } catch {
      // It is no frame of the server's. What one left half taken in, the next connection compares.
      this.#gone(1007);
    }
  }

  #take(frame: ServerFrame): void {
    if (!("op" in frame)) {
      this.#takeAnswer(frame);
      return;
    }
    switch (frame.op) {
      case "hello":
        this.#ownLease = frame.lease;
        break;
      case "resumed":
        this.#takeResumed(frame);
        break;
      case "position":
        this.#desk.calls.get(frame.id)?.tellPosition(frame);
        break;
      case "adopted":
        this.#desk.applyUnknown([{ id: frame.call.id, why: "other_lease" }]);
        break;
      case "started":
      case "queued":
      case "ended":
        this.#desk.apply(checkedCall(frame.call));
        break;
      default:
        // A later server may tell more.
        break;
    }
  }

  #takeAnswer(frame: AnswerFrame): void {
    if (frame.ref === 0 && "error" in frame) {
      this.#refusedToResume(new ProblemError(frame.error));
    } else if (typeof frame.ref === "number") {
      if ("error" in frame) this.#desk.refuse(frame.ref, new ProblemError(frame.error));
      else this.#desk.answer(frame.ref, checkedCall(frame.call));
    }
  }

  /** Asks for the lease of an earlier connection, or begins with this one's own. The `ref` 0 is that of a `resume`. */
  #greet(): void {
    const { lease, calls } = this.#desk;
    if (lease === undefined) {
      this.#begin(this.#ownLease);
      return;
    }
    // Those that have no room are looked at afterwards.
    const named: string[] = [];
    let chars = 0;
    for (const id of calls.keys()) {
      chars += id.length + 3;
      if (chars > MESSAGE_CHARS) break;
      named.push(id);
    }
    this.#resumed = { calls: [], ended: [], unknown: [] };
    this.#transmit(JSON.stringify({ op: "resume", ref: 0, lease, calls: named }));
  }

  #takeResumed(part: Resumed): void {
    const all = this.#resumed;
    if (!all) return;
    all.calls.push(...part.calls);
    all.ended.push(...part.ended);
    all.unknown.push(...part.unknown);
    if (part.more) return;
    this.#resumed = undefined;
    const named = new Set(this.#desk.calls.keys());
    const told = new Set([...all.calls, ...all.ended, ...all.unknown].map((it) => it.id));
    for (const view of [...all.calls, ...all.ended]) this.#desk.apply(view);
    this.#desk.applyUnknown(all.unknown);
    this.#begin(part.lease);
    for (const { id } of all.calls) if (!named.has(id)) this.#desk.endSurplus(id);
    for (const call of this.#desk.calls.values()) if (!told.has(call.id)) this.#desk.check(call);
  }

  #refusedToResume(error: ProblemError): void {
    if (error.code === "lease_expired") {
      this.#desk.leaseExpired();
      this.#begin(this.#ownLease);
    } else {
      this.#ready?.reject(error);
      this.#gone(1006);
    }
  }

  #begin(lease: string): void {
    this.#desk.setLease(lease);
    this.#ready?.resolve();
    this.#ready = undefined;
  }
}
