// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { agentIn, poolOf } from "../pool.fixture";
import {
  areSame,
  MOST_SLOTS,
  misfit,
  mostFor,
  type Slots,
  scaleOf,
  slotsOf,
  sumOf,
  sumsOf,
  withDraft,
  withSlots,
} from "./draft";

const NONE: Slots = { webcall: 0, chat: 0, outbound: 0, inbound: 0 };

const POOL = poolOf(20, {
  billing: { name: "Billing", reserved: { chat: 4 } },
  sales: { name: "Sales", cap: 6, reserved: { outbound: 2, webcall: 1 } },
  support: { name: "Support", reserved: { inbound: 8 }, active: { inbound: 5, chat: 2 } },
  survey: { name: "Survey", active: { outbound: 1 } },
});
const SURVEY = agentIn(POOL, "survey");

test("a draft begins with what is reserved", () => {
  expect(slotsOf(agentIn(POOL, "sales"))).toEqual({ ...NONE, outbound: 2, webcall: 1 });
});

test("slots are whole, not below zero, and not beyond what the server reads", () => {
  const set = (value: number | null) => withSlots(NONE, "chat", value).chat;
  expect([set(3), set(2.9), set(-1), set(null), set(Number.NaN), set(1e12)]).toEqual([
    3,
    2,
    0,
    0,
    0,
    MOST_SLOTS,
  ]);
});

test("setting one type leaves the others", () => {
  const slots = withSlots({ ...NONE, inbound: 2 }, "chat", 3);
  expect(slots).toEqual({ ...NONE, inbound: 2, chat: 3 });
  expect(areSame(slots, { ...slots })).toBe(true);
  expect(areSame(slots, NONE)).toBe(false);
});

describe("what is left", () => {
  test("is the limit without what all agents reserve", () => {
    expect(sumsOf(POOL, SURVEY, { ...NONE, chat: 2 })).toEqual({
      own: 2,
      all: 17,
      sharedLeft: 3,
      left: 3,
    });
  });

  test("counts the draft in place of what the agent has", () => {
    expect(sumsOf(POOL, agentIn(POOL, "support"), { ...NONE, chat: 1 }).sharedLeft).toBe(12);
  });

  test("goes below zero", () => {
    expect(sumsOf(POOL, SURVEY, { ...NONE, chat: 9 }).sharedLeft).toBe(-4);
  });

  test("ends at the agent's cap", () => {
    const sums = sumsOf(POOL, agentIn(POOL, "sales"), { ...NONE, outbound: 4 });
    expect(sums).toEqual({ own: 4, all: 16, sharedLeft: 4, left: 2 });
  });
});

describe("a slider", () => {
  test("goes as far as what is left and what its type has", () => {
    const slots = { ...NONE, chat: 2, inbound: 1 };
    expect(mostFor(slots, "chat", 3)).toBe(5);
    expect(mostFor(slots, "webcall", 3)).toBe(3);
  });

  test("cannot go further while too much is asked for", () => {
    expect(mostFor({ ...NONE, chat: 9 }, "chat", -4)).toBe(5);
    expect(mostFor({ ...NONE, chat: 9 }, "inbound", -4)).toBe(0);
  });

  test("ends where the others end, and keeps that end while slots move between types", () => {
    expect(scaleOf({ ...NONE, chat: 2 }, 3)).toBe(5);
    expect(scaleOf({ ...NONE, inbound: 5 }, 0)).toBe(5);
  });

  test("has a length even when nothing can be reserved", () => {
    expect(scaleOf(NONE, 0)).toBe(1);
  });

  test("shows a value that was typed beyond what is left", () => {
    expect(scaleOf({ ...NONE, chat: 9 }, -4)).toBe(9);
  });
});

describe("a draft that does not fit", () => {
  test("names who holds the rest", () => {
    expect(misfit(POOL, SURVEY, { ...NONE, chat: 9 })).toBe(
      "You asked for 9 slots, but only 5 of 20 are left. Support (8), Billing (4) and Sales (3) hold the other 15.",
    );
  });

  test("names the largest holders and counts the others", () => {
    const pool = poolOf(20, {
      a: { reserved: { chat: 1 } },
      b: { reserved: { chat: 2 } },
      c: { reserved: { chat: 3 } },
      d: { reserved: { chat: 4 } },
      e: { reserved: { chat: 5 } },
      f: {},
    });
    expect(misfit(pool, agentIn(pool, "f"), { ...NONE, chat: 6 })).toContain(
      "e (5), d (4), c (3) and 2 others (3) hold the other 15.",
    );
  });

  test("has one holder, or none", () => {
    const pool = poolOf(5, { a: { reserved: { chat: 3 } }, b: {} });
    expect(misfit(pool, agentIn(pool, "b"), { ...NONE, chat: 3 })).toContain(
      "a (3) holds the other 3.",
    );
    expect(misfit(pool, agentIn(pool, "a"), { ...NONE, chat: 6 })).toBe(
      "You asked for 6 slots, but only 5 of 5 are left.",
    );
  });

  test("may be beyond the agent's cap only", () => {
    expect(misfit(POOL, agentIn(POOL, "sales"), { ...NONE, chat: 7 })).toBe(
      "Sales has a cap of 6, which is less than 7 reserved slots. Raise the cap on the Agents page, or reserve fewer.",
    );
  });
});

test("what uses the last slot fits", () => {
  expect(misfit(POOL, SURVEY, { ...NONE, chat: 5 })).toBeUndefined();
  expect(misfit(POOL, agentIn(POOL, "sales"), { ...NONE, chat: 6 })).toBeUndefined();
});

test("with a draft, active calls move into the reservation, as the server counts them", () => {
  const then = withDraft(POOL, agentIn(POOL, "support"), { ...NONE, inbound: 3, chat: 1 });
  expect(then.reserved).toBe(11);
  expect(then.shared).toEqual({ size: 9, in_use: 4, free: 5 });
  expect(agentIn(then, "support").types.inbound).toEqual({
    reserved: 3,
    active: 5,
    queued: 0,
    reserved_in_use: 3,
    shared_in_use: 2,
  });
  expect(agentIn(then, "billing")).toBe(agentIn(POOL, "billing"));
  expect(sumOf(slotsOf(agentIn(then, "support")))).toBe(4);
});

test("a draft that takes shared slots in use makes the pool settle", () => {
  const then = withDraft(POOL, SURVEY, { ...NONE, chat: 5 });
  expect(then.shared).toEqual({ size: 0, in_use: 3, free: 0 });
  expect(then.settling).toBe(3);
});
