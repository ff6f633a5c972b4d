// How to ask for figures of an entire span. Percentiles of parts cannot be put together, so the server is asked for one
// point that is the span; where its grid of steps has none, for long points, of which the worst is shown and named so.
// Pure.

import type { Range } from "../span/span";

const MIN_MS = 60_000;
const DAY_MIN = 1440;
const HOUR_S = 3600;
const SHORTER_STEPS_S = [1800, 900, 600, 300, 120, 60] as const;
/** By how much a live span may begin earlier to be one point: a twentieth of it. */
const SLACK = 20;

export interface SummarySpan {
  fromMs: number;
  toMs: number;
  stepS: number;
  /** Whether it is one point, whose percentiles are those of the span. */
  isWhole: boolean;
}

/** What to ask for. The range begins at a whole minute. */
export function summarySpan(range: Range): SummarySpan {
  return whole(range) ?? { ...range, stepS: coarsestStep(range), isWhole: false };
}

function whole({ fromMs, toMs, isLive }: Range): SummarySpan | undefined {
  const end = toMs / MIN_MS;
  if (end - fromMs / MIN_MS > DAY_MIN) return undefined;
  const earliest = isLive ? fromMs - (toMs - fromMs) / SLACK : fromMs;
  for (let from = fromMs; from >= earliest; from -= MIN_MS) {
    const begin = from / MIN_MS;
    const length = Math.ceil(end - begin);
    // What is live may be the first part of a longer point: nothing comes after now.
    const longest = isLive ? DAY_MIN : Math.min(length, DAY_MIN);
    for (let step = length; step <= longest; step += 1) {
      if (begin % step === 0) return { fromMs: from, toMs, stepS: step * 60, isWhole: true };
    }
  }
  return undefined;
}

function coarsestStep({ fromMs, toMs, isLive }: Range): number {
  const fits = (stepS: number) =>
    fromMs % (stepS * 1000) === 0 && (isLive || toMs % (stepS * 1000) === 0);
  if (fits(HOUR_S) && toMs - fromMs > HOUR_S * 1000) return HOUR_S;
  return SHORTER_STEPS_S.find(fits) ?? 60;
}
