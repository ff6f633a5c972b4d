import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import "./chart.css";
import { counted } from "../format";
import type { Unit } from "./axis";
import { readColors, watchTheme } from "./colors";
import type { CursorGroup } from "./cursor-group";
import { type Place, pressed } from "./cursor-keys";
import { middleOf, type Picture, plotOptions } from "./plot-options";
import { type ChartSeries, drawn, endOf, type Grid, type Reference } from "./series";

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

/** Figures over time. Dragging over it zooms; arrow keys move the cursor, with Shift they select what Enter zooms to. */
export function TimeChart(props: TimeChartProps) {
  const { label, cursors, height, describe } = props;
  const holder = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState("");
  const plot = usePlot(holder, props);
  const anchor = useRef<number | null>(null);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { grid } = props;
    const press = { key: event.key, isShift: event.shiftKey };
    const moved = pressed(press, { at: cursors.at, anchor: anchor.current }, grid.ats.length);
    if (moved === undefined) return;
    event.preventDefault();
    anchor.current = moved.anchor;
    cursors.move(moved.at);
    if (plot.current !== undefined) showSelected(plot.current, grid, moved);
    const [first, last] = moved.zoom ?? [];
    const from = first === undefined ? undefined : grid.ats[first];
    if (from !== undefined && last !== undefined) props.onZoom(from, endOf(grid, last));
    const selected = moved.anchor === null ? "" : `${selectedText(moved)} Enter zooms to them. `;
    setSaid(moved.at === null ? "" : selected + describe(moved.at));
  };
  return (
    <>
      <div
        ref={holder}
        role="img"
        aria-label={label}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setSaid("");
          anchor.current = null;
          if (plot.current !== undefined) {
            showSelected(plot.current, props.grid, { at: null, anchor: null });
          }
        }}
        className="w-full overflow-hidden rounded-md"
        style={{ height }}
      />
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
    </>
  );
}

/** Keeps a plot in an element. It is made anew only when the number of series changes, or how their lines are broken. */
function usePlot(
  holder: { current: HTMLDivElement | null },
  props: TimeChartProps,
): { current: uPlot | undefined } {
  const { grid, range, series, reference, marks, unit, height, cursors, onZoom } = props;
  const plot = useRef<uPlot | undefined>(undefined);
  const picture = useRef<Picture>(undefined as unknown as Picture);
  const zoom = useRef(onZoom);
  const dashes = JSON.stringify(series.map(({ dash = "solid" }) => dash));

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
    const options = plotOptions(JSON.parse(dashes), {
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
  }, [holder, dashes, height, cursors]);
  return plot;
}

function dataOf({ grid, series }: Picture): uPlot.AlignedData {
  return [[...grid.ats], ...series.map(({ tops }) => tops)];
}

function selectedText({ at, anchor }: Place): string {
  const points = Math.abs((at ?? 0) - (anchor ?? 0)) + 1;
  return `${counted(points, "point")} selected.`;
}

/** Draws what is selected by keys, or nothing. */
function showSelected(u: uPlot, grid: Grid, { at, anchor }: Place): void {
  const from = anchor === null || at === null ? undefined : grid.ats[Math.min(at, anchor)];
  if (from === undefined || at === null || anchor === null) {
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    return;
  }
  const left = Math.max(0, u.valToPos(from, "x"));
  const width = u.valToPos(endOf(grid, Math.max(at, anchor)), "x") - left;
  u.setSelect({ left, top: 0, width, height: u.over.clientHeight }, false);
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
