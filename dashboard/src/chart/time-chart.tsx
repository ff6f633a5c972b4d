import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import "./chart.css";
import type { Unit } from "./axis";
import { readColors, watchTheme } from "./colors";
import type { CursorGroup } from "./cursor-group";
import { nextIndex } from "./cursor-keys";
import { middleOf, type Picture, plotOptions } from "./plot-options";
import { type ChartSeries, drawn, type Grid, type Reference } from "./series";

interface TimeChartProps {
  /** What it shows, for those who do not see it. */
  label: string;
  grid: Grid;
  range: { fromMs: number; toMs: number };
  series: readonly ChartSeries[];
  reference?: Reference | undefined;
  /** Moments marked by a vertical line. */
  marks?: readonly number[];
  unit: Unit;
  height: number;
  /** Charts of one group have the same grid, and share their cursor. */
  cursors: CursorGroup;
  /** The values at a point, in words; said when the cursor is moved by keys. */
  describe: (index: number) => string;
  onZoom: (fromMs: number, toMs: number) => void;
}

/** Figures over time. Dragging over it zooms, arrow keys move the cursor. */
export function TimeChart(props: TimeChartProps) {
  const { label, cursors, height, describe } = props;
  const holder = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState("");
  usePlot(holder, props);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const index = nextIndex(event.key, cursors.at, props.grid.ats.length);
    if (index === undefined || index === -1) return;
    event.preventDefault();
    cursors.move(index);
    setSaid(index === null ? "" : describe(index));
  };
  return (
    <>
      <div
        ref={holder}
        role="img"
        aria-label={label}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => setSaid("")}
        className="w-full overflow-hidden rounded-md"
        style={{ height }}
      />
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
    </>
  );
}

/** Keeps a plot in an element. It is made anew only when the number of series changes. */
function usePlot(holder: { current: HTMLDivElement | null }, props: TimeChartProps): void {
  const { grid, range, series, reference, marks, unit, height, cursors, onZoom } = props;
  const plot = useRef<uPlot | undefined>(undefined);
  const picture = useRef<Picture>(undefined as unknown as Picture);
  const zoom = useRef(onZoom);
  const seriesCount = series.length;

  useLayoutEffect(() => {
    const colors = picture.current?.colors ?? readColors(holder.current as HTMLElement);
    const shown = {
      grid,
      range,
      series: drawn(series),
      reference,
      marks: marks ?? [],
      unit,
      colors,
    };
    picture.current = shown;
    // A plot with another number of series is made below, with the picture.
    if (plot.current?.series.length === series.length + 1) plot.current.setData(dataOf(shown));
  }, [holder, grid, range, series, reference, marks, unit]);

  useLayoutEffect(() => {
    zoom.current = onZoom;
  }, [onZoom]);

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const options = plotOptions(seriesCount, {
      width: Math.max(1, element.clientWidth),
      height,
      fontFamily: getComputedStyle(element).fontFamily,
      picture: () => picture.current,
      onCursor: (u, index) => cursors.move(index, u),
      onSelect: (fromMs, toMs) => zoom.current(fromMs, toMs),
    });
    const u = new uPlot(options, dataOf(picture.current), element);
    plot.current = u;
    const stops = [
      cursors.watch((index, mover) => mover !== u && show(u, picture.current, index)),
      watchTheme(() => {
        picture.current = { ...picture.current, colors: readColors(element) };
        u.redraw();
      }),
      watchWidth(element, (width) => u.setSize({ width, height })),
    ];
    return () => {
      for (const stop of stops) stop();
      plot.current = undefined;
      u.destroy();
    };
  }, [holder, seriesCount, height, cursors]);
}

function dataOf({ grid, series }: Picture): uPlot.AlignedData {
  return [[...grid.ats], ...series.map(({ tops }) => tops)];
}

/** Shows the cursor at a point without telling anybody. */
function show(u: uPlot, picture: Picture, index: number | null): void {
  const at = index === null ? undefined : picture.grid.ats[index];
  const begin = at === undefined ? -1 : u.valToPos(Math.max(at, picture.range.fromMs), "x");
  const left = at === undefined ? -10 : middleOf(u, picture, begin + 0.01);
  u.setCursor({ left, top: at === undefined ? -10 : 0 }, false);
}

function watchWidth(element: HTMLElement, onWidth: (width: number) => void): () => void {
  let known = element.clientWidth;
  const observer = new ResizeObserver(() => {
    if (element.clientWidth === known || element.clientWidth === 0) return;
    known = element.clientWidth;
    onWidth(known);
  });
  observer.observe(element);
  return () => observer.disconnect();
}
