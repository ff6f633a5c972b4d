import { describe, expect, it } from "vitest";
import { isQuiet } from "../figures/quiet";
import type { Figures } from "../figures/read-figures";
import { point } from "../markers.fixture";
import { type Chart, gridOf } from "./chart";
import { chartText, legendOf, pointText, pointTimes } from "./chart-text";
import { chartsOf } from "./charts";

const MIN = 60_000;
const NOON = new Date(2026, 10, 24, 12).getTime();
const RANGE = { fromMs: NOON, toMs: NOON + 2 * MIN, isLive: false };
const LIMITS = [{ fromMs: NOON, toMs: NOON + 2 * MIN, limit: 20 }];

const POINTS = [
  point(NOON, { peak_active: 12, mean_active: 7.44, starts: 4, ends: 2 }),
  point(NOON + MIN, {
    peak_active: 20,
    mean_active: 18,
    peak_queued: 3,
    wait_ms: { p50: 0, p95: 1500, p99: 61_000, max: 70_000 },
  }),
];

function figures(more: Partial<Figures> = {}): Figures {
  const summary = { span: { ...RANGE, stepS: 60, isWhole: false }, points: POINTS };
  return {
    range: RANGE,
    stepS: 60,
    by: "none",
    points: POINTS,
    markers: [],
    parts: [],
    summary,
    ...more,
  };
}

function charts(more: Partial<Figures> = {}, fill?: "peak" | "mean"): Chart[] {
  const names = new Map([["a", "Ada"]]);
  return chartsOf({ figures: figures(more), limits: LIMITS, names }, { fill });
}

const looks = (chart: Chart | undefined) =>
  chart?.series.map(({ name, kind }) => `${name} ${kind}`);

describe("the charts", () => {
  it("are active calls, the queue, waits, starts and ends", () => {
    expect(charts().map(({ title }) => title)).toEqual([
      "Active calls",
      "Queue depth",
      "Wait until started",
      "Starts and ends",
    ]);
  });

  it("show the peak as an area and the mean as a line, or the other way round", () => {
    expect(looks(charts()[0])).toEqual(["Peak area", "Mean line"]);
    expect(looks(charts({}, "mean")[0])).toEqual(["Mean area", "Peak line"]);
  });

  it("stack means by agent under the peak of all, and say how that is to be read", () => {
    const parts = [{ agent: "a", points: POINTS }];
    const [active] = charts({ by: "agent", parts });
    expect(looks(active)).toEqual(["Ada layer", "Peak of all line"]);
    expect(active?.hint).toContain("means, which add up");
    expect(charts({ by: "agent", parts }, "peak")[0]?.hint).toContain("may be higher");
  });

  it("show lost demand by cause, and only where there is any", () => {
    expect(looks(charts()[3])).toEqual(["Starts area", "Ends line"]);
    const ended = { completed: 9, canceled: 2, max_wait: 1, lease_expired: 1, reconciled: 1 };
    const points = [
      point(NOON, { refused: 3, ended }),
      point(NOON + MIN, { ended: { declined: 1 } }),
    ];
    const lost = charts({ points })[4];
    expect(lost?.title).toBe("Lost demand");
    expect(lost?.series.map(({ name, values }) => [name, ...values])).toEqual([
      ["Gave up", 2, 0],
      ["Ran out", 1, 0],
      ["Refused", 3, 0],
      ["Not taken up", 0, 1],
      ["Engine lost", 2, 0],
    ]);
  });

  it("show who waited where calls are stacked, and else whether the pool was full", () => {
    const parts = [
      { agent: "a", points: POINTS },
      { agent: "b", points: [point(NOON)] },
    ];
    expect(looks(charts({ by: "agent", parts })[1])).toEqual(["Ada layer", "Peak of all line"]);
    const points = [
      point(NOON, { peak_active: 19, peak_queued: 2 }),
      point(NOON + MIN, { peak_active: 20, peak_queued: 3 }),
    ];
    expect(charts({ points })[1]?.series.map(({ name, values }) => [name, ...values])).toEqual([
      ["Pool full", 0, 3],
      ["Pool not full", 2, 0],
      ["Peak", 2, 3],
    ]);
  });

  it("tell percentiles apart by pattern as well as by colour", () => {
    const lines = charts()[2]?.series ?? [];
    expect(new Set(lines.map(({ dash }) => dash)).size).toBe(3);
    expect(new Set(lines.map(({ color }) => color)).size).toBe(3);
  });

  it("show what was the week before, from its first call on, at the points of now", () => {
    const earlier = (index: number, starts: number) =>
      point(NOON - 7 * 86_400_000 + index * MIN, { starts, peak_active: starts });
    const before = { weeks: 1, points: [earlier(0, 0), earlier(1, 5)] };
    const ghost = charts({ before })[3]?.series.at(-1);
    expect(ghost).toMatchObject({ name: "Starts, the week before", dash: "ghost" });
    expect(ghost?.values).toEqual([null, 5]);
    expect(looks(charts({ before })[0])).toContain("Peak, the week before line");
    const hour = point(NOON - 7 * 86_400_000, { starts: 120, peak_active: 9, span_ms: 60 * MIN });
    const byTheHour = charts({ before: { weeks: 1, points: [hour] } });
    expect(byTheHour[3]?.series.at(-1)?.values).toEqual([2, 2]);
    expect(byTheHour[0]?.series.at(-1)?.values).toEqual([9, 9]);
    const never = { weeks: 1, points: [earlier(0, 0)] };
    expect(looks(charts({ before: never })[0])).toEqual(["Peak area", "Mean line"]);
  });

  it("have no wait where nothing started", () => {
    expect(charts()[2]?.series[1]?.values).toEqual([null, 1500]);
  });
});

describe("in words", () => {
  const grid = gridOf(POINTS);
  const [active, , wait] = charts() as [Chart, Chart, Chart, Chart];

  it("a legend has the values at the cursor, and the limit", () => {
    const values = legendOf(active, grid, 0).map(({ name, value }) => `${name} ${value}`);
    expect(values).toEqual(["Peak 12", "Mean 7.4", "Limit 20"]);
    expect(legendOf(wait, grid, 0).map(({ value }) => value)).toEqual(["–", "–", "–"]);
  });

  it("a legend keeps room for its longest value", () => {
    expect(legendOf(wait, grid, 0)[2]?.room).toBe("1 min 01 s".length);
  });

  it("a point says its time and its values", () => {
    expect(pointTimes(grid, 1)).toBe("24 Nov, 12:01 – 12:02");
    expect(pointText(active, grid, 1)).toBe("24 Nov, 12:01 – 12:02: Peak 20, Mean 18.0, Limit 20");
    expect(pointTimes(grid, 7)).toBe("");
  });

  it("a chart says what it shows, how high it goes, and where to read more", () => {
    expect(chartText(active, RANGE)).toBe(
      "Chart: Active calls, 24 Nov, 12:00 – 12:02. Peak at most 20, Mean at most 18.0, limit 20 at the end. Arrow keys read out points, with Shift they select what Enter zooms to; the table has them all.",
    );
  });
});

it("a span is quiet when nothing was in it, or when it has no points", () => {
  expect(isQuiet([])).toBe(true);
  expect(isQuiet([point(NOON), point(NOON + MIN)])).toBe(true);
  expect(isQuiet([point(NOON), point(NOON + MIN, { refused: 1 })])).toBe(false);
});
