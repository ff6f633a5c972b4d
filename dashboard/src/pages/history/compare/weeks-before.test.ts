import { expect, it } from "vitest";
import { count } from "../../../format";
import { changeText, weeksBefore } from "./weeks-before";

const DAY = 86_400_000;

it.each([
  [1 / 24, 1],
  [1, 1],
  [7, 1],
  [7.1, 1],
  [30, 5],
])("%s days are compared with those of %s weeks before", (days, weeks) => {
  expect(weeksBefore({ fromMs: 0, toMs: days * DAY })).toBe(weeks);
});

it.each([
  [100, 100, 1, "as the week before"],
  [0, 0, 1, "as the week before"],
  [5, 0, 1, "none the week before"],
  [1_234, 1_102, 1, "12 % more than the week before (1,102)"],
  [0, 7, 5, "100 % less than 5 weeks before (7)"],
  [1_001, 1_000, 1, "< 1 % more than the week before (1,000)"],
  [30, 10, 1, "3 times the week before (10)"],
])("%s after %s, %s weeks before, is: %s", (now, before, weeks, text) => {
  expect(changeText(now, before, weeks, count)).toBe(text);
});
