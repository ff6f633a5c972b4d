import { useMemo } from "react";
import type { Grid } from "../../../chart/series";
import { count, moment } from "../../../format";
import { type WindowedColumn, WindowedTable } from "../../../ui/windowed-table";
import { lowestLimit } from "../changes/limit-line";
import { fromTo } from "../span/times";
import type { Chart, Shown } from "./charts";

/** A point: when it is from and to, and its place in the series. */
interface Point {
  at: number;
  endMs: number;
  index: number;
}

/** The points of the charts as a table, newest first. */
export function HistoryTable({ grid, charts }: { grid: Grid; charts: readonly Chart[] }) {
  const rows = useMemo(() => pointsOf(grid), [grid]);
  const columns = useMemo(() => columnsOf(charts), [charts]);
  return (
    <WindowedTable
      label="Points of the history"
      columns={columns}
      rows={rows}
      keyOf={({ at }) => String(at)}
    />
  );
}

function pointsOf(grid: Grid): Point[] {
  const points = grid.ats.map((at, index) => ({
    at,
    index,
    endMs: grid.ats[index + 1] ?? grid.endMs,
  }));
  return points.reverse();
}

function columnsOf(charts: readonly Chart[]): WindowedColumn<Point>[] {
  const series = charts.flatMap((chart) => chart.series);
  const limits = charts.flatMap((chart) => chart.reference?.stretches ?? []);
  const limitOf = ({ at, endMs }: Point) => lowestLimit(limits, at, endMs);
  const number = (
    head: string,
    key: string,
    figureOf: (point: Point) => number | undefined,
    format: (value: number) => string,
  ): WindowedColumn<Point> => ({
    key,
    head,
    // About as wide as its head, which is longer than its numbers.
    width: Math.min(12, 2.5 + head.length * 0.55),
    isNumber: true,
    sortBy: figureOf,
    cell: (point) => {
      const value = figureOf(point);
      return value === undefined ? "–" : format(value);
    },
  });
  const ofSeries = (shown: Shown, index: number) => ({
    ...number(
      shown.longName,
      `${shown.longName} ${index}`,
      (point) => shown.values[point.index] ?? undefined,
      shown.format,
    ),
    // Figures of all calls go before those by agent or type, which a narrow table leaves out.
    ...(shown.kind === "layer" && { extra: index + 1 }),
  });
  const columns = series.map(ofSeries);
  return [
    {
      key: "time",
      head: "Time",
      width: 13,
      isWide: true,
      sortBy: ({ at }) => at,
      cell: ({ at, endMs }) => (
        <time dateTime={new Date(at).toISOString()} title={moment(at)}>
          {fromTo(at, endMs)}
        </time>
      ),
    },
    ...columns.filter(({ extra }) => extra === undefined),
    ...columns.filter(({ extra }) => extra !== undefined),
    number("Limit", "limit", limitOf, count),
  ];
}
