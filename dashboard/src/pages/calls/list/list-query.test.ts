import { expect, it } from "vitest";
import { NO_FILTERS } from "../filters/filters";
import { listQuery } from "./list-query";

const NOW = Date.parse("2026-11-24T12:00:00.000Z");

it("live calls are asked for by state, agent, type and gate alone: the server has no other filter for them", () => {
  expect(listQuery(NO_FILTERS, "live", NOW)).toEqual({});
  const narrowed = { ...NO_FILTERS, text: "a", leastWaitS: 5 };
  expect(listQuery({ ...narrowed, view: "queued", agent: "b", gate: "g" }, "live", NOW)).toEqual({
    state: "queued",
    agent: "b",
    gate: "g",
  });
});

it("for ended calls every filter has its parameter", () => {
  const span = { kind: "last", last: "15m" } as const;
  const filters = { ...NO_FILTERS, text: "sip-", agent: "a", type: "chat", gate: "g" } as const;
  const asked = { ...filters, reason: "unclaimed", leastWaitS: 90, span } as const;
  expect(listQuery(asked, "ended", NOW)).toEqual({
    state: "ended",
    agent: "a",
    type: "chat",
    gate: "g",
    reason: "unclaimed",
    least_wait_ms: 90_000,
    id_prefix: "sip-",
    ended_from: "2026-11-24T11:45:00.000Z",
  });
});

it("a span of one's own has the ends it names", () => {
  const to = "2026-11-02T00:00:00.000Z";
  const span = { kind: "between", from: undefined, to } as const;
  expect(listQuery({ ...NO_FILTERS, span }, "ended", NOW)).toEqual({
    state: "ended",
    ended_to: to,
  });
});
