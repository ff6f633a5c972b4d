import { expect, it } from "vitest";
import { agentOf } from "../calls/live.fixture";
import { borrowedShare } from "./borrowed";

it("what is borrowed is the part of active calls on shared slots, over all types", () => {
  const { types } = agentOf("a");
  const use = { ...types.chat, active: 3, shared_in_use: 2 };
  const inbound = { ...types.inbound, active: 1, shared_in_use: 1 };
  expect(borrowedShare({ active: 4, types: { ...types, chat: use, inbound } })).toBe(0.75);
  expect(borrowedShare({ active: 4, types })).toBe(0);
  expect(borrowedShare({ active: 0, types })).toBeUndefined();
});
