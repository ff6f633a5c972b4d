// Reads the figures of a span: those of all calls, those by agent or type, and those over the entire span.

import { api, bodyOf } from "../../../api/client";
import { ProblemError } from "../../../api/problem";
import type { History, HistoryPoint } from "../../../domain";
import { csvReader } from "../../shared/csv";
import type { HistoryMarker } from "../changes/limit-line";
import { shiftMs, weeksBefore } from "../compare/weeks-before";
import { longerStep, type Range, rangeOf, type Span } from "../span/span";
import type { By } from "../url-state";
import { type SummarySpan, summarySpan } from "./summary-span";

export interface Figures {
  range: Range;
  /** How long points are, in seconds; where only hours are kept, they are longer. */
  stepS: number;
  by: By;
  points: readonly HistoryPoint[];
  markers: readonly HistoryMarker[];
  /** The figures by agent or type; empty if they are not split. */
  parts: History["series"];
  summary: { span: SummarySpan; points: readonly HistoryPoint[] };
  /** The same days some weeks before; undefined if they are not asked for. */
  before?: { weeks: number; points: readonly HistoryPoint[] } | undefined;
}

interface Wanted {
  span: Span;
  by: By;
  stepS: number;
  isCompared: boolean;
}

/** Reads figures. Where the answer would be too long, points are made longer. */
export async function readFigures(
  { span, by, stepS: shortest, isCompared }: Wanted,
  nowMs: number,
  signal: AbortSignal,
): Promise<Figures> {
  let stepS = shortest;
  for (;;) {
    const range = rangeOf(span, stepS, nowMs);
    try {
      const parts = by === "none" ? [] : (await read({ ...range, stepS, by }, signal)).series;
      const before = isCompared ? await readBefore(range, stepS, signal) : undefined;
      return { ...(await readAll(range, stepS, signal)), by, parts, before };
    } catch (error) {
      const longer = isTooLong(error) ? longerStep(stepS) : undefined;
      if (longer === undefined) throw error;
      stepS = longer;
    }
  }
}

async function readAll(range: Range, stepS: number, signal: AbortSignal) {
  const span = summarySpan(range);
  const isSame = span.stepS === stepS && span.fromMs === range.fromMs;
  const [all, summary] = await Promise.all([
    read({ ...range, stepS, by: "none" }, signal),
    isSame ? undefined : read({ ...span, by: "none" }, signal),
  ]);
  return {
    range,
    stepS,
    points: pointsOf(all),
    markers: all.markers,
    summary: { span, points: pointsOf(summary ?? all) },
  };
}

async function readBefore(range: Range, stepS: number, signal: AbortSignal) {
  const weeks = weeksBefore(range);
  const [fromMs, toMs] = [range.fromMs - shiftMs(weeks), range.toMs - shiftMs(weeks)];
  // Times begin with 1970.
  if (fromMs < 0) return { weeks, points: [] };
  return { weeks, points: pointsOf(await read({ fromMs, toMs, stepS, by: "none" }, signal)) };
}

/** Reads the hours of whole weeks until now, and the settings changes in them. */
export async function readHours(weeks: number, nowMs: number, signal: AbortSignal) {
  const hour = 3_600_000;
  const fromMs = Math.max(0, Math.floor((nowMs - shiftMs(weeks)) / hour) * hour);
  const range = { fromMs, toMs: nowMs, isLive: true };
  const history = await read({ ...range, stepS: 3600, by: "none" }, signal);
  return { range, points: pointsOf(history), markers: history.markers };
}

/** Reads all settings changes that are kept, newest 1,000. */
export async function readMarkers(nowMs: number, signal: AbortSignal): Promise<HistoryMarker[]> {
  const aYearAndMore = 400 * 86_400_000;
  const range = { fromMs: Math.max(0, nowMs - aYearAndMore), toMs: nowMs };
  return (await read({ ...range, stepS: 86_400, by: "none" }, signal)).markers;
}

/** The same figures as a table of values, as the server writes it. */
export async function readCsv({
  range,
  stepS,
  by,
}: Pick<Figures, "range" | "stepS" | "by">): Promise<string> {
  const query = new URLSearchParams({ ...times(range), step_s: String(stepS), by });
  const response = await csvReader()(`/v1/history?${query}`);
  return response.text();
}

interface Query {
  fromMs: number;
  toMs: number;
  stepS: number;
  by: By;
}

async function read({ fromMs, toMs, stepS, by }: Query, signal: AbortSignal): Promise<History> {
  const query = { ...times({ fromMs, toMs }), step_s: stepS, by };
  const answer = await bodyOf(api.GET("/v1/history", { params: { query }, signal }));
  // CSV comes to those who ask for it.
  if (typeof answer === "string") throw new TypeError("the server answered with a text");
  return answer;
}

function times({ fromMs, toMs }: { fromMs: number; toMs: number }) {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

function pointsOf(history: History): readonly HistoryPoint[] {
  return history.series[0]?.points ?? [];
}

function isTooLong(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 422 && /step_s/.test(error.message);
}
