// @vitest-environment jsdom

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { actIn } from "../../api/client";
import type { LiveEvent } from "../state/events";
import { followEvents, SILENCE_MS } from "./event-stream";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  actIn(null);
});

describe("a stream", () => {
  it("asks for what came after the last event, for the organisation acted in", async () => {
    actIn("acme");
    const { request } = follow(41);
    await vi.advanceTimersByTimeAsync(0);
    expect(request.path).toBe("/v1/events");
    expect(request.headers).toMatchObject({ "last-event-id": "41", "callslot-org": "acme" });
  });

  it("reads events that are cut anywhere, even within a character", async () => {
    const { send, events } = follow(0);
    const change = { seq: 1, at: "t", id: "a", agent: { id: "a", name: "Zoë ☎", cap: null } };
    const text = `: hello\n\nid: 1\nevent: agent.changed\ndata: ${JSON.stringify(change)}\n\nid: 2\nevent: call.moved\ndata: {}\n\n`;
    for (const byte of new TextEncoder().encode(text)) send(new Uint8Array([byte]));
    await vi.advanceTimersByTimeAsync(0);
    expect(events).toEqual([
      { kind: "agent.changed", ...change },
      { kind: "unknown", seq: 2 },
    ]);
  });

  it("gives events that come at once in one batch", async () => {
    const { send, batches } = follow(0);
    send("id: 1\nevent: x\ndata: 1\n\nid: 2\nevent: x\ndata: 1\n\nid: 3\n");
    await vi.advanceTimersByTimeAsync(0);
    expect(batches).toEqual([2]);
    send("event: x\ndata: 1\n\n");
    await vi.advanceTimersByTimeAsync(0);
    expect(batches).toEqual([2, 1]);
  });

  it("skips what is none of an event's lines", async () => {
    const { send, events } = follow(0);
    send("data: 1\n\nid: x\nevent: call.queued\ndata: {}\n\n");
    await vi.advanceTimersByTimeAsync(0);
    expect(events).toEqual([]);
  });

  it("is over when the server ends it", async () => {
    const { end, over } = follow(0);
    end();
    await expect(over).resolves.toBeUndefined();
  });

  it("is over when the server is silent for two keep-alives, and every word counts", async () => {
    const { send, isOver } = follow(0);
    for (let word = 0; word < 4; word++) {
      await vi.advanceTimersByTimeAsync(SILENCE_MS - 10);
      send(":\n\n");
    }
    await vi.advanceTimersByTimeAsync(SILENCE_MS - 10);
    expect(isOver()).toBe(false);
    await vi.advanceTimersByTimeAsync(20);
    expect(isOver()).toBe(true);
  });

  it("is over when a connection is never answered", async () => {
    const { isOver, over } = follow(0, () => new Promise(() => {}));
    over.catch(() => {});
    await vi.advanceTimersByTimeAsync(SILENCE_MS + 10);
    expect(isOver()).toBe(true);
  });

  it("is over when it is no longer wanted", async () => {
    const { stop, isOver } = follow(0);
    await vi.advanceTimersByTimeAsync(0);
    stop.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(isOver()).toBe(true);
  });

  it("tells a refusal in the server's own words", async () => {
    const body = JSON.stringify({ code: "cursor_expired", detail: "too old" });
    const { over } = follow(0, async () => new Response(body, { status: 410 }));
    await expect(over).rejects.toMatchObject({ status: 410, code: "cursor_expired" });
  });

  it("tells when the server cannot be reached", async () => {
    const { over } = follow(0, async () => {
      throw new TypeError("failed to fetch");
    });
    await expect(over).rejects.toMatchObject({ status: 0, code: "unreachable" });
  });
});

describe("a mistake in a listener to the events", () => {
  it("is not taken for a server that does not answer", async () => {
    const mistake = new TypeError("undefined is not a function");
    const { send, over } = follow(0, undefined, () => {
      throw mistake;
    });
    send("id: 1\nevent: x\ndata: 1\n\n");
    await expect(over).rejects.toBe(mistake);
  });
});

function follow(after: number, answer?: () => Promise<Response>, hear?: () => void) {
  const events: LiveEvent[] = [];
  const batches: number[] = [];
  const request: { path?: string; headers?: unknown } = {};
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  vi.stubGlobal("fetch", (path: string, { headers, signal }: RequestInit) => {
    Object.assign(request, { path, headers });
    const aborted = new Promise<Response>((_, reject) => {
      signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    });
    return Promise.race([answer?.() ?? Promise.resolve(new Response(body)), aborted]);
  });
  const stop = new AbortController();
  let hasEnded = false;
  const onEvents = (batch: LiveEvent[]) => {
    events.push(...batch);
    batches.push(batch.length);
    hear?.();
  };
  const stream = { after, onOpen: () => {}, onWord: () => {}, onEvents };
  const over = followEvents(stream, stop.signal);
  const ended = () => {
    hasEnded = true;
  };
  over.then(ended, ended);
  const send = (text: string | Uint8Array) =>
    controller?.enqueue(typeof text === "string" ? new TextEncoder().encode(text) : text);
  const end = () => controller?.close();
  return { events, batches, request, send, end, stop, over, isOver: () => hasEnded };
}
