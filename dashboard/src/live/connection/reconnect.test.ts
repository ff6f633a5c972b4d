// @vitest-environment jsdom

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProblemError } from "../../api/problem";
import { callOf, FakeServer, poolOf } from "../live.fixture";
import { begin } from "../state/live-state";
import { LiveStore } from "../store";
import { share } from "../tab-leader";

// A tab that reads on its own, against a simulated server.

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the first reading", () => {
  it("shows the pool and the calls, and is live", async () => {
    const { server, store } = begun();
    server.queue("1", "2");
    await settle();
    expect(store.status().state).toBe("live");
    expectRight(store, server);
  });

  it("counts a call once that comes while it is read", async () => {
    const { server, store } = begun();
    server.queue("1");
    server.whileReading = () => {
      server.whileReading = () => {};
      server.queue("2", "3");
      server.end("1");
    };
    await settle();
    expectRight(store, server);
    expect(store.live()?.queue.map(({ id }) => id)).toEqual(["2", "3"]);
  });

  it("is tried again with growing pauses, and says when", async () => {
    const { server, store } = begun();
    server.refusal = ProblemError.unreachable();
    const pauses: number[] = [];
    for (let tried = 0; tried < 6; tried++) {
      await settle();
      const { state, nextTryMs = 0, problem } = store.status();
      expect([state, problem?.code]).toEqual(["connecting", "unreachable"]);
      pauses.push(nextTryMs - Date.now());
      await vi.advanceTimersByTimeAsync(nextTryMs - Date.now());
    }
    const longest = [500, 1_000, 2_000, 4_000, 8_000, 8_000];
    pauses.forEach((pause, index) => {
      expect(pause).toBeLessThanOrEqual(longest[index] as number);
      expect(pause).toBeGreaterThanOrEqual((longest[index] as number) / 2 - 1);
    });
    server.refusal = undefined;
    await vi.advanceTimersByTimeAsync(8_000);
    expect(store.status()).not.toHaveProperty("problem");
    expect(store.status().state).toBe("live");
  });

  it.each([401, 403, 404])("stops for good when it is refused with %i", async (status) => {
    const { server, store } = begun();
    server.refusal = new ProblemError(status, "refused", "no");
    await settle();
    expect(store.status()).toMatchObject({ problem: { status }, isFinal: true });
    expect(store.status()).not.toHaveProperty("nextTryMs");
    const asked = { ...server.asked };
    server.refusal = undefined;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.asked).toEqual(asked);
  });
});

describe("a lost stream", () => {
  it("is stale at once, since the last word, and live again without a new reading", async () => {
    const { server, store } = await live();
    server.queue("1");
    const lastWordMs = Date.now();
    await vi.advanceTimersByTimeAsync(7_000);
    server.breakStreams();
    await vi.advanceTimersByTimeAsync(0);
    expect(store.status()).toMatchObject({ state: "stale", sinceMs: lastWordMs });
    server.queue("2");
    await vi.advanceTimersByTimeAsync(500);
    expect(store.status().state).toBe("live");
    expect(server.followed).toEqual([0, 1]);
    expect(server.asked.calls).toBe(1);
    expectRight(store, server);
  });

  it("is tried at once when the browser is online again", async () => {
    const { server, store } = await live();
    server.refusal = ProblemError.unreachable();
    server.breakStreams();
    await vi.advanceTimersByTimeAsync(20_000);
    server.refusal = undefined;
    expect(store.status().state).toBe("stale");
    globalThis.dispatchEvent(new Event("online"));
    await settle();
    expect(store.status().state).toBe("live");
  });

  it.each(["cursor_expired", "cursor_ahead"])(
    "is read anew when its place in the log is refused with %s",
    async (code) => {
      const { server, store } = await live();
      server.breakStreams();
      server.queue("1", "2");
      server.refusal = new ProblemError(410, code, "not there");
      await vi.advanceTimersByTimeAsync(600);
      server.refusal = undefined;
      await vi.advanceTimersByTimeAsync(5_000);
      expect(store.status().state).toBe("live");
      expect(server.followed.at(-1)).toBe(2);
      expect(server.asked.calls).toBe(2);
      expectRight(store, server);
    },
  );

  it("is read anew when the server comes back with earlier data", async () => {
    const { server, store } = await live();
    server.queue("1", "2");
    server.rewind();
    server.queue("3");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(store.live()?.asOf).toBe(1);
    expectRight(store, server);
  });

  it("ends when the session has ended", async () => {
    const { server, store } = await live();
    server.refusal = new ProblemError(401, "unauthenticated", "sign in");
    server.breakStreams();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.status()).toMatchObject({ state: "stale", problem: { status: 401 } });
    expect(store.status()).not.toHaveProperty("nextTryMs");
    expect(server.streams).toBe(0);
  });
});

