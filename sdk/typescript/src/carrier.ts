/** What the two ways to the server have in common: the engine stream and plain HTTP carry the same commands. */
import type { Call } from "./call.js";
import { CallslotError, type ProblemError } from "./errors.js";
import type {
  AdoptFrame,
  Call as CallView,
  ClaimFrame,
  DeclineFrame,
  EndFrame,
  StartFrame,
  UnknownCall,
} from "./generated/api.js";
import type { Http } from "./http.js";

/** A frame of the engine stream that is answered with a call. Repeated, each leads to what it led to the first time. */
export type CommandFrame = StartFrame | ClaimFrame | DeclineFrame | EndFrame | AdoptFrame;

/** A command without an answer so far. It is remembered, and sent again on every new connection, until it has one. */
export class Command {
  readonly ref: number;
  frame: CommandFrame;
  /** The call that it is to start. */
  readonly startOf: Call | undefined;
  /** When it was first asked, by `nowMs`. */
  readonly askedMs: number;
  /** When it was sent last on the present connection; `undefined` if it was not, or is to be sent again. */
  sentMs: number | undefined;
  /** Whether the server may have it. */
  wasSent = false;
  /** How often the server has put it off. */
  putOff = 0;
  readonly answered: Promise<CallView | undefined>;
  resolve!: (call: CallView | undefined) => void;
  reject!: (error: unknown) => void;

  constructor(ref: number, frame: CommandFrame, startOf: Call | undefined, askedMs: number) {
    this.ref = ref;
    this.frame = frame;
    this.startOf = startOf;
    this.askedMs = askedMs;
    this.answered = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/** Carries commands to the server, and what happens back to a {@link Desk}. */
export interface Carrier {
  readonly kind: "stream" | "http";
  /** Sends a command, soon. Its answer goes to the desk. */
  send(command: Command): void;
  /** Stops. Commands without an answer stay with the desk. */
  close(): void;
  /** Resolves with the close code once it carries nothing any more. */
  readonly done: Promise<number>;
}

/** Where a carrier finds what the client knows, and leaves what it hears. */
export interface Desk {
  readonly http: Http;
  /** The calls of this client that are not over, by id. */
  readonly calls: ReadonlyMap<string, Call>;
  /** Commands without an answer, by `ref`, oldest first. */
  readonly commands: ReadonlyMap<number, Command>;
  /** How long calls live without a sign of life, in seconds. */
  readonly graceS: number;
  /** The lease that may have calls of this client; `undefined` before the first. */
  readonly lease: string | undefined;
  /** The lease from here on. */
  setLease(lease: string): void;
  /** The server has spoken. */
  heard(): void;
  /** The server has spoken, and the lease lives. */
  renewed(): void;
  /** How a call stands. */
  apply(view: CallView): void;
  /** These calls of the client are not live under its lease, and why. */
  applyUnknown(unknown: UnknownCall[]): void;
  /** Ends a call that is under the lease although the client has none of this id. */
  endSurplus(id: string): void;
  /** Asks how a call stands. */
  check(call: Call): void;
  answer(ref: number, call: CallView | undefined): void;
  refuse(ref: number, error: ProblemError): void;
  /** The lease is over, and so are all of its calls. */
  leaseExpired(): void;
}

/** What is said to be a call, if it looks like one. */
export function checkedCall(view: CallView): CallView {
  if (typeof view?.id === "string" && ["queued", "active", "ended"].includes(view.state))
    return view;
  throw new CallslotError("what the server answered is not a call");
}
