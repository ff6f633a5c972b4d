// What the server refuses, as an error with the server's own words.

import type { components } from "./schema";

type Problem = components["schemas"]["Problem"];

/** A refusal or failure of the server, or no answer at all (`status` 0, `code` "unreachable"). */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;

  constructor(status: number, code: string, detail: string, requestId?: string) {
    super(detail);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }

  /** From the body of an answer, which may be a proxy's and no problem document at all. */
  static of(response: Response, body: unknown): ProblemError {
    const requestId = response.headers.get("x-request-id") ?? undefined;
    if (isProblem(body)) {
      return new ProblemError(
        response.status,
        body.code,
        body.detail,
        body.request_id ?? requestId,
      );
    }
    return new ProblemError(
      response.status,
      "unexpected",
      `the server answered ${response.status} without a reason; try again, or check the server's log`,
      requestId,
    );
  }

  static unreachable(): ProblemError {
    return new ProblemError(
      0,
      "unreachable",
      "the server does not respond; check that it is running and reachable from this machine",
    );
  }
}

/** Whether the events after the last one known cannot be had, so that all must be read anew. */
export function isCursorLost({ code }: ProblemError): boolean {
  return code === "cursor_expired" || code === "cursor_ahead";
}

/** For requests that fail, or break off, without an answer. */
export function unreachable(): never {
  throw ProblemError.unreachable();
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}
