// What the four charts show of the figures of a span. Pure.

import type { Unit } from "../../../chart/axis";
import type { ColorName } from "../../../chart/colors";
import type { ChartSeries, Grid, Reference } from "../../../chart/series";
import type { HistoryPoint } from "../../../domain";
import { count, shortDuration } from "../../../format";
import type { LimitStretch } from "../changes/limit-line";
import type { Figures } from "../figures/read-figures";
import { type Fill, fillOf, type View } from "../url-state";
import { type Layer, layersOf } from "./layers";

export interface Chart {
  title: string;
  /** What is easily misread. */
  hint?: string;
  unit: Unit;
  series: readonly Shown[];
  reference?: Reference;
}

/** A series of a chart, which is also a column of the table. */
export interface Shown extends ChartSeries {
  /** What it is called away from its chart. */
  longName: string;
  format: (value: number) => string;
  /** How long its values can be, in characters. */
  room: number;
}

/** When the points of a span begin and the last one ends. */
export function gridOf(points: readonly HistoryPoint[]): Grid {
  const last = points.at(-1);
  const endMs = last === undefined ? 0 : Date.parse(last.at) + last.span_ms;
  return { ats: points.map((point) => Date.parse(point.at)), endMs };
}

/** The four charts. */
export function chartsOf(
  figures: Figures,
  view: Pick<View, "fill">,
  limits: readonly LimitStretch[],
  names: ReadonlyMap<string, string>,
): Chart[] {
  const { points } = figures;
  return [
    activeChart(figures, fillOf({ by: figures.by, fill: view.fill }), limits, names),
    { title: "Queue depth", unit: "count", series: [queued(points)] },
    {
      title: "Wait until started",
      hint: "Of the calls that started, at once or from the queue.",
      unit: "duration",
      series: [
        wait(points, "p50", "series-5"),
        wait(points, "p95", "series-3"),
        wait(points, "p99", "series-4"),
      ],
    },
    { title: "Starts and ends", unit: "count", series: startsAndEnds(points) },
  ];
}

function activeChart(
  { by, points, parts }: Figures,
  fill: Fill,
  limits: readonly LimitStretch[],
  names: ReadonlyMap<string, string>,
): Chart {
  const chart = {
    title: "Active calls",
    unit: "count" as const,
    reference: { name: "Limit", stretches: limits },
  };
  const peaks = points.map((point) => point.peak_active);
  const look = (of: Fill) => (fill === of ? "area" : "line");
  if (by === "none") {
    const means = points.map((point) => point.mean_active);
    const peak = shown("Peak", "Peak active", look("peak"), "series-1", peaks);
    const mean = shown("Mean", "Mean active", look("mean"), "series-2", means, meanText);
    return { ...chart, series: fill === "peak" ? [peak, mean] : [mean, peak] };
  }
  const { ats } = gridOf(points);
  const layers = layersOf(parts, { by, fill, ats, names }).map((layer) => layerOf(layer, fill));
  const ofAll = shown("Peak of all", "Peak active", "line", "text", peaks);
  return { ...chart, hint: STACK_HINT[fill], series: [...layers, ofAll] };
}

const STACK_HINT: Record<Fill, string> = {
  mean: "Areas are means, which add up to the mean of all; the line is the peak of all.",
  peak: "Areas are peaks, which fall at different moments: together they may be higher than the peak of all, the line.",
};

function layerOf({ name, color, values }: Layer, fill: Fill): Shown {
  const format = fill === "mean" ? meanText : count;
  return shown(name, `${name}, ${fill} active`, "layer", color, values, format);
}

function queued(points: readonly HistoryPoint[]): Shown {
  const peaks = points.map((point) => point.peak_queued);
  return shown("Peak", "Peak queued", "area", "series-3", peaks);
}

function wait(points: readonly HistoryPoint[], of: "p50" | "p95" | "p99", color: ColorName) {
  const values = points.map((point) => point.wait_ms?.[of] ?? null);
  return shown(of, `Wait ${of}`, "line", color, values, shortDuration);
}

function startsAndEnds(points: readonly HistoryPoint[]): Shown[] {
  const starts = points.map((point) => point.starts);
  const ends = points.map((point) => point.ends);
  const refused = points.map((point) => point.refused);
  const series = [
    shown("Starts", "Starts", "area", "series-1", starts),
    shown("Ends", "Ends", "line", "series-2", ends),
  ];
  if (refused.some((starts) => starts > 0)) {
    series.push(shown("Refused", "Refused", "line", "danger", refused));
  }
  return series;
}

function shown(
  name: string,
  longName: string,
  kind: ChartSeries["kind"],
  color: ColorName,
  values: readonly (number | null)[],
  format: (value: number) => string = count,
): Shown {
  const room = Math.max(1, ...values.map((value) => (value === null ? 1 : format(value).length)));
  return { name, longName, kind, color, values, format, room };
}

function meanText(value: number): string {
  return value.toFixed(1);
}

/** Whether nothing was in the span. */
export function isQuiet(points: readonly HistoryPoint[]): boolean {
  return points.every(
    ({ peak_active, peak_queued, starts, ends, refused }) =>
      peak_active + peak_queued + starts + ends + refused === 0,
  );
}
