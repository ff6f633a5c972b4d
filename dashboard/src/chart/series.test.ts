import { describe, expect, it } from "vitest";
import { type ChartSeries, drawn, endOf, highest, pointAt } from "./series";
import { stepsOf } from "./step-paths";

const GRID = { ats: [0, 10, 20], endMs: 25 };

const series = (kind: ChartSeries["kind"], values: (number | null)[]): ChartSeries => ({
  name: "x",
  color: "series-1",
  kind,
  values,
});

describe("what is drawn", () => {
  it("puts layers on one another, and nothing else", () => {
    const [a, line, b] = drawn([
      series("layer", [1, 2, 3]),
      series("line", [9, 9, 9]),
      series("layer", [4, null, 6]),
    ]);
    expect(a).toMatchObject({ tops: [1, 2, 3], bases: [0, 0, 0] });
    expect(line).toMatchObject({ tops: [9, 9, 9], bases: undefined });
    expect(b).toMatchObject({ tops: [5, 2, 9], bases: [1, 2, 3] });
  });

  it("is as high as its highest, or as the reference line", () => {
    const layers = drawn([series("layer", [1, 2, 3]), series("layer", [1, 1, 1])]);
    expect(highest(layers, undefined)).toBe(4);
    const stretches = [{ fromMs: 0, toMs: 1, limit: 20 }];
    expect(highest(layers, { name: "Limit", stretches })).toBe(20);
    expect(highest([], undefined)).toBe(0);
  });
});

describe("points", () => {
  it("last until the next begins, and the last until the end", () => {
    expect([0, 1, 2].map((index) => endOf(GRID, index))).toEqual([10, 20, 25]);
  });

  it("are found by a moment in them, or nearest to them", () => {
    expect([-5, 0, 9, 10, 24, 99].map((ms) => pointAt(GRID, ms))).toEqual([0, 0, 0, 1, 2, 2]);
    expect(pointAt({ ats: [], endMs: 0 }, 5)).toBe(-1);
  });
});

describe("steps", () => {
  const steps = (...values: ChartSeries[]) =>
    drawn(values).map((it) =>
      stepsOf(GRID, it).map(
        ({ x0, x1, base, top, isJoined }) => `${isJoined ? "+" : ""}${x0}-${x1} ${base}..${top}`,
      ),
    );

  it("stand from where a point begins to where it ends", () => {
    expect(steps(series("line", [1, 0, 2]))).toEqual([["0-10 0..1", "+10-20 0..0", "+20-25 0..2"]]);
  });

  it("break where there is no value", () => {
    expect(steps(series("line", [1, null, 2]))).toEqual([["0-10 0..1", "20-25 0..2"]]);
  });

  it("of a layer stand on the layer below, and are left out where it is empty", () => {
    expect(steps(series("layer", [1, 1, 1]), series("layer", [2, 0, 3]))[1]).toEqual([
      "0-10 1..3",
      "20-25 1..4",
    ]);
  });
});
