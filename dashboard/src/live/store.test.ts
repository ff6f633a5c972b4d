import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AT, callOf, poolOf } from "./live.fixture";
import type { CallEvent } from "./state/events";
import { NO_GATES } from "./state/gates";
import { LiveStore } from "./store";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2030-06-01T00:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("events", () => {
  it("are seen at most four times a second, however many come", () => {
    const { store, changes } = begunStore();
    for (let seq = 1; seq <= 200; seq++) {
      store.take([queued(seq)]);
      vi.advanceTimersByTime(5);
    }
    expect(changes()).toBeGreaterThanOrEqual(3);
    expect(changes()).toBeLessThanOrEqual(5);
    vi.advanceTimersByTime(250);
    expect(store.live()?.pool.queued).toBe(200);
  });

  it("are seen at once when none came for a while", () => {
    const { store } = begunStore();
    store.take([queued(1)]);
    expect(store.live()?.asOf).toBe(1);
  });

  it("are seen without a timer, which a hidden tab may not have", () => {
    const { store } = begunStore();
    vi.stubGlobal("setTimeout", () => 0);
    store.take([queued(1)]);
    store.take([queued(2)]);
    vi.advanceTimersByTime(260);
    store.take([queued(3)]);
    vi.unstubAllGlobals();
    expect(store.live()?.asOf).toBe(3);
  });
});

describe("happenings", () => {
  it("outlast a new reading, each once", () => {
    const { store } = begunStore();
    store.take([queued(1), queued(2)]);
    const pool = { ...poolOf(2), as_of: 2 };
    const calls = [callOf("1", "queued"), callOf("2", "queued")];
    store.begin({ pool, calls, isComplete: true, gates: NO_GATES, events: [queued(3)] });
    expect(store.live()?.happenings.map(({ seq }) => seq)).toEqual([3, 2, 1]);
  });
});

describe("the server's time", () => {
  it("is told from its dates, events and waits, whatever the clock here says", () => {
    const { store } = begunStore();
    expect(store.serverNow()).toBe(Date.now());
    store.hearDate(Date.parse("2026-01-01T00:00:05.000Z"));
    expect(iso(store.serverNow())).toBe("2026-01-01T00:00:05.000Z");
    vi.advanceTimersByTime(1_000);
    store.take([{ ...queued(1), at: "2026-01-01T00:00:06.700Z" }]);
    expect(iso(store.serverNow())).toBe("2026-01-01T00:00:06.700Z");
    const pool = { ...poolOf(1), as_of: 1, oldest_wait_ms: 6_900 };
    store.begin({
      pool,
      calls: [callOf("1", "queued")],
      isComplete: true,
      gates: NO_GATES,
      events: [],
    });
    expect(iso(store.serverNow())).toBe("2026-01-01T00:00:06.900Z");
    store.take([{ ...queued(2), at: AT }]);
    expect(iso(store.serverNow())).toBe("2026-01-01T00:00:06.900Z");
  });

  it("follows a server whose clock was set back", () => {
    const { store } = begunStore();
    store.hearDate(Date.parse("2026-01-01T02:00:00.000Z"));
    store.hearDate(Date.parse("2026-01-01T01:00:00.000Z"));
    expect(iso(store.serverNow())).toBe("2026-01-01T01:00:00.000Z");
  });

  it("stands still for what is shown while that is stale", () => {
    const { store } = begunStore();
    store.hearDate(Date.parse(AT));
    store.setStatus({ state: "stale", sinceMs: Date.now() - 3_000 });
    const stands = store.shownNow();
    vi.advanceTimersByTime(9_000);
    expect(store.shownNow()).toBe(stands);
    expect(iso(stands)).toBe("2025-12-31T23:59:57.000Z");
    expect(iso(store.serverNow())).toBe("2026-01-01T00:00:09.000Z");
  });
});

function begunStore() {
  const store = new LiveStore();
  store.begin({ pool: poolOf(0), calls: [], isComplete: true, gates: NO_GATES, events: [] });
  let count = 0;
  store.subscribe(() => {
    count += 1;
  });
  return { store, changes: () => count };
}

function queued(seq: number): CallEvent {
  return { kind: "call.queued", seq, at: AT, call: callOf(`${seq}`, "queued") };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
