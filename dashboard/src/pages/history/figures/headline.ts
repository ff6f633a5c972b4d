// The figures of an entire span. Pure.

import type { HistoryPoint } from "../../../domain";
import { count, counted, duration, shortDuration } from "../../../format";
import { type LimitStretch, lowestLimit } from "../changes/limit-line";
import { lost, lostText } from "../charts/lost-demand";
import { changeText } from "../compare/weeks-before";
import { shortMoment } from "../span/times";
import { sinceFirstCall } from "./quiet";
import type { Figures } from "./read-figures";
import type { SummarySpan } from "./summary-span";
import { timeAtLimit } from "./time-at-limit";

interface HeadlineFigure {
  label: string;
  value: string;
  /** How it is meant. */
  note: string;
  /** How it was some weeks before. */
  change?: string;
}

interface Told {
  points: readonly HistoryPoint[];
  summary: { span: SummarySpan; points: readonly HistoryPoint[] };
  limits: readonly LimitStretch[];
  /** How long the call has waited that waits longest, where the span reaches until now. */
  waitingMs?: number | undefined;
  before?: Figures["before"];
}

/** The figures, in their order. */
export function headline(told: Told): HeadlineFigure[] {
  const { points, summary, limits, waitingMs, before } = told;
  const figures: HeadlineFigure[] = [
    changed(peakActive(points, limits), points, before, peakOf),
    atLimit(points, limits),
    changed(started(points), points, before, startsOf),
    longestWait(points, waitingMs),
    p95Wait(summary),
  ];
  if (lost(points) > 0) {
    const figure = { label: "Lost", value: count(lost(points)), note: lostText(points) };
    figures.push(changed(figure, points, before, lost));
  }
  return figures;
}

/** A figure with how it has changed, where there was anything before. */
function changed(
  figure: HeadlineFigure,
  points: readonly HistoryPoint[],
  before: Figures["before"],
  of: (points: readonly HistoryPoint[]) => number,
): HeadlineFigure {
  if (before === undefined || !isCovered(before.points)) return figure;
  const change = changeText(of(points), of(before.points), before.weeks, count);
  return { ...figure, change };
}

/** Whether there was a history for most of the time: what began later has less to compare with. */
function isCovered(points: readonly HistoryPoint[]): boolean {
  const ms = (of: readonly HistoryPoint[]) => sum(of, (point) => point.span_ms);
  return ms(sinceFirstCall(points)) > ms(points) / 2;
}

function peakOf(points: readonly HistoryPoint[]): number {
  return points.reduce((most, point) => Math.max(most, point.peak_active), 0);
}

function startsOf(points: readonly HistoryPoint[]): number {
  return sum(points, (point) => point.starts);
}

function peakActive(points: readonly HistoryPoint[], limits: readonly LimitStretch[]) {
  const label = "Peak active";
  const at = highestBy(points, (point) => point.peak_active);
  if (at === undefined || at.peak_active === 0)
    return { label, value: "0", note: "no active calls" };
  const limit = lowestLimit(limits, ...timesOf(at));
  const of = limit === undefined ? "" : ` of ${count(limit)}`;
  return {
    label,
    value: `${count(at.peak_active)}${of}`,
    note: `first at ${shortMoment(Date.parse(at.at))}`,
  };
}

function atLimit(points: readonly HistoryPoint[], limits: readonly LimitStretch[]) {
  const label = "At the limit";
  const time = timeAtLimit(points, limits);
  if (time === undefined) return { label, value: "–", note: "the limit is unknown" };
  const { leastMs, mostMs, ofMs } = time;
  if (mostMs === 0) return { label, value: "never", note: "all peaks were below it" };
  const share = `${percent(mostMs / ofMs)} of the time`;
  if (duration(leastMs) === duration(mostMs))
    return { label, value: duration(mostMs), note: share };
  const least = leastMs >= 1000 ? `at least ${duration(leastMs)}, ` : "";
  return { label, value: `≤ ${duration(mostMs)}`, note: `${least}at most ${share}` };
}

function started(points: readonly HistoryPoint[]) {
  const ends = sum(points, (point) => point.ends);
  const value = count(startsOf(points));
  return { label: "Calls started", value, note: `${count(ends)} ended, queued ones included` };
}

/** The longest wait, of calls that started and of those that still wait. */
function longestWait(points: readonly HistoryPoint[], waitingMs = 0) {
  const label = "Longest wait";
  const at = highestBy(points, (point) => point.wait_ms?.max ?? -1);
  const longest = at?.wait_ms?.max;
  if (waitingMs > (longest ?? 0)) {
    return { label, value: duration(waitingMs), note: "and it still waits" };
  }
  if (at === undefined || longest === undefined) return { label, value: "–", note: "no starts" };
  if (longest === 0) return { label, value: "0 s", note: ofAllThatStarted(points) };
  return {
    label,
    value: shortDuration(longest),
    note: `until a start at ${shortMoment(Date.parse(at.at))}`,
  };
}

/** What is true of calls that started at once: others may have waited, and ended before they started. */
function ofAllThatStarted(points: readonly HistoryPoint[]): string {
  const hasQueued = points.some(({ peak_queued }) => peak_queued > 0);
  return hasQueued ? "for the calls that started" : "all started at once";
}

function p95Wait({ span, points }: Told["summary"]) {
  const label = "p95 wait";
  const worst = highestBy(points, (point) => point.wait_ms?.p95 ?? -1);
  if (worst?.wait_ms == null) return { label, value: "–", note: "no starts" };
  const value = shortDuration(worst.wait_ms.p95);
  if (span.isWhole && points.length === 1) {
    return { label, value, note: `of all in ${lengthText(span.toMs - span.fromMs)}` };
  }
  const longest = Math.max(...points.map((point) => point.span_ms));
  return { label, value, note: `in the worst ${lengthText(longest).replace(/^1 /, "")}` };
}

/** A length of points or spans: "5 min", "1 hour", "6 hours", "7 days". Rounded up to minutes. */
export function lengthText(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes % 1440 === 0) return counted(minutes / 1440, "day");
  if (minutes % 60 === 0) return counted(minutes / 60, "hour");
  if (minutes > 120) return `${count(Math.floor(minutes / 60))} h ${minutes % 60} min`;
  return minutes === 1 ? "1 minute" : `${minutes} min`;
}

/** A share that only says 0 % or 100 % when it is. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return "< 1 %";
  if (share < 1 && share > 0.99) return "> 99 %";
  return `${Math.round(share * 100)} %`;
}

function timesOf(point: HistoryPoint): [fromMs: number, toMs: number] {
  const fromMs = Date.parse(point.at);
  return [fromMs, fromMs + point.span_ms];
}

function highestBy(
  points: readonly HistoryPoint[],
  figure: (point: HistoryPoint) => number,
): HistoryPoint | undefined {
  let highest: HistoryPoint | undefined;
  for (const point of points) {
    if (highest === undefined || figure(point) > figure(highest)) highest = point;
  }
  return highest;
}

function sum(points: readonly HistoryPoint[], figure: (point: HistoryPoint) => number): number {
  return points.reduce((total, point) => total + figure(point), 0);
}
