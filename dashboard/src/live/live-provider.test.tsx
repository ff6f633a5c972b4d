import { act, cleanup, render, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AT, callOf, poolOf } from "./live.fixture";
import { LiveProvider, useLive, useLiveStatus, useNow, useServerNow } from "./live-provider";

let streams: ReadableStreamDefaultController<Uint8Array>[] = [];

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2030-06-01T00:00:00Z") });
  streams = [];
  vi.stubGlobal("fetch", async (path: string) => {
    const headers = { date: new Date(Date.now() - 1_000_000).toUTCString() };
    if (path !== "/v1/events") {
      const isPool = path === "/v1/concurrency";
      return Response.json(isPool ? poolOf(0) : { items: [], next: null }, { headers });
    }
    const body = new ReadableStream<Uint8Array>({ start: (given) => void streams.push(given) });
    return new Response(body, { headers });
  });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the pages", () => {
  it("read nothing before the first reading, and then what the server says", async () => {
    render(page(<Queued />));
    expect(screen.getByRole("note").textContent).toBe("connecting: none");
    await settle();
    expect(screen.getByRole("note").textContent).toBe("live: 0");
    await say(1);
    expect(screen.getByRole("note").textContent).toBe("live: 1");
  });

  it("render again only when what they select changes", async () => {
    let renders = 0;
    const onRender = () => {
      renders += 1;
    };
    render(page(<Limit onRender={onRender} />));
    await settle();
    const before = renders;
    await say(1);
    await say(2);
    expect(screen.getByRole("note").textContent).toBe("20");
    expect(renders).toBe(before);
  });

  it("may select what is new each time", async () => {
    render(page(<Nested />));
    await settle();
    await say(1);
    expect(screen.getByRole("note").textContent).toBe("A");
  });

  it("are told the server's time at their pace, which stands still while stale", async () => {
    render(page(<Clock />));
    await settle();
    const shownMs = () => Number(screen.getByRole("note").textContent?.split(" ")[0]);
    const serverMs = () => Date.now() - 1_000_000;
    await settle(3_000);
    expect(Math.abs(serverMs() - shownMs())).toBeLessThanOrEqual(1_000);
    streams.at(-1)?.close();
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("failed to fetch")));
    await settle();
    expect(screen.getByRole("note").textContent).toContain("stale");
    const stands = shownMs();
    await settle(20_000);
    expect(shownMs()).toBe(stands);
  });

  it("leave no stream open when they are left", async () => {
    const { unmount } = render(<StrictMode>{page(<Queued />)}</StrictMode>);
    await settle();
    unmount();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
    expect(streams.length).toBeGreaterThan(0);
  });
});

function page(child: React.ReactNode) {
  return <LiveProvider org="default">{child}</LiveProvider>;
}

function Queued() {
  const queued = useLive((live) => live.queue.length);
  return <p role="note">{`${useLiveStatus().state}: ${queued ?? "none"}`}</p>;
}

function Limit({ onRender }: { onRender: () => void }) {
  const selected = useLive((live) => ({ limit: live.pool.limit, plan: live.pool.plan }));
  onRender();
  return <p role="note">{selected?.limit}</p>;
}

function Nested() {
  const agents = useLive((live) => live.pool.agents.map(({ name }) => ({ name })));
  return <p role="note">{agents?.map(({ name }) => name).join()}</p>;
}

function Clock() {
  const serverNow = useServerNow();
  return <p role="note">{`${useNow(1_000)} ${serverNow() > 0} ${useLiveStatus().state}`}</p>;
}

async function say(seq: number) {
  const data = { seq, at: AT, call: callOf(`${seq}`, "queued") };
  const lines = `id: ${seq}\nevent: call.queued\ndata: ${JSON.stringify(data)}\n\n`;
  streams.at(-1)?.enqueue(new TextEncoder().encode(lines));
  await settle(300);
}

async function settle(ms = 0) {
  await act(async () => {
    for (let round = 0; round < 30; round++) await vi.advanceTimersByTimeAsync(0);
    await vi.advanceTimersByTimeAsync(ms);
  });
}
