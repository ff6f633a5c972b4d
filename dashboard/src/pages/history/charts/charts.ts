// What the charts show of the figures of a span. Pure.

import type { HistoryPoint } from "../../../domain";
import { count, shortDuration } from "../../../format";
import type { Figures } from "../figures/read-figures";
import { fillOf, type View } from "../url-state";
import { activeChart } from "./active-chart";
import { type Chart, type Shown, shown, type Told } from "./chart";
import { ghost } from "./ghost";
import { lostChart } from "./lost-demand";
import { queueChart } from "./queue-chart";

/** The charts, the main one first. */
export function chartsOf(told: Told, view: Pick<View, "fill">): Chart[] {
  const { figures } = told;
  return [
    activeChart(told, fillOf({ by: figures.by, fill: view.fill })),
    queueChart(told),
    {
      title: "Wait until started",
      hint: "Of the calls that started, at once or from the queue.",
      unit: "duration",
      series: waits(figures.points),
    },
    { title: "Starts and ends", unit: "count", series: startsAndEnds(figures) },
    ...lostChart(figures.points),
  ];
}

/** Told apart by pattern as well as by colour: p95 and p99 often lie close to each other. */
function waits(points: readonly HistoryPoint[]): Shown[] {
  const of = (rank: "p50" | "p95" | "p99") => ({
    name: rank,
    longName: `Wait ${rank}`,
    kind: "line" as const,
    values: points.map((point) => point.wait_ms?.[rank] ?? null),
    format: shortDuration,
  });
  return [
    shown({ ...of("p50"), color: "series-5" }),
    shown({ ...of("p95"), color: "series-8", dash: "long" }),
    shown({ ...of("p99"), color: "series-4", dash: "dots" }),
  ];
}

function startsAndEnds(figures: Figures): Shown[] {
  const starts = figures.points.map((point) => point.starts);
  const ends = figures.points.map((point) => point.ends);
  return [
    shown({ name: "Starts", kind: "area", color: "series-1", values: starts }),
    shown({ name: "Ends", kind: "line", color: "series-2", dash: "long", values: ends }),
    ...ghost(figures, "Starts", (point) => point.starts, {
      isSum: true,
      format: (starts) => count(Math.round(starts)),
    }),
  ];
}
