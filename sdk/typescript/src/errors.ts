/** What can go wrong, as values: the server refuses, a call ends, or nobody answers. Start with {@link ProblemError}. */
import type { Call, EndReason, Problem, ProblemCode } from "./generated/api.js";

/** After these the same request may be sent again, and means the same; so it does after 502, 503 and 504. */
const PASSING: ReadonlySet<string> = new Set([
  "rate_limited",
  "too_many_seats",
  "too_many_bodies",
  "too_many_sweeps",
  "request_timeout",
]);

/** Any error of this package. */
export class CallslotError extends Error {
  override name = "CallslotError";
}

/** The server refused or failed, and says why. A refused request has changed nothing. */
export class ProblemError extends CallslotError {
  override name = "ProblemError";
  /** Why, for programs; `docs/errors.md` has a section for each. A newer server may have codes that are not listed. */
  readonly code: ProblemCode | (string & {});
  /** The HTTP status, also where the answer came on the engine stream. */
  readonly status: number;
  /** The whole document, with the numbers of the sentence by name. */
  readonly problem: Problem & { [number: string]: unknown };
  /** How long to wait before it is worth repeating, in milliseconds; `undefined` if the server did not say. */
  readonly retryInMs: number | undefined;

  constructor(problem: Problem, retryInMs?: number) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem as ProblemError["problem"];
    this.code = problem.code;
    this.status = problem.status;
    const inDocument = this.problem.retry_in_ms;
    this.retryInMs = typeof inDocument === "number" ? inDocument : retryInMs;
  }

  /** Whether the same request, with the same call id, may succeed later on its own. */
  get isTemporary(): boolean {
    return [502, 503, 504].includes(this.status) || PASSING.has(this.code);
  }
}

/**
 * Why a call is not this client's, or not live:
 * - a reason of the server, such as `max_wait`, `max_duration`, `lease_expired` or `canceled`;
 * - `adopted`: another engine carries the call on; `taken_over`: another process resumed the lease of this client twice within a minute;
 * - `never_known`: the server does not know it, for example after a backup was restored;
 * - `unreachable`: there was no contact for longer than the lease lives, so the slot may be somebody else's by now.
 */
export type LostReason = EndReason | "adopted" | "taken_over" | "never_known" | "unreachable";

/** The call has ended, or is no longer this client's. */
export class CallEndedError extends CallslotError {
  override name = "CallEndedError";
  readonly id: string;
  readonly reason: LostReason;
  /** The call as the server told it last, if it did. */
  readonly call: Call | undefined;

  constructor(id: string, reason: LostReason, call: Call | undefined) {
    super(`call ${id} is over: ${reason}`);
    this.id = id;
    this.reason = reason;
    this.call = call;
  }
}

/** No answer came in time. A call that was asked for is given up: it is ended as soon as the server is back. */
export class UnreachableError extends CallslotError {
  override name = "UnreachableError";
}
