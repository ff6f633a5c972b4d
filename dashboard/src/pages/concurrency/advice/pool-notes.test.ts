// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import type { Pool } from "../../../domain";
import { gateOf } from "../../calls/live.fixture";
import { agentIn, poolOf, queuedCall } from "../pool.fixture";
import { without } from "./idle-slots";
import { notesOn } from "./pool-notes";

function said(pool: Pool): string[] {
  return notesOn(pool).map(({ says }) => says);
}

test("a pool in which nobody waits has no advice", () => {
  expect(notesOn(poolOf(20, { a: { reserved: { chat: 5 }, active: { inbound: 15 } } }))).toEqual(
    [],
  );
});

describe("calls that wait for a shared slot", () => {
  const pool = poolOf(20, {
    sales: { name: "Sales", active: { chat: 12 }, queued: { chat: 3 } },
    billing: { name: "Billing", reserved: { chat: 1 } },
    support: { name: "Support", reserved: { inbound: 5, chat: 2 }, active: { inbound: 1 } },
  });

  test("are told who keeps most slots idle, and how to free as many as help", () => {
    expect(said(pool)).toEqual([
      "3 chats of Sales wait because all 12 shared slots are in use, while 7 reserved slots are idle, 6 of them kept for Support.",
    ]);
    expect(notesOn(pool)[0]?.step).toEqual({
      kind: "free",
      agent: "support",
      name: "Support",
      slots: 3,
      draft: { webcall: 0, chat: 1, outbound: 0, inbound: 3 },
    });
  });

  test("take idle slots only", () => {
    const support = agentIn(pool, "support");
    expect(without(support, 99)).toEqual({ webcall: 0, chat: 0, outbound: 0, inbound: 1 });
  });
});

test("the largest cause comes first, whichever it is", () => {
  const pool = poolOf(10, {
    capped: { name: "Capped", cap: 1, active: { chat: 1 }, queued: { chat: 9 } },
    guest: { name: "Guest", active: { webcall: 5 }, queued: { webcall: 1, chat: 1 } },
    support: { name: "Support", reserved: { inbound: 4 } },
  });
  expect(said(pool)).toEqual([
    "9 chats of Capped wait because Capped is at its cap of 1.",
    "2 calls of Guest wait because all 6 shared slots are in use, while Support keeps 4 reserved slots idle.",
  ]);
});

test("calls that wait at the limit are helped by the limit alone", () => {
  const pool = poolOf(4, { a: { active: { chat: 4 }, queued: { chat: 2 } } });
  expect(said(pool)).toEqual(["2 chats of a wait because all 4 slots are in use."]);
  expect(notesOn(pool)[0]?.step).toEqual({ kind: "raise-limit" });
});

test("when every slot is reserved, idle ones can be freed", () => {
  const pool = poolOf(5, { a: { reserved: { chat: 5 } }, b: { name: "B", queued: { chat: 1 } } });
  expect(said(pool)).toEqual([
    "1 chat of B waits because every slot is reserved, while a keeps 5 reserved slots idle.",
  ]);
  expect(notesOn(pool)[0]?.step).toMatchObject({ kind: "free", agent: "a", slots: 1 });
});

test("several agents at their caps name the one that most calls wait for", () => {
  const pool = poolOf(20, {
    a: { cap: 1, active: { chat: 1 }, queued: { chat: 1 } },
    b: { cap: 2, active: { chat: 2 }, queued: { chat: 3 } },
  });
  expect(said(pool)).toEqual([
    "4 chats of 2 agents wait because the agents are at their caps, 3 of them at the cap of b (2).",
  ]);
  expect(notesOn(pool)[0]?.step).toEqual({ kind: "raise-cap" });
});

test("calls that wait at the cap of their type are told of it", () => {
  const pool = poolOf(20, { a: { active: { chat: 2 }, queued: { chat: 2 } } });
  expect(said({ ...pool, type_caps: { ...pool.type_caps, chat: 2 } })).toEqual([
    "2 chats of a wait because Chat calls are at their cap of 2.",
  ]);
});

test("calls that a cap of 0 holds are told that", () => {
  const pool = poolOf(20, { a: { name: "A", cap: 0, queued: { chat: 1 } } });
  expect(said(pool)).toEqual(["1 chat of A waits because the cap of A is 0."]);
});

test("calls that wait because the pool settles are told until when", () => {
  const pool = poolOf(10, {
    a: { reserved: { chat: 4 } },
    b: { active: { chat: 8 }, queued: { chat: 2 } },
  });
  expect(said(pool)).toEqual([
    "2 chats of b wait until 2 calls over the limit have ended, while a keeps 4 reserved slots idle.",
  ]);
});

test("calls that a gate holds are told apart from those of their agent that wait for a slot, with the way to it", () => {
  const pool = poolOf(2, { a: { active: { chat: 2 }, queued: { chat: 5 } } });
  const held = (id: string, gate: string) =>
    queuedCall(id, {
      agent: "a",
      gates: [gate],
      blocked_on: "gate_paused",
      blocked_by: { gate },
    });
  const queue = [held("1", "spring"), held("2", "spring"), held("3", "autumn")];
  const gates = new Map([["spring", gateOf("spring", { name: "Spring", paused: true })]]);
  const others = [queuedCall("4", { agent: "a" }), queuedCall("5", { agent: "a" })];
  const through = { queue: [...queue, ...others], gates, active: new Map() };
  expect(notesOn({ ...pool, active: 1 }, through).map(({ says }) => says)).toEqual([
    "2 chats of a wait because Spring is paused.",
    "2 chats of a wait because all 2 shared slots are in use.",
    "1 chat of a waits because autumn is paused.",
  ]);
  expect(notesOn(pool, through)[0]?.step).toEqual({ kind: "gate", gate: "spring", name: "Spring" });
});

test("of calls beyond those that are kept, the gates are taken to be as of most that are", () => {
  const pool = poolOf(20, { a: { queued: { outbound: 90_000 } } });
  const call = queuedCall("1", {
    agent: "a",
    type: "outbound",
    gates: ["spring"],
    blocked_on: "gate_hours",
    blocked_by: { gate: "spring" },
  });
  const through = { queue: [call], gates: new Map(), active: new Map() };
  expect(notesOn(pool, through).map(({ says }) => says)).toEqual([
    "90,000 outbound calls of a wait because spring is outside its hours.",
  ]);
});
