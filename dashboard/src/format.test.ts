import { expect, it } from "vitest";
import { duration, shortDuration } from "./format";

it.each([
  [-1, "0 s"],
  [41_999, "41 s"],
  [185_000, "3 min 05 s"],
  [7_620_000, "2 h 07 min"],
  [273_600_000, "3 d 4 h"],
])("a duration of %i ms that goes on is %s", (ms, text) => expect(duration(ms)).toBe(text));

it.each([
  [0, "0 s"],
  [3, "< 0.1 s"],
  [850, "0.8 s"],
  [4_200, "4 s"],
  [41_999, "41 s"],
  [185_000, "3 min 05 s"],
])("a duration of %i ms that is over is %s", (ms, text) => expect(shortDuration(ms)).toBe(text));