describe("while live", () => {
  it("the pool is checked every 30 s, and all is read again when it is not as the events say", async () => {
    const { server, store } = await live();
    server.queue("1");
    await vi.advanceTimersByTimeAsync(31_000);
    expect(server.asked).toEqual({ pool: 3, calls: 1 });
    server.drift({ limit: 21 });
    await vi.advanceTimersByTimeAsync(31_000);
    expect(server.asked.calls).toBe(2);
    expect(store.live()?.pool.limit).toBe(21);
    expectRight(store, server);
  });

  it("a check counts rightly what comes at the same time", async () => {
    const { server, store } = await live();
    let next = 0;
    const busy = setInterval(() => {
      server.queue(`${next}`);
      if (next++ % 3 > 0) server.end(`${next - 2}`);
    }, 37);
    await vi.advanceTimersByTimeAsync(95_000);
    clearInterval(busy);
    await vi.advanceTimersByTimeAsync(500);
    expect(server.asked.calls).toBe(1);
    expectRight(store, server);
  });

  it("a stream that lacks what a reading has seen is lost, and followed anew", async () => {
    const { server, store } = await live();
    server.isStuck = true;
    server.queue("1");
    await vi.advanceTimersByTimeAsync(35_100);
    expect(store.status().state).toBe("stale");
    await vi.advanceTimersByTimeAsync(500);
    expect(store.status().state).toBe("live");
    expectRight(store, server);
  });

  it("an answer that a proxy holds back does not hold back the page", async () => {
    const { server, store } = begun();
    server.isHeldBack = true;
    await settle();
    expect(store.status().state).toBe("live");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(store.status().state).toBe("live");
    server.isStuck = true;
    server.queue("1");
    await vi.advanceTimersByTimeAsync(6_100);
    expect(store.status().state).toBe("stale");
  });

  it("a state in doubt is read again", async () => {
    const { server, store } = await live();
    store.take([{ kind: "unknown", seq: 7 }]);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(server.asked.calls).toBe(2);
    expect(store.live()?.isInDoubt).toBe(false);
  });

  it("the pool is read at most once a second when not all calls are kept", async () => {
    const { server, store } = begun();
    const calls = Array.from({ length: 5_500 }, (_, index) => callOf(`${index}`, "queued"));
    server.state = begin(poolOf(25_000), calls, true);
    server.isCut = true;
    await settle();
    expect(store.live()?.isComplete).toBe(false);
    const before = server.asked.pool;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.asked.pool - before).toBe(0);
    for (let tenth = 0; tenth < 50; tenth++) {
      server.queue(`late-${tenth}`);
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.live()?.pool.queued).toBe(25_050);
    expect(server.asked.pool - before).toBeGreaterThan(4);
    expect(server.asked.pool - before).toBeLessThan(8);
    expect(server.asked.calls).toBe(1);
  });
});

async function live() {
  const all = begun();
  await settle();
  return all;
}

function begun() {
  const server = new FakeServer();
  const store = new LiveStore();
  share("default", store, server, undefined);
  return { server, store };
}

/** Lets everything happen that waits for no timer. */
async function settle() {
  for (let round = 0; round < 50; round++) await vi.advanceTimersByTimeAsync(0);
}

function expectRight(store: LiveStore, server: FakeServer) {
  const [told, right] = [store.current(), server.state];
  expect(told?.pool).toEqual({ ...right.pool, as_of: right.asOf, oldest_wait_ms: null });
  expect(told?.queue).toEqual(right.queue);
}
