// @vitest-environment jsdom

import { expect, it } from "vitest";
import { queuedCall } from "../concurrency/pool.fixture";
import { toldByServer } from "./told-by-server";

const PACED = { blocked_on: "paced", blocked_by: { gate: "trunk" }, retry_in_ms: 400 } as const;

it("which pace holds a call, and until when, is as the server said", () => {
  const seems = queuedCall("1", { blocked_on: "paced", blocked_by: { gate: "spring" } });
  expect(toldByServer(seems, queuedCall("1", PACED))).toEqual({ ...seems, ...PACED });
  const full = queuedCall("1", { blocked_on: "shared_full" });
  expect(toldByServer(full, queuedCall("1", PACED))).toMatchObject(PACED);
});

it("what was read does not hold a call that is held by something else since", () => {
  const paused = queuedCall("1", { blocked_on: "gate_paused", blocked_by: { gate: "spring" } });
  expect(toldByServer(paused, queuedCall("1", PACED))).toBe(paused);
});

it("in how long the hours begin comes with the reading", () => {
  const closed = queuedCall("1", { blocked_on: "gate_hours", blocked_by: { gate: "spring" } });
  expect(toldByServer(closed, { ...closed, retry_in_ms: 60_000 }).retry_in_ms).toBe(60_000);
  expect(toldByServer(closed, undefined)).toBe(closed);
});
