// Draws a series as steps: each value lasts from where its point begins to where it ends.

import type uPlot from "uplot";
import { type DrawnSeries, endOf, type Grid } from "./series";

/** A part of the line: from `x0` to `x1` at the height of `top`, over `base`. */
export interface Step {
  x0: number;
  x1: number;
  top: number;
  base: number;
  /** Whether it goes on from the step before. */
  isJoined: boolean;
}

/** The steps of a series, without those points that have no value. Pure. */
export function stepsOf(grid: Grid, series: DrawnSeries): Step[] {
  const steps: Step[] = [];
  let isJoined = false;
  series.tops.forEach((top, index) => {
    const x0 = grid.ats[index];
    const base = series.bases?.[index] ?? 0;
    // An empty layer would cover the edge of the one below it.
    const isEmpty = top === null || (series.kind === "layer" && top === base);
    if (isEmpty || x0 === undefined) {
      isJoined = false;
      return;
    }
    steps.push({ x0, x1: endOf(grid, index), top, base, isJoined });
    isJoined = true;
  });
  return steps;
}

/** A builder of paths for uPlot. `find` gives what is drawn now. */
export function stepPaths(
  find: (seriesIndex: number) => { grid: Grid; series: DrawnSeries } | undefined,
): uPlot.Series.PathBuilder {
  return (u, seriesIndex) => {
    const found = find(seriesIndex);
    if (found === undefined) return null;
    const stroke = new Path2D();
    const fill = found.series.kind === "line" ? null : new Path2D();
    const x = (ms: number) => Math.round(u.valToPos(ms, "x", true));
    const y = (value: number) => Math.round(u.valToPos(value, "y", true));
    for (const step of stepsOf(found.grid, found.series)) {
      const [x0, x1, top] = [x(step.x0), x(step.x1), y(step.top)];
      if (step.isJoined) stroke.lineTo(x0, top);
      else stroke.moveTo(x0, top);
      stroke.lineTo(x1, top);
      fill?.rect(x0, top, x1 - x0, y(step.base) - top);
    }
    return { stroke, fill, clip: null, band: null, flags: 0 };
  };
}
