import { expect, test } from "vitest";
import { slotsIn } from "./slots-text";

test.each([
  ["0", 0],
  [" 12 ", 12],
  ["1,000", 1_000],
  ["1 000", 1_000],
])("“%s” is %d slots", (text, slots) => {
  expect(slotsIn(text)).toEqual({ slots });
});

test.each([
  ["", "Type a number of slots, 0 or more."],
  ["-3", "-3 is below zero. Type 0 or more."],
  ["−3", "−3 is below zero. Type 0 or more."],
  ["1.5", "1.5 is not a whole number of slots."],
  ["1,5", "1,5 is not a whole number of slots."],
  ["1e3", "“1e3” is not a number of slots."],
  ["abc", "“abc” is not a number of slots."],
  ["10000001", "More than 10,000,000 slots cannot be reserved."],
])("“%s” is wrong: %s", (text, wrong) => {
  expect(slotsIn(text)).toEqual({ wrong });
});
