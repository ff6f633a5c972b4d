import { useMemo } from "react";
import type { Grid } from "../../../chart/series";
import { count, moment } from "../../../format";
import type { WindowedColumn } from "../../../ui/table/table-column";
import { WindowedTable } from "../../../ui/table/windowed-table";
import { lowestLimit } from "../changes/limit-line";
import { fromTo } from "../span/times";
import type { Chart, Shown } from "./chart";

/** The columns that are there however narrow the table is. */
const ALWAYS: readonly string[] = ["Peak active", "Mean active", "Peak queued"];

/** What goes first where there is no room: figures of all calls, then the parts that were not asked for first. */
function extraOf({ kind }: Shown, index: number): number {
  return kind === "layer" ? index + 1 : 100 + index;
}

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
    <div className="flex flex-col gap-2">
      <WindowedTable
        label="Points of the history"
        columns={columns}
        rows={rows}
        keyOf={({ at }) => String(at)}
      />
      <p className="text-muted">
        Shown are the columns that fit. Download the CSV for the figures of all agents and types.
      </p>
    </div>
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
    ...(!ALWAYS.includes(shown.longName) && { extra: extraOf(shown, index) }),
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
    // Figures of all calls come before those by agent or type.
    ...columns.filter((_, index) => series[index]?.kind !== "layer"),
    ...columns.filter((_, index) => series[index]?.kind === "layer"),
    number("Limit", "limit", limitOf, count),
  ];
}
