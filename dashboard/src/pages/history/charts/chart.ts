// A chart: its series, and how their values are read. Pure.

import type { Unit } from "../../../chart/axis";
import type { ChartSeries, Grid, Reference } from "../../../chart/series";
import type { HistoryPoint } from "../../../domain";
import { count } from "../../../format";
import type { LimitStretch } from "../changes/limit-line";
import type { Figures } from "../figures/read-figures";

export interface Chart {
  title: string;
  /** What is easily misread. */
  hint?: string;
  unit: Unit;
  series: readonly Shown[];
  reference?: Reference;
}

/** What charts are made from. */
export interface Told {
  figures: Figures;
  limits: readonly LimitStretch[];
  /** The names of agents, by id. */
  names: ReadonlyMap<string, string>;
}

/** When the points of a span begin and the last one ends. */
export function gridOf(points: readonly HistoryPoint[]): Grid {
  const last = points.at(-1);
  const endMs = last === undefined ? 0 : Date.parse(last.at) + last.span_ms;
  return { ats: points.map((point) => Date.parse(point.at)), endMs };
}

/** A series of a chart, which is also a column of the table. */
export interface Shown extends ChartSeries {
  /** What it is called away from its chart. */
  longName: string;
  format: (value: number) => string;
  /** How long its values can be, in characters. */
  room: number;
}

type Given = Pick<Shown, "name" | "kind" | "color" | "values"> &
  Partial<Pick<Shown, "longName" | "format" | "dash">>;

/** A series; counts, unless it says otherwise. */
export function shown({ name, longName = name, format = count, ...rest }: Given): Shown {
  const lengths = rest.values.map((value) => (value === null ? 1 : format(value).length));
  return { name, longName, format, ...rest, room: Math.max(1, ...lengths) };
}

/** A mean, to one place. */
export function meanText(value: number): string {
  return value.toFixed(1);
}
