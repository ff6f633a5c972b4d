// Charts in words: the legend at a point, a point read out, and a chart for those who do not see it. Pure.

import type { LegendItem } from "../../../chart/legend";
import { endOf, type Grid, type Reference } from "../../../chart/series";
import { count } from "../../../format";
import { lowestLimit } from "../changes/limit-line";
import { fromTo } from "../span/times";
import type { Chart } from "./chart";

/** The legend of a chart with the values at a point. */
export function legendOf(chart: Chart, grid: Grid, index: number): LegendItem[] {
  const items = chart.series.map(
    ({ name, color, kind, dash, values, format, room }): LegendItem => {
      const value = values[index] ?? null;
      return { name, color, look: kind, dash, value: value === null ? "–" : format(value), room };
    },
  );
  const { reference } = chart;
  if (reference !== undefined) {
    const limit = limitAt(reference, grid, index);
    const value = limit === undefined ? "–" : count(limit);
    items.push({ name: reference.name, color: "text", look: "dashed", value, room: 3 });
  }
  return items;
}

function limitAt({ stretches }: Reference, grid: Grid, index: number): number | undefined {
  const at = grid.ats[index];
  return at === undefined ? undefined : lowestLimit(stretches, at, endOf(grid, index));
}

/** A point in words. */
export function pointText(chart: Chart, grid: Grid, index: number): string {
  const values = legendOf(chart, grid, index).map(({ name, value }) => `${name} ${value}`);
  return `${pointTimes(grid, index)}: ${values.join(", ")}`;
}

/** From when to when a point is. */
export function pointTimes(grid: Grid, index: number): string {
  const at = grid.ats[index];
  return at === undefined ? "" : fromTo(at, endOf(grid, index));
}

/** A chart in words. */
export function chartText(chart: Chart, range: { fromMs: number; toMs: number }): string {
  const highs = chart.series.map(({ name, values, format }) => {
    const highest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
    return `${name} at most ${format(highest)}`;
  });
  const limit = chart.reference?.stretches.at(-1)?.limit;
  if (limit !== undefined) highs.push(`limit ${count(limit)} at the end`);
  const span = fromTo(range.fromMs, range.toMs);
  return `Chart: ${chart.title}, ${span}. ${highs.join(", ")}. Arrow keys read out points, with Shift they select what Enter zooms to; the table has them all.`;
}
