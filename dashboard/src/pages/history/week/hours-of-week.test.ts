import { describe, expect, it } from "vitest";
import type { HistoryPoint } from "../../../domain";
import { point } from "../markers.fixture";
import { usageMap, waitMap } from "./heat-maps";
import { hourName, hoursOfWeek } from "./hours-of-week";

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;
/** A Monday, 09:00 in UTC. */
const MONDAY_NINE = Date.UTC(2026, 10, 23, 9);
const LIMITS = [{ fromMs: 0, toMs: MONDAY_NINE + 10 * WEEK, limit: 20 }];

function hour(atMs: number, figures: Partial<HistoryPoint> = {}): HistoryPoint {
  return point(atMs, { span_ms: HOUR, ...figures });
}

function waited(p95: number): Partial<HistoryPoint> {
  return { wait_ms: { p50: 0, p95, p99: p95, max: p95 } };
}

function at(points: HistoryPoint[], name: string) {
  return hoursOfWeek(points, LIMITS, "utc").find((it) => hourName(it) === name);
}

describe("the hours of the week", () => {
  it("are all there, Monday's first, also those without figures", () => {
    const names = hoursOfWeek([], LIMITS, "utc").map(hourName);
    expect([names.length, names[0], names.at(-1)]).toEqual([168, "Mon 00:00", "Sun 23:00"]);
    expect(at([], "Mon 09:00")).toMatchObject({ use: undefined, waitMs: undefined, weeks: 0 });
  });

  it("have the share of the limit that was in use, over all weeks", () => {
    const points = [
      hour(MONDAY_NINE, { mean_active: 20 }),
      hour(MONDAY_NINE + WEEK, { mean_active: 5, span_ms: HOUR / 2 }),
      hour(MONDAY_NINE + HOUR, { mean_active: 1 }),
    ];
    expect(at(points, "Mon 09:00")?.use).toBeCloseTo((20 + 2.5) / 30);
    expect(at(points, "Mon 10:00")?.use).toBeCloseTo(1 / 20);
    expect(hoursOfWeek(points, [], "utc")[9]?.use).toBeUndefined();
  });

  it("have the median of the waits of the weeks, and the worst", () => {
    const points = [9_000, 1_000, 70_000].map((p95, week) =>
      hour(MONDAY_NINE + week * WEEK, waited(p95)),
    );
    points.push(hour(MONDAY_NINE + 3 * WEEK));
    expect(at(points, "Mon 09:00")).toMatchObject({ waitMs: 9_000, worstMs: 70_000, weeks: 4 });
  });

  it("are the reader's own, or those of UTC", () => {
    const local = new Date(2026, 10, 29, 23).getTime();
    const found = hoursOfWeek([hour(local)], LIMITS, "local").filter(({ weeks }) => weeks > 0);
    expect(found.map(hourName)).toEqual(["Sun 23:00"]);
    const sunday = Date.UTC(2026, 10, 29, 23);
    expect(at([hour(sunday)], "Sun 23:00")?.weeks).toBe(1);
  });
});

describe("a cell", () => {
  const [busy] = hoursOfWeek(
    [hour(Date.UTC(2026, 10, 23), { mean_active: 10, ...waited(42_000) })],
    LIMITS,
    "utc",
  );
  const [none] = hoursOfWeek([], LIMITS, "utc");
  if (busy === undefined || none === undefined) throw new Error("there is no hour");

  it("of use has the per cent of the limit", () => {
    expect(usageMap().cellOf(busy)).toEqual({
      text: "50",
      long: "Mon 00:00: 50 % in use (1 week)",
      level: 0.5,
    });
    expect(usageMap().cellOf(none)).toMatchObject({ text: "–", level: 0 });
  });

  it("of waits is as strong as the wait is against the longest", () => {
    const map = waitMap([busy, { ...busy, waitMs: 4 * 42_000 }]);
    expect(map.scale.most).toBe("2 min 48 s");
    expect(map.cellOf(busy)).toEqual({
      text: "42s",
      long: "Mon 00:00: p95 42 s, in the worst week 42 s (1 week)",
      level: 0.5,
    });
    expect(map.cellOf(none).long).toBe("Mon 00:00: no starts (0 weeks)");
  });

  it.each([
    [0, "0"],
    [99_000, "99s"],
    [100_000, "2m"],
    [3 * 3_600_000, "3h"],
  ])("says %s ms as %s", (waitMs, text) => {
    expect(waitMap([busy]).cellOf({ ...busy, waitMs }).text).toBe(text);
  });
});
