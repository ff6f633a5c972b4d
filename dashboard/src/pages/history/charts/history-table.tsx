import type { Grid } from "../../../chart/series";
import { count, moment } from "../../../format";
import { Table, Td, Th } from "../../../ui/table";
import { lowestLimit } from "../changes/limit-line";
import { fromTo } from "../span/times";
import type { Chart } from "./charts";

/** The points of the charts as a table, newest first. */
export function HistoryTable({ grid, charts }: { grid: Grid; charts: readonly Chart[] }) {
  const series = charts.flatMap((chart) => chart.series);
  // Figures of all calls come before those by agent or type.
  const columns = [
    ...series.filter(({ kind }) => kind !== "layer"),
    ...series.filter(({ kind }) => kind === "layer"),
  ];
  const limits = charts.flatMap((chart) => chart.reference?.stretches ?? []);
  const newestFirst = grid.ats.map((at, index) => ({ at, index })).reverse();
  return (
    <Table label="Points of the history">
      <thead>
        <tr>
          <Th>Time</Th>
          {columns.map(({ longName, color }) => (
            <Th key={`${longName} ${color}`} isNumber>
              {longName}
            </Th>
          ))}
          <Th isNumber>Limit</Th>
        </tr>
      </thead>
      <tbody>
        {newestFirst.map(({ at, index }) => {
          const endMs = grid.ats[index + 1] ?? grid.endMs;
          const limit = lowestLimit(limits, at, endMs);
          return (
            <tr key={at}>
              <Td>
                <time
                  dateTime={new Date(at).toISOString()}
                  title={moment(at)}
                  className="whitespace-nowrap"
                >
                  {fromTo(at, endMs)}
                </time>
              </Td>
              {columns.map(({ longName, color, values, format }) => {
                const value = values[index] ?? null;
                return (
                  <Td key={`${longName} ${color}`} isNumber>
                    <span className="whitespace-nowrap">
                      {value === null ? "–" : format(value)}
                    </span>
                  </Td>
                );
              })}
              <Td isNumber>{limit === undefined ? "–" : count(limit)}</Td>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}
