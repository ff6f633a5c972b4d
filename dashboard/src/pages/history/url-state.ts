// What the history shows, as it is in the address. Pure.

import { isTime } from "../../domain";
import { PRESETS, type Preset, type Span } from "./span/span";

export type By = "none" | "agent" | "type" | "gate";
export type Fill = "peak" | "mean";

export interface View {
  span: Span;
  /** By what the active calls are stacked. */
  by: By;
  /** Which figure is drawn as an area; the other one is a line. Undefined: what suits `by`. */
  fill: Fill | undefined;
  isTable: boolean;
  /** Whether it is compared with the same days of earlier weeks. */
  isCompared: boolean;
  /** Over how many weeks the hours of the week are shown, in place of the span; undefined: they are not. */
  weeks: Weeks | undefined;
}

export const WEEKS = [4, 8, 13] as const;
export type Weeks = (typeof WEEKS)[number];

export const DEFAULT_PRESET: Preset = "24h";
const DEFAULT_BY: By = "agent";

/** Reads the part of an address after "?". What is not understood is ignored. */
export function readView(search: string): View {
  const params = new URLSearchParams(search);
  const by = params.get("by");
  const fill = params.get("fill");
  return {
    span: readSpan(params),
    by: by === "none" || by === "type" || by === "gate" ? by : DEFAULT_BY,
    fill: fill === "peak" || fill === "mean" ? fill : undefined,
    isTable: params.get("view") === "table",
    isCompared: params.get("compare") !== "none",
    weeks: WEEKS.find((weeks) => String(weeks) === params.get("weeks")),
  };
}

/** The address of a view, without what goes without saying. */
export function writeView(view: View): string {
  const params = new URLSearchParams();
  if (!("preset" in view.span)) {
    params.set("from", writeTime(view.span.fromMs));
    params.set("to", writeTime(view.span.toMs));
  } else if (view.span.preset !== DEFAULT_PRESET) {
    params.set("span", view.span.preset);
  }
  if (view.by !== DEFAULT_BY) params.set("by", view.by);
  if (view.fill !== undefined) params.set("fill", view.fill);
  if (!view.isCompared) params.set("compare", "none");
  if (view.weeks !== undefined) params.set("weeks", String(view.weeks));
  if (view.isTable) params.set("view", "table");
  // Colons may stay as they are in a query, and are easier to read.
  const query = params.toString().replaceAll("%3A", ":");
  return query === "" ? "/history" : `/history?${query}`;
}

/** Means add up to the mean of all; peaks of parts do not. */
export function fillOf({ by, fill }: Pick<View, "by" | "fill">): Fill {
  return fill ?? (by === "none" ? "peak" : "mean");
}

function readSpan(params: URLSearchParams): Span {
  const fromMs = Date.parse(params.get("from") ?? "");
  const toMs = Date.parse(params.get("to") ?? "");
  if (isTime(fromMs) && isTime(toMs) && fromMs < toMs) return { fromMs, toMs };
  const preset = PRESETS.find((known) => known === params.get("span"));
  return { preset: preset ?? DEFAULT_PRESET };
}

function writeTime(ms: number): string {
  return new Date(ms).toISOString().replace(/(:00)?\.000Z$/, "Z");
}
