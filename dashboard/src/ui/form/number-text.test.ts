import { expect, it } from "vitest";
import { wholeNumberIn } from "./number-text";

it.each([
  ["0", 0],
  [" 1,000 ", 1000],
  ["1_000", 1000],
  ["10 000", 10_000],
])("a whole number is read from %j", (text, number) => {
  expect(wholeNumberIn(text)).toBe(number);
});

it.each(["", " ", "-1", "1.5", "1e3", "ten", "0x10", "9999999999999999"])(
  "no number is read from %j",
  (text) => {
    expect(wholeNumberIn(text)).toBeUndefined();
  },
);
