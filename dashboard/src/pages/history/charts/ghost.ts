// What was some weeks before, as a line over what is now. Pure.

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
  format: (value: number) => string = count,
): Shown[] {
  const earlier = sinceFirstCall(before?.points ?? []);
  if (before === undefined || earlier.length === 0) return [];
  const shift = shiftMs(before.weeks);
  const byTime = new Map(earlier.map((it) => [Date.parse(it.at) + shift, figure(it)]));
  const values = points.map((point) => byTime.get(Date.parse(point.at)) ?? null);
  const text = `${name}, ${beforeText(before.weeks)}`;
  return [shown({ name: text, kind: "line", color: "muted", dash: "ghost", values, format })];
}
