import { expect, test } from "vitest";
import { highestOf, peaksSince } from "./peaks-today";

test("peaks are the highest of the points since then", () => {
  const points = [
    { at: "2026-01-01T23:59:00.000Z", peak_active: 19, peak_queued: 9 },
    { at: "2026-01-02T00:00:00.000Z", peak_active: 7, peak_queued: 0 },
    { at: "2026-01-02T00:01:00.000Z", peak_active: 5, peak_queued: 2 },
  ];
  const midnight = Date.parse("2026-01-02T00:00:00.000Z");
  expect(peaksSince(midnight, points)).toEqual({ active: 7, queued: 2 });
  expect(peaksSince(midnight, [])).toEqual({ active: 0, queued: 0 });
});

test("the higher of each counts", () => {
  const both = [
    { active: 3, queued: 4 },
    { active: 5, queued: 1 },
  ];
  expect(highestOf(both)).toEqual({ active: 5, queued: 4 });
});
