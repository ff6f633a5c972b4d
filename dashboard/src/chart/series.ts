// What a chart shows: figures of points that follow on one another. Pure.

import type { ColorName } from "./colors";
import type { Dash } from "./dash";

/** The points of all series of a chart: each lasts until the next begins, the last until `endMs`. */
export interface Grid {
  ats: readonly number[];
  endMs: number;
}

export interface ChartSeries {
  name: string;
  color: ColorName;
  /** Layers are stacked in their order; areas and lines start at the axis. */
  kind: "area" | "line" | "layer";
  /** How its line is broken; solid, if absent. */
  dash?: Dash | undefined;
  /** One a point; null: there is none. */
  values: readonly (number | null)[];
}

/** Another figure that changes at moments of its own, as a line of stretches. */
export interface Reference {
  name: string;
  stretches: readonly { fromMs: number; toMs: number; limit: number }[];
}

/** A series with where it is drawn. */
export interface DrawnSeries {
  color: ColorName;
  kind: ChartSeries["kind"];
  tops: (number | null)[];
  /** Where it starts, if not at the axis. */
  bases: readonly number[] | undefined;
}

/** Puts layers on one another. */
export function drawn(series: readonly ChartSeries[]): DrawnSeries[] {
  let below: number[] | undefined;
  return series.map(({ color, kind, values }) => {
    if (kind !== "layer") return { color, kind, tops: [...values], bases: undefined };
    const bases: number[] = below ?? values.map(() => 0);
    below = values.map((value, index) => (bases[index] ?? 0) + (value ?? 0));
    return { color, kind, tops: below, bases };
  });
}

/** When a point ends. */
export function endOf({ ats, endMs }: Grid, index: number): number {
  return ats[index + 1] ?? endMs;
}

/** The point that a moment is in; the nearest when it is in none; -1 without points. */
export function pointAt({ ats }: Grid, ms: number): number {
  if (ats.length === 0) return -1;
  let [low, high] = [0, ats.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((ats[middle] ?? 0) <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The highest of all that is drawn; 0 when there is nothing. */
export function highest(series: readonly DrawnSeries[], reference: Reference | undefined): number {
  let most = 0;
  for (const { tops } of series) for (const top of tops) most = Math.max(most, top ?? 0);
  for (const { limit } of reference?.stretches ?? []) most = Math.max(most, limit);
  return most;
}
