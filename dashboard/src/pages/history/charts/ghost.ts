// What was some weeks before, as a line over what is now. Pure.

import { pointAt } from "../../../chart/series";
import type { HistoryPoint } from "../../../domain";
import { count } from "../../../format";
import { beforeText, shiftMs } from "../compare/weeks-before";
import { sinceFirstCall } from "../figures/quiet";
import type { Figures } from "../figures/read-figures";
import { type Shown, shown } from "./chart";

/** A figure some weeks before, at the points of now; nothing without anything to compare with. */
export function ghost(
  { points, before }: Pick<Figures, "points" | "before">,
  name: string,
  figure: (point: HistoryPoint) => number,
  { format = count, isSum = false }: { format?: (value: number) => string; isSum?: boolean } = {},
): Shown[] {
  const earlier = sinceFirstCall(before?.points ?? []);
  if (before === undefined || earlier.length === 0) return [];
  const shift = shiftMs(before.weeks);
  const begins = earlier.map((it) => Date.parse(it.at) + shift);
  const grid = { ats: begins, endMs: (begins.at(-1) ?? 0) + (earlier.at(-1)?.span_ms ?? 0) };
  const values = points.map((point) => {
    const at = Date.parse(point.at);
    const found = earlier[pointAt(grid, at)];
    if (found === undefined || at < (begins[0] ?? 0) || at >= grid.endMs) return null;
    // What was long ago is kept by the hour; a shorter point has its share of what happened in the hour.
    const share = isSum ? Math.min(1, point.span_ms / found.span_ms) : 1;
    return figure(found) * share;
  });
  const text = `${name}, ${beforeText(before.weeks)}`;
  return [shown({ name: text, kind: "line", color: "muted", dash: "ghost", values, format })];
}
