import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProblemError } from "../api/problem";
import { FakeBrowser, FakeServer, type FakeTab } from "./live.fixture";
import { LiveStore } from "./store";
import { share } from "./tab-leader";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.useRealTimers();
});

const stops: (() => void)[] = [];

describe("tabs of one browser", () => {
  it("share one stream, and show the same", async () => {
    const { server, open } = browser();
    const [first, second] = [open(), open()];
    await settle();
    server.queue("1");
    const third = open();
    await settle();
    server.queue("2", "3");
    await vi.advanceTimersByTimeAsync(300);
    expect(server.streams).toBe(1);
    expect(server.asked.calls).toBe(1);
    for (const { store } of [first, second, third]) {
      expect(store.status().state).toBe("live");
      expectRight(store, server);
    }
  });

  it("show a reading that is made anew", async () => {
    const { server, open } = browser();
    const [, second] = [open(), open()];
    await settle();
    server.drift({ limit: 33 });
    await vi.advanceTimersByTimeAsync(31_000);
    expect(second?.store.live()?.pool.limit).toBe(33);
  });

  it("all say that the stream is lost, and why", async () => {
    const { server, open } = browser();
    const [, second] = [open(), open()];
    await settle();
    server.refusal = new ProblemError(503, "store_failed", "the disk is full", "r-1");
    server.breakStreams();
    await vi.advanceTimersByTimeAsync(1_000);
    const { problem, ...link } = second?.store.status() ?? {};
    expect(link).toMatchObject({ state: "stale" });
    expect(problem).toBeInstanceOf(ProblemError);
    expect(problem).toMatchObject({ status: 503, code: "store_failed", requestId: "r-1" });
  });

  it("go on without a gap and without a new reading when the one that reads is closed", async () => {
    const { server, open } = browser();
    const [first, second, third] = [open(), open(), open()];
    await settle();
    server.queue("1");
    await vi.advanceTimersByTimeAsync(300);
    first?.stop();
    server.queue("2");
    await settle();
    server.queue("3");
    await vi.advanceTimersByTimeAsync(300);
    expect(server.streams).toBe(1);
    expect(server.followed).toEqual([0, 1]);
    expect(server.asked.calls).toBe(1);
    for (const tab of [second, third]) {
      expectRight(tab?.store, server);
      expect(tab?.store.status().state).toBe("live");
    }
  });

  it("go on when the one that reads hangs", async () => {
    const { server, open } = browser();
    const [first, second] = [open(), open()];
    await settle();
    if (first !== undefined) first.tab.hangs = true;
    server.queue("1");
    await vi.advanceTimersByTimeAsync(45_000);
    expectRight(second?.store, server);
    expect(server.streams).toBe(1);
    if (first !== undefined) first.tab.hangs = false;
    server.queue("2");
    await vi.advanceTimersByTimeAsync(300);
    expectRight(first?.store, server);
  });

  it("leave a hidden tab in peace that hears nothing", async () => {
    const { server, open } = browser();
    const [first, second] = [open(), open()];
    await settle();
    if (second !== undefined) second.tab.hidden = true;
    if (first !== undefined) first.tab.hangs = true;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.followed).toHaveLength(1);
  });

  it("each find out for themselves that the session has ended", async () => {
    const { server, open } = browser();
    const [first, second] = [open(), open()];
    await settle();
    server.refusal = new ProblemError(401, "unauthenticated", "sign in");
    server.breakStreams();
    await vi.advanceTimersByTimeAsync(20_000);
    for (const tab of [first, second]) expect(tab?.store.status().problem?.status).toBe(401);
    server.refusal = undefined;
    first?.stop();
    const again = open();
    await settle();
    expect(again.store.status().state).toBe("live");
  });

  it("leave nothing behind when they are closed", async () => {
    const { server, open } = browser();
    const tabs = [open(), open()];
    await settle();
    for (const tab of tabs) tab.stop();
    await settle();
    expect(server.streams).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

interface Opened {
  tab: FakeTab;
  store: LiveStore;
  stop: () => void;
}

function browser() {
  const server = new FakeServer();
  const fake = new FakeBrowser();
  const open = (): Opened => {
    const tab = fake.tab();
    const store = new LiveStore();
    const unshare = share("default", store, server, tab);
    const stop = () => {
      unshare();
      store.close();
    };
    stops.push(stop);
    return { tab, store, stop };
  };
  return { server, open };
}

async function settle() {
  for (let round = 0; round < 50; round++) await vi.advanceTimersByTimeAsync(0);
}

function expectRight(store: LiveStore | undefined, server: FakeServer) {
  const told = store?.live();
  expect(told?.pool).toEqual({ ...server.state.pool, oldest_wait_ms: null });
  expect(told?.queue).toEqual(server.state.queue);
}
