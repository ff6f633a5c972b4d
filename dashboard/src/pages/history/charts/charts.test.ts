import { describe, expect, it } from "vitest";
import type { Figures } from "../figures/read-figures";
import { point } from "../markers.fixture";
import { chartText, legendOf, pointText, pointTimes } from "./chart-text";
import { type Chart, chartsOf, gridOf, isQuiet } from "./charts";

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
  return chartsOf(figures(more), { fill }, LIMITS, new Map([["a", "Ada"]]));
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

  it("show refused starts only where there are any", () => {
    expect(looks(charts()[3])).toEqual(["Starts area", "Ends line"]);
    const points = [point(NOON, { refused: 1 })];
    expect(looks(charts({ points })[3])).toContain("Refused line");
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
      "Chart: Active calls, 24 Nov, 12:00 – 12:02. Peak at most 20, Mean at most 18.0, limit 20 at the end. Arrow keys read out points; the table has them all.",
    );
  });
});

it("a span is quiet when nothing was in it, or when it has no points", () => {
  expect(isQuiet([])).toBe(true);
  expect(isQuiet([point(NOON), point(NOON + MIN)])).toBe(true);
  expect(isQuiet([point(NOON), point(NOON + MIN, { refused: 1 })])).toBe(false);
});
