// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { agentIn, poolOf } from "../pool.fixture";
import { areSame, misfit, type Slots, slotsOf, sumOf, sumsOf, withDraft } from "./draft";

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

test("drafts are the same when all their numbers are", () => {
  expect(areSame({ ...NONE, chat: 3 }, { ...NONE, chat: 3 })).toBe(true);
  expect(areSame({ ...NONE, chat: 3 }, NONE)).toBe(false);
});

describe("what is left", () => {
  test("is the limit without what all agents reserve", () => {
    expect(sumsOf(POOL, SURVEY, { ...NONE, chat: 2 })).toEqual({ own: 2, sharedLeft: 3 });
  });

  test("counts the draft in place of what the agent has", () => {
    expect(sumsOf(POOL, agentIn(POOL, "support"), { ...NONE, chat: 1 }).sharedLeft).toBe(12);
  });

  test("goes below zero", () => {
    expect(sumsOf(POOL, SURVEY, { ...NONE, chat: 9 }).sharedLeft).toBe(-4);
  });
});

describe("a number that does not fit", () => {
  test("says how many are left, and who holds the rest", () => {
    expect(misfit(POOL, SURVEY, { ...NONE, chat: 9 }, "chat")).toBe(
      "Only 5 slots are left. Support holds 8, Billing 4, Sales 3.",
    );
  });

  test("counts what the same agent has of other types as held", () => {
    expect(misfit(POOL, SURVEY, { ...NONE, chat: 4, inbound: 2 }, "inbound")).toBe(
      "Only 1 slot is left. Support holds 8, Billing 4, Survey's Chat 4 and 1 other 3.",
    );
  });

  test("has nothing left, or nobody who holds anything", () => {
    const pool = poolOf(5, { a: { reserved: { chat: 5 } }, b: {} });
    expect(misfit(pool, agentIn(pool, "b"), { ...NONE, chat: 3 }, "chat")).toBe(
      "No slot is left. a holds 5.",
    );
    expect(misfit(pool, agentIn(pool, "a"), { ...NONE, chat: 6 }, "chat")).toBe(
      "Only 5 slots are left. The limit is 5.",
    );
  });

  test("may be beyond the agent's cap only", () => {
    expect(misfit(POOL, agentIn(POOL, "sales"), { ...NONE, chat: 7 }, "chat")).toBe(
      "The cap of Sales is 6, less than 7 reserved slots. Raise it on the Agents page, or reserve fewer.",
    );
  });
});

test("what uses the last slot fits", () => {
  expect(misfit(POOL, SURVEY, { ...NONE, chat: 5 }, "chat")).toBeUndefined();
  expect(misfit(POOL, agentIn(POOL, "sales"), { ...NONE, chat: 6 }, "chat")).toBeUndefined();
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
