// With which earlier time a span is compared: the one that began a whole number of weeks before, so that weekdays and hours
// are the same. Pure.

import { count } from "../../../format";

const WEEK_MS = 7 * 86_400_000;

/** How many weeks before: as few as there is no overlap with. */
export function weeksBefore({ fromMs, toMs }: { fromMs: number; toMs: number }): number {
  // The first point of a live span may begin a little earlier than the span.
  const DAY_MS = 86_400_000;
  return Math.max(1, Math.ceil((toMs - fromMs - DAY_MS) / WEEK_MS));
}

export function shiftMs(weeks: number): number {
  return weeks * WEEK_MS;
}

/** "the week before", "5 weeks before" */
export function beforeText(weeks: number): string {
  return weeks === 1 ? "the week before" : `${count(weeks)} weeks before`;
}

/** How a figure has changed, in words: "12 % more than the week before (1,102)". */
export function changeText(
  now: number,
  before: number,
  weeks: number,
  format: (value: number) => string,
): string {
  const when = beforeText(weeks);
  if (now === before) return `as ${when}`;
  if (before === 0) return `none ${when}`;
  const share = Math.abs(now - before) / before;
  const than = now > before ? "more" : "less";
  if (share >= 1.995) return `${count(Math.round(now / before))} times ${when} (${format(before)})`;
  const percent = share < 0.005 ? "< 1" : String(Math.round(share * 100));
  return `${percent} % ${than} than ${when} (${format(before)})`;
}
