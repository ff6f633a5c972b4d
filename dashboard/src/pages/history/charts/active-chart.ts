// Active calls, stacked by agent, type or gate, against the limit. Pure.

import type { HistoryPoint } from "../../../domain";
import { count } from "../../../format";
import type { Fill } from "../url-state";
import { type Chart, gridOf, meanText, type Shown, shown, type Told } from "./chart";
import { ghost } from "./ghost";
import { type Layer, layersOf } from "./layers";

const FIGURE: Record<Fill, (point: HistoryPoint) => number> = {
  mean: (point) => point.mean_active,
  peak: (point) => point.peak_active,
};
const FORMAT: Record<Fill, (value: number) => string> = { mean: meanText, peak: count };
const NAME: Record<Fill, string> = { mean: "Mean", peak: "Peak" };

const STACK_HINT: Record<Fill, string> = {
  mean: "Areas are means, which add up to the mean of all; the line is the peak of all.",
  peak: "Areas are peaks, which fall at different moments: together they may be higher than the peak of all, the line.",
};

const GATES_HINT =
  "A call counts for each gate that it passes, and calls without gates for none: the areas together are not all calls. The line is the peak of all.";

/** Which figure is filled, `fill` says; the other one is a line. */
export function activeChart({ figures, limits, names }: Told, fill: Fill): Chart {
  const { by, points, parts } = figures;
  const chart = {
    title: "Active calls",
    unit: "count" as const,
    reference: { name: "Limit", stretches: limits },
  };
  const before = ghost(figures, NAME[fill], FIGURE[fill], { format: FORMAT[fill] });
  if (by === "none") {
    const area = ofAll(points, fill, "area");
    const line = ofAll(points, fill === "peak" ? "mean" : "peak", "line");
    return { ...chart, series: [area, line, ...before] };
  }
  const { ats } = gridOf(points);
  const told = { by, figure: FIGURE[fill], rank: FIGURE.mean, ats, names };
  const layers = layersOf(parts, told).map((layer) => layerOf(layer, fill));
  const values = points.map(FIGURE.peak);
  const peak = { name: "Peak of all", longName: "Peak active", kind: "line", values } as const;
  const series = [...layers, shown({ ...peak, color: "text" }), ...before];
  return { ...chart, hint: by === "gate" ? GATES_HINT : STACK_HINT[fill], series };
}

function ofAll(points: readonly HistoryPoint[], of: Fill, kind: "area" | "line"): Shown {
  return shown({
    name: NAME[of],
    longName: `${NAME[of]} active`,
    kind,
    color: of === "peak" ? "series-1" : "series-2",
    values: points.map(FIGURE[of]),
    format: FORMAT[of],
  });
}

function layerOf({ name, color, values }: Layer, fill: Fill): Shown {
  const longName = `${name}, ${fill} active`;
  return shown({ name, longName, kind: "layer", color, values, format: FORMAT[fill] });
}
