// @vitest-environment jsdom

import { expect, test } from "vitest";
import { agentIn, poolOf } from "../pool.fixture";
import { slotsOf } from "./draft";
import { areSameTexts, faultsOf, slotsTyped, textsOf } from "./texts";

const POOL = poolOf(20, {
  billing: { name: "Billing", reserved: { chat: 4 } },
  sales: { name: "Sales" },
  support: { name: "Support", reserved: { inbound: 7 } },
});
const SALES = agentIn(POOL, "sales");
const NOTHING = slotsOf(SALES);
const EMPTY = textsOf(NOTHING);

test("what is typed is kept as it is, and a wrong text leaves the number before", () => {
  const texts = { ...EMPTY, chat: "-3", inbound: "2" };
  expect(slotsTyped(texts, { ...NOTHING, chat: 1 })).toEqual({ ...NOTHING, chat: 1, inbound: 2 });
  expect(areSameTexts(texts, { ...texts, chat: " -3 " })).toBe(true);
  expect(areSameTexts(texts, EMPTY)).toBe(false);
});

test("each field has its own fault", () => {
  const texts = { ...EMPTY, chat: "-3", inbound: "1.5", webcall: "2" };
  expect(faultsOf(POOL, SALES, texts, NOTHING, "webcall")).toEqual({
    chat: "-3 is below zero. Type 0 or more.",
    inbound: "1.5 is not a whole number of slots.",
  });
});

test("what does not fit is the fault of the number changed last", () => {
  const texts = { ...EMPTY, chat: "10" };
  const wrong = "Only 9 slots are left. Support holds 7, Billing 4.";
  expect(faultsOf(POOL, SALES, texts, NOTHING, "chat")).toEqual({ chat: wrong });
  expect(faultsOf(POOL, SALES, texts, NOTHING, undefined)).toEqual({ chat: wrong });
  expect(faultsOf(POOL, SALES, { ...texts, inbound: "2" }, NOTHING, "inbound")).toEqual({
    inbound: "No slot is left. Sales's Chat holds 10, Support 7, Billing 4.",
  });
});

test("a number that does not fit is told beside one that is none", () => {
  expect(faultsOf(POOL, SALES, { ...EMPTY, webcall: "x", chat: "10" }, NOTHING, "chat")).toEqual({
    webcall: "“x” is not a number of slots.",
    chat: "Only 9 slots are left. Support holds 7, Billing 4.",
  });
});

test("what fits has no fault", () => {
  expect(faultsOf(POOL, SALES, { ...EMPTY, chat: "9" }, NOTHING, "chat")).toEqual({});
});
