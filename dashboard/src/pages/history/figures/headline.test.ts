import { describe, expect, it } from "vitest";
import type { HistoryPoint } from "../../../domain";
import { point } from "../markers.fixture";
import { headline, lengthText, percent } from "./headline";

const MIN = 60_000;
const NOON = new Date(2026, 10, 24, 12).getTime();

const waits = (p95: number, max: number) => ({ p50: 0, p95, p99: max, max });

const POINTS = [
  point(NOON, { peak_active: 8, mean_active: 8, starts: 4, ends: 2, wait_ms: waits(0, 0) }),
  point(NOON + MIN, {
    peak_active: 20,
    mean_active: 20,
    starts: 1200,
    ends: 3,
    wait_ms: waits(4_200, 41_000),
  }),
  point(NOON + 2 * MIN, { peak_active: 20, mean_active: 20, starts: 0, ends: 1 }),
  point(NOON + 3 * MIN, { peak_active: 3, starts: 1, ends: 1, wait_ms: waits(100, 100) }),
];

const LIMITS = [{ fromMs: NOON, toMs: NOON + 4 * MIN, limit: 20 }];

function told(points: readonly HistoryPoint[], more: Partial<Parameters<typeof headline>[0]> = {}) {
  const span = { fromMs: NOON, toMs: NOON + 4 * MIN, stepS: 60, isWhole: false };
  const figures = headline({ points, summary: { span, points }, limits: LIMITS, ...more });
  return Object.fromEntries(figures.map(({ label, value, note }) => [label, `${value} | ${note}`]));
}

describe("the figures of a span", () => {
  it("are those of its points, without a percentile made of percentiles", () => {
    expect(told(POINTS)).toEqual({
      "Peak active": "20 of 20 | first at 24 Nov, 12:01",
      "At the limit": "2 min 00 s | 50 % of the time",
      "Calls started": "1,205 | 7 ended, queued ones included",
      "Longest wait": "41 s | until a start at 24 Nov, 12:01",
      "p95 wait": "4 s | in the worst minute",
    });
  });

  it("have the percentile of the span when it is one point", () => {
    const span = { fromMs: NOON, toMs: NOON + 61 * MIN, stepS: 3660, isWhole: true };
    const whole = point(NOON, { span_ms: 61 * MIN, starts: 5, wait_ms: waits(1_500, 41_000) });
    expect(told(POINTS, { summary: { span, points: [whole] } })["p95 wait"]).toBe(
      "1 s | of all in 61 min",
    );
  });

  it("say how long the worst point is that their percentile is of", () => {
    const span = { fromMs: NOON, toMs: NOON + 120 * MIN, stepS: 3600, isWhole: false };
    const hours = [900, 2_000].map((p95, index) =>
      point(NOON + index * 60 * MIN, { span_ms: 60 * MIN, starts: 1, wait_ms: waits(p95, p95) }),
    );
    expect(told(POINTS, { summary: { span, points: hours } })["p95 wait"]).toBe(
      "2 s | in the worst hour",
    );
  });

  it("are modest when nothing was", () => {
    expect(told([point(NOON), point(NOON + MIN)])).toEqual({
      "Peak active": "0 | no active calls",
      "At the limit": "never | all peaks were below it",
      "Calls started": "0 | 0 ended, queued ones included",
      "Longest wait": "– | no starts",
      "p95 wait": "– | no starts",
    });
  });

  it("say so when all calls started at once", () => {
    const figures = told([point(NOON, { starts: 1, wait_ms: waits(0, 0) })]);
    expect(figures["Longest wait"]).toBe("0 s | all started at once");
    expect(figures["p95 wait"]).toBe("0 s | in the worst minute");
  });

  it("count a call that still waits", () => {
    const still = told(POINTS, { waitingMs: 3_000_000 })["Longest wait"];
    expect(still).toBe("50 min 00 s | and it still waits");
    expect(told(POINTS, { waitingMs: 1_000 })["Longest wait"]).toContain("41 s | until");
    const none = told([point(NOON)], { waitingMs: 5_000 })["Longest wait"];
    expect(none).toBe("5 s | and it still waits");
  });

  it("do not say that all started at once when some waited and never started", () => {
    const queued = point(NOON, { starts: 1, peak_queued: 18, wait_ms: waits(0, 0) });
    expect(told([queued])["Longest wait"]).toBe("0 s | for the calls that started");
  });

  it("say the least and the most time at the limit where only those are known", () => {
    const busy = point(NOON, { peak_active: 20, mean_active: 19.5 });
    expect(told([busy])["At the limit"]).toBe("≤ 58 s | at least 30 s, at most 98 % of the time");
  });

  it("leave out the limit where it is not known", () => {
    const figures = told(POINTS, { limits: [] });
    expect(figures["Peak active"]).toBe("20 | first at 24 Nov, 12:01");
    expect(figures["At the limit"]).toBe("– | the limit is unknown");
  });

  it("count a point against the limit of its time", () => {
    const limits = [
      { fromMs: NOON, toMs: NOON + MIN, limit: 8 },
      { fromMs: NOON + MIN, toMs: NOON + 4 * MIN, limit: 100 },
    ];
    expect(told(POINTS, { limits })["At the limit"]).toBe("1 min 00 s | 25 % of the time");
  });

  it("say how they have changed, where there was a history for most of the time before", () => {
    const before = [point(NOON, { starts: 4 }), point(NOON + MIN)];
    const now = [point(NOON, { starts: 6 })];
    const changes = (points: readonly HistoryPoint[]) =>
      headline({
        points: now,
        summary: { span: { fromMs: NOON, toMs: NOON, stepS: 60, isWhole: false }, points: now },
        limits: [],
        before: { weeks: 1, points },
      }).map(({ change }) => change);
    expect(changes(before)[2]).toBe("50 % more than the week before (4)");
    expect(changes([...before].reverse())[2]).toBeUndefined();
  });

  it("name lost demand and its causes when there is any", () => {
    expect(told(POINTS)).not.toHaveProperty("Lost");
    const points = [point(NOON, { refused: 3, ended: { completed: 7, canceled: 2 } })];
    expect(told(points).Lost).toBe("5 | 2 gave up, 3 refused");
  });
});

it("lengths are in the unit in which they are whole", () => {
  const lengths = [1, 5, 60, 61, 360, 1440, 10_080, 150].map((min) => lengthText(min * MIN));
  expect(lengths).toEqual([
    "1 minute",
    "5 min",
    "1 hour",
    "61 min",
    "6 hours",
    "1 day",
    "7 days",
    "2 h 30 min",
  ]);
});

it("a share is only 0 % or 100 % when it is", () => {
  expect([0, 0.001, 0.5, 0.999, 1].map(percent)).toEqual([
    "0 %",
    "< 1 %",
    "50 %",
    "> 99 %",
    "100 %",
  ]);
});
