// The options with which uPlot draws a chart. Colours and data are looked up at each drawing, so that both may change.

import type uPlot from "uplot";
import { partsInZone } from "../time-zone";
import { axisTimes, axisTop, axisValue, INCREMENTS, type Unit } from "./axis";
import { type Colors, translucent } from "./colors";
import { type Dash, patternOf } from "./dash";
import { type DrawnSeries, endOf, type Grid, highest, pointAt, type Reference } from "./series";
import { stepPaths } from "./step-paths";

/** How far the plot is from the left and the right edge of its chart, in pixels: the same for all, so that they align. */
export const PLOT_LEFT_PX = 56;
export const PLOT_RIGHT_PX = 24;
const PLOT_TOP_PX = 12;
const TIME_AXIS_PX = { oneLine: 24, twoLines: 40 };
const LEAST_DRAG_PX = 5;

/** What is drawn now. */
export interface Picture {
  grid: Grid;
  range: { fromMs: number; toMs: number };
  series: readonly DrawnSeries[];
  reference: Reference | undefined;
  /** Moments to draw a line at. */
  marks: readonly number[];
  unit: Unit;
  colors: Colors;
}

interface Setup {
  width: number;
  height: number;
  fontFamily: string;
  picture: () => Picture;
  onCursor: (u: uPlot, index: number | null) => void;
  onSelect: (fromMs: number, toMs: number) => void;
}

/** The options of a chart whose series have these patterns, one each. */
export function plotOptions(dashes: readonly Dash[], setup: Setup): uPlot.Options {
  const { picture } = setup;
  return {
    width: setup.width,
    height: setup.height,
    ms: 1,
    tzDate: partsInZone,
    padding: [PLOT_TOP_PX, PLOT_RIGHT_PX, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: true, range: () => [picture().range.fromMs, picture().range.toMs] },
      y: {
        range: () => {
          const { series, reference, unit } = picture();
          return [0, axisTop(highest(series, reference), unit)];
        },
      },
    },
    axes: axes(setup),
    series: [{}, ...dashes.map((dash) => seriesOptions(picture, dash))],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG_PX },
      move: (u, left, top) => [middleOf(u, picture(), left), top],
    },
    hooks: {
      drawAxes: [(u) => drawMarks(u, picture())],
      draw: [(u) => drawReference(u, picture())],
      setCursor: [(u) => setup.onCursor(u, cursorPoint(u, picture().grid))],
      setSelect: [(u) => select(u, picture().grid, setup.onSelect)],
    },
  };
}

function axes({ fontFamily, picture }: Setup): uPlot.Axis[] {
  const common: uPlot.Axis = {
    font: `12px ${fontFamily}`,
    stroke: () => picture().colors.muted,
    grid: { stroke: () => picture().colors.line, width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...common,
      size: (_, labels) =>
        labels?.some((label) => label.includes("\n"))
          ? TIME_AXIS_PX.twoLines
          : TIME_AXIS_PX.oneLine,
      gap: 6,
      space: 64,
      grid: { show: false },
      values: (_, moments, __, ___, increment) => axisTimes(moments, increment),
    },
    {
      ...common,
      size: PLOT_LEFT_PX,
      gap: 8,
      space: 28,
      incrs: () => INCREMENTS[picture().unit],
      values: (_, values) => values.map((value) => axisValue(value, picture().unit)),
    },
  ];
}

function seriesOptions(picture: () => Picture, dash: Dash): uPlot.Series {
  const find = (seriesIndex: number) => {
    const { grid, series } = picture();
    const found = series[seriesIndex - 1];
    return found === undefined ? undefined : { grid, series: found };
  };
  return {
    width: 1.5,
    dash: patternOf(dash).map((px) => px * devicePixelRatio),
    points: { show: false },
    paths: stepPaths(find),
    stroke: (_, index) => {
      const series = picture().series[index - 1];
      if (series === undefined) return "";
      // A gap between layers tells them apart whatever their colours are.
      return picture().colors[series.kind === "layer" ? "surface" : series.color];
    },
    fill: (_, index) => {
      const series = picture().series[index - 1];
      if (series === undefined) return "";
      return translucent(picture().colors[series.color], series.kind === "layer" ? 0.72 : 0.16);
    },
  };
}

/** The cursor is in the middle of a point. */
export function middleOf(u: uPlot, { grid, range }: Picture, left: number): number {
  const index = pointAt(grid, u.posToVal(left, "x"));
  const at = grid.ats[index];
  if (at === undefined || left < 0) return left;
  const begin = Math.max(at, range.fromMs);
  return u.valToPos((begin + Math.min(endOf(grid, index), range.toMs)) / 2, "x");
}

function cursorPoint(u: uPlot, grid: Grid): number | null {
  const left = u.cursor.left ?? -1;
  const index = left < 0 ? -1 : pointAt(grid, u.posToVal(left, "x"));
  return index < 0 ? null : index;
}

/** Whole points: from where the first that was drawn over begins to where the last ends. */
function select(u: uPlot, grid: Grid, onSelect: Setup["onSelect"]): void {
  const { left, width } = u.select;
  if (width <= 0) return;
  const first = pointAt(grid, u.posToVal(left, "x"));
  const last = pointAt(grid, u.posToVal(left + width, "x"));
  u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  const from = grid.ats[first];
  if (from !== undefined) onSelect(from, endOf(grid, last));
}

function drawMarks(u: uPlot, { marks, colors, range }: Picture): void {
  const { ctx, bbox } = u;
  const inRange = marks.filter((ms) => ms >= range.fromMs && ms <= range.toMs);
  const columns = new Set(inRange.map((ms) => Math.round(u.valToPos(ms, "x", true))));
  ctx.save();
  ctx.strokeStyle = translucent(colors["line-strong"], 0.6);
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  for (const x of columns) {
    ctx.moveTo(x + 0.5, bbox.top);
    ctx.lineTo(x + 0.5, bbox.top + bbox.height);
  }
  ctx.stroke();
  ctx.restore();
}

function drawReference(u: uPlot, { reference, colors, range }: Picture): void {
  if (reference === undefined) return;
  const { ctx } = u;
  ctx.save();
  ctx.strokeStyle = colors.text;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  let lastEnd: number | undefined;
  for (const { fromMs, toMs, limit } of reference.stretches) {
    const x0 = Math.round(u.valToPos(Math.max(fromMs, range.fromMs), "x", true));
    const x1 = Math.round(u.valToPos(Math.min(toMs, range.toMs), "x", true));
    const y = Math.round(u.valToPos(limit, "y", true)) + 0.5;
    if (lastEnd === fromMs) ctx.lineTo(x0, y);
    else ctx.moveTo(x0, y);
    ctx.lineTo(x1, y);
    lastEnd = toMs;
  }
  ctx.stroke();
  ctx.restore();
}
