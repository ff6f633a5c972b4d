// Which span of time the history shows, and in what steps. Pure: the time now is an argument.
//
// The server's points lie on a grid that begins at the Unix epoch and may be a minute to a day long (docs/openapi.json,
// `/v1/history`); spans begin on that grid, so that what is asked for is what is shown.

const S = 1000;
const MIN = 60 * S;
const HOUR = 3600 * S;
const DAY = 24 * HOUR;

export const PRESETS = ["1h", "24h", "7d", "30d"] as const;
export type Preset = (typeof PRESETS)[number];

const LENGTH_MS: Record<Preset, number> = {
  "1h": HOUR,
  "24h": 24 * HOUR,
  "7d": 7 * DAY,
  "30d": 30 * DAY,
};

export const PRESET_NAME: Record<Preset, string> = {
  "1h": "1 h",
  "24h": "24 h",
  "7d": "7 d",
  "30d": "30 d",
};

/** The last hour, day, …, or from one moment to another. */
export type Span = { preset: Preset } | { fromMs: number; toMs: number };

/** A span at a moment. A live one ends now. */
export interface Range {
  fromMs: number;
  toMs: number;
  isLive: boolean;
}

/** The steps that are chosen from, in seconds. Each is a multiple of the one before or fits whole hours. */
const STEPS_S = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400] as const;
const MOST_POINTS = 300;
const LEAST_POINTS = 100;
/** A point of a chart that is narrower than this blends into its neighbour. */
const PX_A_POINT = 2.5;
/** What is next to the charts: the sidebar, where there is one, the paddings and the axis. */
const SIDEBAR_PX = 196;
const SIDEBAR_FROM_PX = 768;
const MARGIN_PX = 120;

/** No selection is zoomed further than to five points. */
const SHORTEST_MS = 5 * MIN;

/** How many points a series may have in a window of a width. */
export function pointsFor(windowPx: number): number {
  const sidebar = windowPx >= SIDEBAR_FROM_PX ? SIDEBAR_PX : 0;
  const points = Math.floor((windowPx - sidebar - MARGIN_PX) / PX_A_POINT);
  return Math.min(MOST_POINTS, Math.max(LEAST_POINTS, points));
}

/** The shortest step with which a span has at most that many points; a day if none has. */
export function stepFor(span: Span, points: number): number {
  const ms = "preset" in span ? LENGTH_MS[span.preset] : span.toMs - span.fromMs;
  return STEPS_S.find((stepS) => ms <= stepS * S * points) ?? 86_400;
}

/** The next longer step; undefined after the longest. */
export function longerStep(stepS: number): number | undefined {
  return STEPS_S.find((longer) => longer > stepS);
}

/** The span now. A preset longer than an hour begins with an hour, so that it consists of whole ones. */
export function rangeOf(span: Span, stepS: number, nowMs: number): Range {
  if ("preset" in span) {
    const length = LENGTH_MS[span.preset];
    const grid = Math.max(stepS * S, length > HOUR ? HOUR : MIN);
    return { fromMs: floorTo(nowMs - length, grid), toMs: nowMs, isLive: true };
  }
  const toMs = Math.ceil(span.toMs / (stepS * S)) * stepS * S;
  return { fromMs: floorTo(span.fromMs, stepS * S), toMs, isLive: toMs > nowMs };
}

/** How often a range is read again, in milliseconds; false: never, it is over. */
export function refreshMs({ isLive }: Range, stepS: number): number | false {
  if (!isLive) return false;
  return stepS <= 60 ? 15 * S : Math.min(stepS, 300) * S;
}

/** What was drawn over, as a span: whole minutes, not too short, and not in the future. */
export function zoomed(fromMs: number, toMs: number, nowMs: number): Span {
  const middle = (fromMs + toMs) / 2;
  const half = Math.max(SHORTEST_MS, toMs - fromMs) / 2;
  const end = Math.min(Math.ceil((middle + half) / MIN) * MIN, Math.ceil(nowMs / MIN) * MIN);
  const begin = floorTo(middle - half, MIN);
  return { fromMs: Math.min(begin, end - SHORTEST_MS), toMs: end };
}

/** Twice as much around the same middle, as far as there is a past. */
export function widened(range: Range, nowMs: number): Span {
  const half = (range.toMs - range.fromMs) / 2;
  return zoomed(range.fromMs - half, range.toMs + half, nowMs);
}

/** What is wrong with a span; undefined when nothing is. */
export function spanProblem(
  fromMs: number | undefined,
  toMs: number | undefined,
  nowMs: number,
): string | undefined {
  if (fromMs === undefined) return "Enter a start.";
  if (toMs === undefined) return "Enter an end.";
  if (fromMs >= toMs) return "The end is not after the start; choose a later end.";
  if (fromMs >= nowMs) return "The start is in the future; choose an earlier one.";
  return undefined;
}

function floorTo(ms: number, grid: number): number {
  return Math.floor(ms / grid) * grid;
}
