// A server of its own for tests of the page: it answers `/v1/history` and remembers what it was asked.

import { vi } from "vitest";
import type { History, HistoryPoint } from "../../domain";
import { point } from "./markers.fixture";

export interface Asked {
  query: Record<string, string>;
  accept: string | null;
  org: string | null;
}

type Answer = (asked: Asked) => Response | Promise<Response>;

/** Answers from now on. Returns what it is asked. */
export function serveHistory(answer: Answer): Asked[] {
  const all: Asked[] = [];
  vi.stubGlobal("fetch", async (input: string | Request, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(input, init);
    const { headers, url } = request;
    const asked = {
      query: Object.fromEntries(new URL(url).searchParams),
      accept: headers.get("accept"),
      org: headers.get("callslot-org"),
    };
    all.push(asked);
    return answer(asked);
  });
  return all;
}

/** A history whose points are given; the span is that asked for. */
export function history({ query }: Asked, points: readonly HistoryPoint[], more = {}): Response {
  const body: History = {
    from: query.from ?? "",
    to: query.to ?? "",
    step_s: Number(query.step_s),
    by: (query.by ?? "none") as History["by"],
    series: [{ points: [...points], ...(query.by === "agent" && { agent: "a" }) }],
    markers: [],
    ...more,
  };
  return Response.json(body);
}

/** A minute with calls. */
export function busy(atMs: number): HistoryPoint {
  return point(atMs, {
    peak_active: 17,
    mean_active: 12.34,
    peak_queued: 4,
    starts: 1234,
    ends: 1200,
    wait_ms: { p50: 0, p95: 4200, p99: 41_000, max: 50_000 },
  });
}
