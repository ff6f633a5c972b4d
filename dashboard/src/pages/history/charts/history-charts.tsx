import { useMemo, useRef, useState } from "react";
import { CursorGroup, useCursor } from "../../../chart/cursor-group";
import { Legend } from "../../../chart/legend";
import type { Mark } from "../../../chart/mark-groups";
import { Marks } from "../../../chart/marks";
import type { Grid } from "../../../chart/series";
import { TimeChart } from "../../../chart/time-chart";
import { zoneName } from "../../../time-zone";
import type { HistoryMarker } from "../changes/limit-line";
import { markerText } from "../changes/marker-text";
import { fileName } from "../export/file-name";
import { PictureButton } from "../export/picture-button";
import { pictureOf } from "../export/picture-of-charts";
import type { Range, Span } from "../span/span";
import type { Chart } from "./chart";
import { chartText, legendOf, pointText, pointTimes } from "./chart-text";

const FIRST_HEIGHT_PX = 250;
const HEIGHT_PX = 160;

/** Charts one above the other, with one cursor. */
export function HistoryCharts(props: {
  charts: readonly Chart[];
  grid: Grid;
  range: Range;
  markers: readonly HistoryMarker[];
  span: Span;
  /** When calls waited, and why. */
  waits: readonly Mark[];
  onZoom: (fromMs: number, toMs: number) => void;
}) {
  const { charts, grid, range, span, markers, waits, onZoom } = props;
  const [cursors] = useState(() => new CursorGroup());
  const marks = useMemo(
    () => markers.map((it) => ({ atMs: Date.parse(it.at), text: markerText(it) })),
    [markers],
  );
  const section = useRef<HTMLElement>(null);
  const take = () => {
    const within = section.current;
    return within === null ? undefined : { within, picture: pictureOf(charts, range, within) };
  };
  const lines = useMemo(() => marks.map(({ atMs }) => atMs), [marks]);
  return (
    <section
      ref={section}
      aria-label="Charts"
      className="rounded-lg border border-line bg-surface shadow-card"
    >
      <Readout grid={grid} cursors={cursors} />
      <div className="flex flex-wrap justify-end gap-2 px-3 pb-2 sm:px-4">
        <PictureButton take={take} name={(org) => fileName(org, span, "png")} />
      </div>
      {charts.map((chart, index) => (
        <section
          key={chart.title}
          aria-label={chart.title}
          className="border-line border-t p-3 sm:p-4"
        >
          <div className="mb-1 flex flex-wrap items-baseline gap-x-6 gap-y-1">
            <h2 className="font-semibold">{chart.title}</h2>
            <LiveLegend chart={chart} grid={grid} cursors={cursors} />
          </div>
          {chart.hint !== undefined && <p className="text-muted text-xs">{chart.hint}</p>}
          {index === 0 && marks.length > 0 && (
            <Marks marks={marks} range={range} label="Settings changes" of="change" />
          )}
          {index === 1 && waits.length > 0 && (
            <Marks marks={waits} range={range} label="When calls waited" of="wait" />
          )}
          <TimeChart
            label={chartText(chart, range)}
            grid={grid}
            range={range}
            series={chart.series}
            reference={chart.reference}
            marks={lines}
            unit={chart.unit}
            height={index === 0 ? FIRST_HEIGHT_PX : HEIGHT_PX}
            cursors={cursors}
            describe={(at) => pointText(chart, grid, at)}
            onZoom={onZoom}
          />
        </section>
      ))}
    </section>
  );
}

/** When the values are from that the legends show: at the cursor, else the newest. */
function Readout({ grid, cursors }: { grid: Grid; cursors: CursorGroup }) {
  const cursor = useCursor(cursors);
  const index = shownIndex(cursor, grid);
  return (
    <p className="sticky top-0 z-10 flex flex-wrap justify-between gap-x-4 rounded-t-lg bg-surface px-3 py-2 sm:px-4">
      <span>
        <span className="text-muted">{cursor === null ? "Newest point" : "At the cursor"}: </span>
        <span className="font-medium">{pointTimes(grid, index)}</span>
      </span>
      <span className="text-muted">
        Times in {zoneName()}
        <span className="hidden lg:inline">
          {" "}
          · drag across a chart, or select with Shift and the arrow keys, to zoom
        </span>
      </span>
    </p>
  );
}

function LiveLegend(props: { chart: Chart; grid: Grid; cursors: CursorGroup }) {
  const { chart, grid, cursors } = props;
  const index = shownIndex(useCursor(cursors), grid);
  return <Legend items={legendOf(chart, grid, index)} />;
}

function shownIndex(cursor: number | null, grid: Grid): number {
  const last = grid.ats.length - 1;
  return Math.min(cursor ?? last, last);
}
