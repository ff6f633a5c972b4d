// When calls waited, whose they were and why, as marks of a chart. Pure.
//
// The history keeps no cause a call. What it has tells a full pool from one that is not: as many calls were active as the
// limit allows, or slots were kept for other calls and caps held these.

import type { Mark } from "../../../chart/mark-groups";
import { type HistoryPoint, type HistorySeries, TYPE_NAME } from "../../../domain";
import { counted } from "../../../format";
import type { Figures } from "../figures/read-figures";
import { shortMoment } from "../span/times";
import { type LimitStretch, lowestLimit } from "./limit-line";

const MOST_NAMED = 2;

interface Told {
  figures: Pick<Figures, "points" | "parts">;
  limits: readonly LimitStretch[];
  names: ReadonlyMap<string, string>;
}

/** A mark for each stretch of time in which calls waited. */
export function waitMarks({ figures, limits, names }: Told): Mark[] {
  return stretches(figures.points).map((points): Mark => {
    const [first, last] = [points[0], points.at(-1)] as [HistoryPoint, HistoryPoint];
    const fromMs = Date.parse(first.at);
    const toMs = Date.parse(last.at) + last.span_ms;
    const most = Math.max(...points.map((point) => point.peak_queued));
    const who = whose(figures.parts, fromMs, toMs, names);
    const of = who.length === 0 ? "" : `, most of ${who.join(" and ")}`;
    const text = `up to ${counted(most, "call")} waited until ${shortMoment(toMs)}${of}${why(points, limits)}`;
    return { atMs: fromMs, text };
  });
}

function stretches(points: readonly HistoryPoint[]): HistoryPoint[][] {
  const found: HistoryPoint[][] = [];
  let isGoingOn = false;
  for (const point of points) {
    if (point.peak_queued > 0) {
      if (isGoingOn) found.at(-1)?.push(point);
      else found.push([point]);
    }
    isGoingOn = point.peak_queued > 0;
  }
  return found;
}

/** The agents or types with the longest queues between two moments. */
function whose(
  parts: readonly HistorySeries[],
  fromMs: number,
  toMs: number,
  names: ReadonlyMap<string, string>,
): string[] {
  const within = ({ at }: HistoryPoint) => Date.parse(at) >= fromMs && Date.parse(at) < toMs;
  const peaks = parts.map(({ agent, type, points }) => ({
    name: type === undefined ? (names.get(agent ?? "") ?? agent ?? "") : TYPE_NAME[type],
    peak: points.filter(within).reduce((most, point) => Math.max(most, point.peak_queued), 0),
  }));
  const waiting = peaks.filter(({ peak }) => peak > 0).sort((a, b) => b.peak - a.peak);
  return waiting.slice(0, MOST_NAMED).map(({ name }) => name);
}

function why(points: readonly HistoryPoint[], limits: readonly LimitStretch[]): string {
  const known = points.flatMap(({ at, span_ms, peak_active }) => {
    const limit = lowestLimit(limits, Date.parse(at), Date.parse(at) + span_ms);
    return limit === undefined ? [] : [peak_active >= limit];
  });
  if (known.length === 0) return "";
  const full = known.filter((isFull) => isFull).length;
  if (full === 0) return "; the pool was not full: slots were kept for others, or a cap held them";
  return full === known.length
    ? "; the pool was full"
    : "; the pool was full for a part of it, and slots were kept for others or a cap held them";
}
