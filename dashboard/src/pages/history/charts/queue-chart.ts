// Queued calls: whose they are, or whether they waited for a full pool. Pure.

import { lowestLimit } from "../changes/limit-line";
import { type Chart, gridOf, type Shown, shown, type Told } from "./chart";
import { layersOf } from "./layers";

const WHOSE_HINT =
  "Areas are peaks, which fall at different moments: together they may be higher than the peak of all, the line.";
const WHY_HINT =
  "Full: the limit was reached within the point. Not full: slots were kept for other calls, or a cap held these.";

/** By agent, type or gate: who waited; else: why. */
export function queueChart(told: Told): Chart {
  const chart = { title: "Queue depth", unit: "count" as const };
  return told.figures.by === "none"
    ? { ...chart, hint: WHY_HINT, series: byCause(told) }
    : { ...chart, hint: WHOSE_HINT, series: byWhom(told) };
}

function byWhom({ figures: { by, points, parts }, names }: Told): Shown[] {
  const { ats } = gridOf(points);
  const figure = (point: { peak_queued: number }) => point.peak_queued;
  const queued = parts.filter((part) => part.points.some((point) => point.peak_queued > 0));
  const layers = layersOf(queued, { by, figure, rank: figure, ats, names });
  const values = points.map(figure);
  return [
    ...layers.map(({ name, color, values }) =>
      shown({ name, longName: `${name}, peak queued`, kind: "layer", color, values }),
    ),
    shown({ name: "Peak of all", longName: "Peak queued", kind: "line", color: "text", values }),
  ];
}

function byCause({ figures: { points }, limits }: Told): Shown[] {
  const isFull = points.map(({ at, span_ms, peak_active }) => {
    const fromMs = Date.parse(at);
    const limit = lowestLimit(limits, fromMs, fromMs + span_ms);
    return limit === undefined ? undefined : peak_active >= limit;
  });
  const where = (is: boolean | undefined) =>
    points.map(({ peak_queued }, index) => (isFull[index] === is ? peak_queued : 0));
  const layers = [
    shown({ name: "Pool full", kind: "layer", color: "series-3", values: where(true) }),
    shown({ name: "Pool not full", kind: "layer", color: "series-5", values: where(false) }),
    shown({ name: "Limit unknown", kind: "layer", color: "shared", values: where(undefined) }),
  ].filter(({ values }) => values.some((value) => value !== 0));
  const values = points.map((point) => point.peak_queued);
  const peak = { name: "Peak", longName: "Peak queued", kind: "line", values } as const;
  return [...layers, shown({ ...peak, color: "text" })];
}
