// Today, as it is read from the history. Pure.

const HOUR_MS = 3_600_000;
const HOURS = [24, 12, 8, 6, 4, 3, 2];

/** A part of today, and the step of its points. */
export interface Part {
  fromMs: number;
  toMs: number;
  stepS: number;
}

/**
 * Today in as few points as there can be: they begin at multiples of their step since the Unix epoch, and only those of
 * whole hours are quick to read. Where midnight is not a whole hour, as in India, the minutes up to the next hour are read separately.
 */
export function partsOfToday(midnightMs: number, nowMs: number): Part[] {
  const hourMs = Math.min(Math.ceil(midnightMs / HOUR_MS) * HOUR_MS, nowMs);
  const hours = HOURS.find((length) => hourMs % (length * HOUR_MS) === 0) ?? 1;
  return [
    { fromMs: midnightMs, toMs: hourMs, stepS: 900 },
    { fromMs: hourMs, toMs: nowMs, stepS: hours * 3600 },
  ].filter(({ fromMs, toMs }) => fromMs < toMs);
}
