import { describe, expect, it } from "vitest";
import { beginOfDay } from "../../time-zone";
import { partsOfToday } from "./today";

describe("today", () => {
  it("begins at midnight where the reader is", () => {
    const midnight = new Date(2026, 10, 24).getTime();
    expect(beginOfDay(new Date(2026, 10, 24, 23, 59, 59).getTime())).toBe(midnight);
    expect(beginOfDay(midnight)).toBe(midnight);
  });

  it.each([
    ["whole hours from UTC", "2026-11-24T00:00:00.000Z", ["24T00:00-24T05:10 86400"]],
    ["east of it", "2026-11-23T23:00:00.000Z", ["23T23:00-24T05:10 3600"]],
    ["west of it", "2026-11-23T08:00:00.000Z", ["23T08:00-24T05:10 28800"]],
    [
      "half an hour beside it",
      "2026-11-23T18:30:00.000Z",
      ["23T18:30-23T19:00 900", "23T19:00-24T05:10 3600"],
    ],
    [
      "a quarter of an hour beside it",
      "2026-11-23T18:15:00.000Z",
      ["23T18:15-23T19:00 900", "23T19:00-24T05:10 3600"],
    ],
  ])("in a zone %s is told in few points, which begin with it", (_, midnight, parts) => {
    const now = Date.parse("2026-11-24T05:10:00.000Z");
    const text = (ms: number) => new Date(ms).toISOString().slice(8, 16);
    expect(
      partsOfToday(Date.parse(midnight), now).map(
        ({ fromMs, toMs, stepS }) => `${text(fromMs)}-${text(toMs)} ${stepS}`,
      ),
    ).toEqual(parts);
  });

  it("has no part right at midnight, and one before the first whole hour", () => {
    const midnight = Date.parse("2026-11-23T18:30:00.000Z");
    expect(partsOfToday(midnight, midnight)).toEqual([]);
    expect(partsOfToday(midnight, midnight + 60_000)).toEqual([
      { fromMs: midnight, toMs: midnight + 60_000, stepS: 900 },
    ]);
  });
});
