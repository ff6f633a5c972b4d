// One connection to the stream of events: from the request to the moment it ends, breaks or falls silent.

import { createParser } from "eventsource-parser";
import { orgHeaders } from "../../api/client";
import { ProblemError, unreachable } from "../../api/problem";
import { decode, type LiveEvent } from "../state/events";

/** The server says that it is there every 15 s (`STREAM_KEEP_ALIVE`); one such word may be lost or late. */
export const SILENCE_MS = 2 * 15_000 + 1_000;

/** What to follow, and the callbacks. */
export interface Stream {
  /** The last event that is known. */
  after: number;
  /** The server has accepted. */
  onOpen: () => void;
  /** The server said something, be it only that it is there. */
  onWord: () => void;
  /** Events in their order. */
  onEvents: (events: LiveEvent[]) => void;
  onDate?: (dateMs: number) => void;
}

/** Follows the events until the stream ends. Throws a `ProblemError` when it is refused, breaks or falls silent. */
export async function followEvents(stream: Stream, signal: AbortSignal): Promise<void> {
  const connection = new AbortController();
  const abort = () => connection.abort();
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  const watch = new Watch(abort);
  try {
    const body = await open(stream, connection.signal);
    stream.onOpen();
    await readAll(body, stream, watch, connection.signal);
  } finally {
    signal.removeEventListener("abort", abort);
    watch.stop();
    abort();
  }
}

type Body = ReadableStream<Uint8Array>;

async function open(stream: Stream, signal: AbortSignal): Promise<Body> {
  const headers = {
    ...orgHeaders(),
    accept: "text/event-stream",
    "last-event-id": String(stream.after),
  };
  const request = { headers, signal, cache: "no-store" } as const;
  const response = await fetch("/v1/events", request).catch(unreachable);
  const date = response.headers.get("date");
  if (date !== null) stream.onDate?.(Date.parse(date));
  if (!response.ok) {
    const problem: unknown = await response.json().catch(() => undefined);
    throw ProblemError.of(response, problem);
  }
  if (response.body === null) unreachable();
  return response.body;
}

async function readAll(body: Body, stream: Stream, watch: Watch, signal: AbortSignal) {
  let events: LiveEvent[] = [];
  const parser = createParser({
    onEvent: (lines) => {
      const event = decode(lines);
      if (event !== undefined) events.push(event);
    },
  });
  const text = new TextDecoder();
  const reader = body.getReader();
  // A body is not bound to the signal everywhere, and one that hangs would be read forever.
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(unreachable);
      if (done) return;
      watch.heard();
      stream.onWord();
      parser.feed(text.decode(value, { stream: true }));
      if (events.length > 0) stream.onEvents(events);
      events = [];
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}

/** Calls `onSilence` once nothing was heard for too long. */
class Watch {
  private readonly onSilence: () => void;
  private timer: ReturnType<typeof setTimeout>;
  private heardMs = performance.now();

  constructor(onSilence: () => void) {
    this.onSilence = onSilence;
    this.timer = setTimeout(() => this.look(), SILENCE_MS);
  }

  // Sets no timer: there may be hundreds of words a second.
  heard(): void {
    this.heardMs = performance.now();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private look(): void {
    const leftMs = this.heardMs + SILENCE_MS - performance.now();
    if (leftMs <= 0) this.onSilence();
    else this.timer = setTimeout(() => this.look(), leftMs);
  }
}
