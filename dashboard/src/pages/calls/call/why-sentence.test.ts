import { expect, it } from "vitest";
import { activeCall, agentOf, ago, callOf, endedCall, poolOf } from "../live.fixture";
import { holdersNow, holdersThen, minuteOfLeaving } from "./holders";
import { whySentence } from "./why-sentence";

const NO_USE = { reserved: 0, active: 0, reserved_in_use: 0, shared_in_use: 0, queued: 0 };
const SUPPORT = agentOf("support", { name: "Support", cap: 4, active: 4 });
SUPPORT.types.chat = { ...NO_USE, reserved: 3, active: 3, reserved_in_use: 3 };
const POOL = poolOf([agentOf("idle"), agentOf("sales", { active: 9 }), SUPPORT], {
  shared: { size: 8, in_use: 8, free: 0 },
});

it("a call that waits says what holds it, and which slots it could get", () => {
  const chat = callOf("q", { type: "chat", blocked_on: "shared_full" });
  expect(whySentence(chat, POOL).text).toBe(
    "All 8 shared slots are busy. 3 of 3 slots reserved for Chat calls of Support and 8 of 8 shared slots are in use.",
  );
  const capped = callOf("q", { blocked_on: "agent_cap", blocked_by: { agent: "support" } });
  expect(whySentence(capped, POOL).text).toBe(
    "Support is at its cap of 4. Nothing is reserved for Inbound calls of Support; 8 of 8 shared slots are in use.",
  );
  expect(whySentence(callOf("q"), POOL).text).toBe("");
  expect(whySentence(chat, undefined).text).toBe("");
});

it("of a wait that is over, what is known of it is said", () => {
  const [at, s] = [ago(30), { requested_at: ago(30) }];
  expect(whySentence(activeCall("a", { ...s, started_at: at }), POOL).text).toBe(
    "It did not wait: a shared slot was free.",
  );
  expect(
    whySentence(endedCall("e", { ...s, slot: "reserved", started_at: ago(10) }), POOL).text,
  ).toBe(
    "It waited 20 s until a reserved slot was free for it. What held it is not kept beyond the wait.",
  );
  const never = { ...s, slot: null, started_at: null } as const;
  expect(whySentence(endedCall("e", { ...never, ended_at: ago(20) }), POOL).text).toBe(
    "It waited 10 s and never got a slot.",
  );
  expect(whySentence(endedCall("e", { ...never, ended_at: at }), POOL).text).toBe(
    "It found no free slot, and did not wait for one.",
  );
});

it("those who hold slots come by how many they hold", () => {
  expect(holdersNow(POOL)).toEqual([
    { agent: "sales", slots: 9 },
    { agent: "support", slots: 4 },
  ]);
  const series = [1, 0, 5].map((peak_active, at) => ({
    agent: `a${at}`,
    points: [{ peak_active }],
  }));
  expect(holdersThen({ series } as never).map(({ agent }) => agent)).toEqual(["a2", "a0"]);
});

it("the minute of leaving the queue is a whole one, and there is none without a wait", () => {
  const minute = { from: "2026-11-24T11:59:00.000Z", to: "2026-11-24T12:00:00.000Z" };
  expect(minuteOfLeaving(activeCall("a", { requested_at: ago(40), started_at: ago(60) }))).toBe(
    undefined,
  );
  expect(minuteOfLeaving(activeCall("a", { requested_at: ago(90), started_at: ago(1) }))).toEqual(
    minute,
  );
  expect(minuteOfLeaving(callOf("q"))).toBeUndefined();
});
