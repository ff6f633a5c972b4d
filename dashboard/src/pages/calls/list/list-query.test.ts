import { expect, it } from "vitest";
import { NO_FILTERS } from "../filters/filters";
import { listQuery } from "./list-query";

const NOW = Date.parse("2026-11-24T12:00:00.000Z");

it("live calls are asked for without a state", () => {
  expect(listQuery(NO_FILTERS, NOW)).toEqual({});
});

it("every filter has its parameter", () => {
  const span = { kind: "last", last: "15m" } as const;
  const filters = { ...NO_FILTERS, view: "ended", agent: "a", type: "chat" } as const;
  expect(listQuery({ ...filters, reason: "unclaimed", leastWaitS: 90, span }, NOW)).toEqual({
    state: "ended",
    agent: "a",
    type: "chat",
    reason: "unclaimed",
    least_wait_ms: 90_000,
    ended_from: "2026-11-24T11:45:00.000Z",
  });
});

it("a span of one's own has the ends it names", () => {
  const to = "2026-11-02T00:00:00.000Z";
  const span = { kind: "between", from: undefined, to } as const;
  expect(listQuery({ ...NO_FILTERS, view: "ended", span }, NOW)).toEqual({
    state: "ended",
    ended_to: to,
  });
});
