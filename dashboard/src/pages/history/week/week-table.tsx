import { useMemo } from "react";
import { count, shortDuration } from "../../../format";
import type { WindowedColumn } from "../../../ui/table/table-column";
import { WindowedTable } from "../../../ui/table/windowed-table";
import { percent } from "../figures/headline";
import { type HourOfWeek, hourName } from "./hours-of-week";

/** The hours of the week as a table, which can be ordered by any figure. */
export function WeekTable({ hours }: { hours: readonly HourOfWeek[] }) {
  const columns = useMemo(columnsOf, []);
  return (
    <WindowedTable label="Hours of the week" columns={columns} rows={hours} keyOf={hourName} />
  );
}

function columnsOf(): WindowedColumn<HourOfWeek>[] {
  const number = (
    head: string,
    width: number,
    figureOf: (hour: HourOfWeek) => number | undefined,
    format: (value: number) => string,
  ): WindowedColumn<HourOfWeek> => ({
    key: head,
    head,
    width,
    isNumber: true,
    sortBy: figureOf,
    cell: (hour) => {
      const value = figureOf(hour);
      return value === undefined ? "–" : format(value);
    },
  });
  return [
    {
      key: "hour",
      head: "Hour",
      width: 7,
      isWide: true,
      sortBy: ({ day, hour }) => day * 24 + hour,
      cell: hourName,
    },
    number("In use", 5.5, ({ use }) => use, percent),
    number("Wait p95", 6.5, ({ waitMs }) => waitMs, shortDuration),
    { ...number("Worst week", 7.5, ({ worstMs }) => worstMs, shortDuration), extra: 2 },
    { ...number("Weeks", 5, ({ weeks }) => weeks, count), extra: 1 },
  ];
}
