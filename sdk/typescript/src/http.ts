/** JSON over HTTP with a key: one request, its problem as an error, and repetition where that is safe. */
import { CallslotError, ProblemError, UnreachableError } from "./errors.js";
import type { Problem } from "./generated/api.js";
import { retryDelayMs, sleep } from "./timing.js";

/** How often a request is sent at most, with {@link Http.request}. */
const ATTEMPTS = 5;

/** A request to the API. */
export interface ApiRequest {
  method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  /** The path, encoded, from `/v1` on. */
  path: string;
  /** Parameters; those that are `undefined` are left out. */
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** How long an answer may take, in milliseconds; 15,000 by default. `Infinity`: as long as it likes. */
  timeoutMs?: number;
}

export class Http {
  /** The server's address, without a slash at its end. */
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly #fetch: typeof fetch;

  constructor(url: string, key: string, org: string | undefined, fetcher: typeof fetch) {
    this.url = url.replace(/\/+$/, "");
    this.headers = { authorization: `Bearer ${key}`, ...(org ? { "callslot-org": org } : {}) };
    this.#fetch = fetcher;
  }

  /**
   * Sends a request that may be repeated: all of the API may, where calls are named by their `id`.
   *
   * @throws {ProblemError} if the server refuses it.
   * @throws {UnreachableError} if five attempts, over about three seconds, found no server.
   */
  async request<T>(request: ApiRequest): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once<T>(request);
      } catch (error) {
        request.signal?.throwIfAborted();
        const mayPass = error instanceof UnreachableError || isTemporary(error);
        if (!mayPass || attempt === ATTEMPTS) throw error;
        const saidMs = error instanceof ProblemError ? error.retryInMs : undefined;
        await sleep(saidMs ?? retryDelayMs(attempt), request.signal);
      }
    }
  }

  /** Sends a request once. */
  async once<T>(request: ApiRequest): Promise<T> {
    const response = await this.open(request);
    const text = await response.text().catch((cause) => {
      throw unreachable(request, cause);
    });
    try {
      return (text ? JSON.parse(text) : undefined) as T;
    } catch {
      throw new CallslotError(`${this.url} is no Callslot server: its answer is not JSON`);
    }
  }

  /** Sends a request and hands over its answer, once that is known to be a success. */
  async open(request: ApiRequest): Promise<Response> {
    const url = new URL(this.url + request.path);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers: Record<string, string> = { ...this.headers, ...request.headers };
    if (request.body !== undefined) headers["content-type"] = "application/json";
    const { signal, timeoutMs = 15_000 } = request;
    const limits = Number.isFinite(timeoutMs) ? [AbortSignal.timeout(timeoutMs)] : [];
    if (signal) limits.push(signal);
    const send = this.#fetch;
    const response = await send(url, {
      method: request.method,
      headers,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: AbortSignal.any(limits),
    }).catch((cause) => {
      signal?.throwIfAborted();
      throw unreachable(request, cause);
    });
    if (!response.ok) throw await problemOf(response, request);
    return response;
  }
}

function unreachable(request: ApiRequest, cause: unknown): UnreachableError {
  const options = { cause };
  return new UnreachableError(`no answer to ${request.method} ${request.path}`, options);
}

function isTemporary(error: unknown): boolean {
  return error instanceof ProblemError && error.isTemporary;
}

/** The problem of an answer. One of a proxy in front has none: then the server is taken as unreachable for now, or not there. */
async function problemOf(response: Response, request: ApiRequest): Promise<CallslotError> {
  const document = (await response.json().catch(() => undefined)) as Problem | undefined;
  if (typeof document?.code === "string") {
    const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
    return new ProblemError(document, Number.isNaN(retryAfter) ? undefined : retryAfter * 1000);
  }
  const text = `${request.method} ${request.path} was answered ${response.status} without a problem`;
  return response.status >= 500 ? new UnreachableError(text) : new CallslotError(text);
}
