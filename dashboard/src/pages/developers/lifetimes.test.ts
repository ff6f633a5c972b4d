import { describe, expect, it } from "vitest";
import { endingOf, GRACES, graceSeconds, LIFETIMES, secondsOf } from "./lifetimes";

const NOW = Date.parse("2026-11-28T12:00:00.000Z");

describe("the end of a key", () => {
  it.each([
    ["2027-02-26T12:00:00.000Z", "in 90 days", false, false],
    ["2026-12-05T12:00:00.001Z", "in 7 days", false, false],
    ["2026-12-05T12:00:00.000Z", "in 7 days", true, false],
    ["2026-11-29T12:00:00.000Z", "in 1 day", true, false],
    ["2026-11-28T14:05:00.000Z", "in 2 h 05 min", true, false],
    ["2026-11-28T12:00:00.000Z", "expired", true, true],
  ])("at %s is %s", (at, text, isSoon, isOver) => {
    expect(endingOf(at, NOW)).toEqual({ text, isSoon, isOver });
  });
});

describe("what can be chosen", () => {
  it("is within what the server takes", () => {
    const lifetimes = LIFETIMES.map(({ value }) => secondsOf(value));
    expect(lifetimes).toEqual([undefined, 604_800, 2_592_000, 7_776_000, 31_536_000]);
    expect(GRACES.map(({ value }) => graceSeconds(value))).toEqual([86_400, 604_800, 3600, 0]);
  });
});
