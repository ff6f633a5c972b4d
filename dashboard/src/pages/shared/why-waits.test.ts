// @vitest-environment jsdom

import { expect, test } from "vitest";
import { gateOf } from "../calls/live.fixture";
import { poolOf, queuedCall } from "../concurrency/pool.fixture";
import { about, whyWaits } from "./why-waits";

const POOL = poolOf(20, {
  guest: { name: "Guest", cap: 4 },
  support: { name: "Support", reserved: { chat: 12 } },
});

test.each([
  ["limit", null, "All 20 slots are busy"],
  ["shared_full", null, "All 8 shared slots are busy"],
  ["nothing_shared", null, "Every slot is reserved for others"],
  ["nothing_shared", { agent: "guest" }, "The cap of Guest is 0"],
  ["nothing_shared", { type: "chat" }, "The cap of Chat is 0"],
  ["agent_cap", { agent: "guest" }, "Guest is at its cap of 4"],
  ["type_cap", { type: "chat" }, "Chat is at its cap of 7"],
  ["settling", null, "2 calls over the new limit must end first"],
  [null, null, ""],
] as const)("a call that waits for %s, held by %j, says so", (blocked_on, blocked_by, sentence) => {
  const pool = { ...POOL, settling: 2, type_caps: { ...POOL.type_caps, chat: 7 } };
  const call = queuedCall("1", { agent: "guest", type: "chat", blocked_on, blocked_by });
  expect(whyWaits(call, pool)).toBe(sentence);
});

const SPRING = gateOf("spring", {
  name: "Spring",
  cap: 40,
  pace: { starts: 5, per_s: 1, burst: 1 },
});

test.each([
  ["gate_cap", { gate: "spring" }, "Spring is at its cap of 40"],
  ["gate_paused", { gate: "spring" }, "Spring is paused"],
  ["gate_hours", { gate: "spring" }, "Spring is outside its hours"],
  ["paced", { gate: "spring" }, "Spring has reached its pace of 5 a second"],
  ["paced", { agent: "guest" }, "Guest has reached its pace of 1 every 30 s"],
  ["paced", { type: "chat" }, "Chat has reached its pace of 100 an hour, 10 at once"],
  ["gate_paused", { gate: "gone" }, "gone is paused"],
] as const)("a call that %s of %j holds names it", (blocked_on, blocked_by, sentence) => {
  const guest = POOL.agents.map((agent) => ({
    ...agent,
    pace: { starts: 1, per_s: 30, burst: 1 },
  }));
  const type_paces = { ...POOL.type_paces, chat: { starts: 100, per_s: 3_600, burst: 10 } };
  const call = queuedCall("1", { agent: "guest", type: "chat", blocked_on, blocked_by });
  const pool = { ...POOL, agents: guest, type_paces };
  expect(whyWaits(call, pool, new Map([["spring", SPRING]]))).toBe(sentence);
});

test("an estimate is no more exact than it can be", () => {
  expect([0, 4_000, 21_400, 59_000, 170_000, 3 * 3_600_000].map(about)).toEqual([
    "in a moment",
    "about 5 s",
    "about 20 s",
    "about 1 min",
    "about 3 min",
    "about 3 h",
  ]);
});
