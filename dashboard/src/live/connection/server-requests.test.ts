// @vitest-environment jsdom

import { afterEach, describe, expect, it, vi } from "vitest";
import { callOf } from "../live.fixture";
import { MAX_CALLS } from "../state/live-state";
import { ownServer } from "./server-requests";

afterEach(() => {
  vi.unstubAllGlobals();
});

const { signal } = new AbortController();

describe("the lists of calls", () => {
  it("are read page by page, also over pages without any", async () => {
    const paths = serve({ queued: 2_500, active: 3 }, { emptyPages: 2 });
    const { calls, isComplete } = await ownServer(() => {}).readCalls(signal);
    expect(calls.map(({ state }) => state).filter((state) => state === "queued")).toHaveLength(
      2_500,
    );
    expect(calls).toHaveLength(2_503);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2_503);
    expect(isComplete).toBe(true);
    expect(paths[0]).toBe("/v1/calls?state=queued&limit=1000");
  });

  it.each([
    [
      { queued: 30_000, active: 100 },
      { queued: MAX_CALLS - 100, active: 100 },
    ],
    [
      { queued: 100, active: 30_000 },
      { queued: 100, active: MAX_CALLS - 100 },
    ],
    [
      { queued: 30_000, active: 30_000 },
      { queued: MAX_CALLS / 2, active: MAX_CALLS / 2 },
    ],
  ])("are cut off when there are too many: of %o %o", async (there, kept) => {
    serve(there);
    const { calls, isComplete } = await ownServer(() => {}).readCalls(signal);
    const count = (state: string) => calls.filter((call) => call.state === state).length;
    expect({ queued: count("queued"), active: count("active") }).toEqual(kept);
    expect(isComplete).toBe(false);
  });
});

describe("an answer", () => {
  it("tells the server's time", async () => {
    const dates: number[] = [];
    const headers = { date: "Thu, 01 Jan 2026 00:00:05 GMT" };
    vi.stubGlobal("fetch", async () => new Response("{}", { headers }));
    await ownServer((date) => dates.push(date)).readPool(signal);
    expect(dates).toEqual([Date.parse("2026-01-01T00:00:05Z")]);
  });

  it("that is a refusal or breaks off is a problem", async () => {
    const server = ownServer(() => {});
    vi.stubGlobal("fetch", async () => new Response("<html>", { status: 502 }));
    await expect(server.readPool(signal)).rejects.toMatchObject({ status: 502 });
    vi.stubGlobal("fetch", async () => new Response('{"org":'));
    await expect(server.readPool(signal)).rejects.toMatchObject({ code: "unreachable" });
  });
});

/** A server with that many calls; before each page come some that are empty. */
function serve(there: { queued: number; active: number }, { emptyPages = 0 } = {}): string[] {
  const paths: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    paths.push(path);
    const query = new URL(path, "http://localhost").searchParams;
    const state = query.get("state") as "queued" | "active";
    const [from = 0, empty = 0] = (query.get("cursor") ?? "0-0").split("-").map(Number);
    if (empty < emptyPages) return Response.json({ items: [], next: `${from}-${empty + 1}` });
    const until = Math.min(there[state], from + Number(query.get("limit")));
    const items = Array.from({ length: until - from }, (_, index) =>
      callOf(`${state}-${from + index}`, state),
    );
    return Response.json({ items, next: until < there[state] ? `${until}-0` : null });
  });
  return paths;
}
