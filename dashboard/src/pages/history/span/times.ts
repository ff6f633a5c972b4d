// Times of points, short, in the zone that the reader chose.

import { timeFormat } from "../../../time-zone";

const DATE = timeFormat({ day: "numeric", month: "short" });
const TIME = timeFormat({ hour: "2-digit", minute: "2-digit" });

/** "24 Nov, 14:05" */
export function shortMoment(ms: number): string {
  return `${DATE.format(ms)}, ${TIME.format(ms)}`;
}

const YEAR = timeFormat({ day: "numeric", month: "short", year: "numeric" });

/** "24 Nov 2026, 14:05 – 25 Nov 2026, 14:05" */
export function longFromTo(fromMs: number, toMs: number): string {
  const [from, to] = [YEAR.format(fromMs), YEAR.format(toMs)];
  const end = from === to ? TIME.format(toMs) : `${to}, ${TIME.format(toMs)}`;
  return `${from}, ${TIME.format(fromMs)} – ${end}`;
}

/** "24 Nov, 14:05 – 14:10", "24 Nov, 23:00 – 25 Nov, 00:00" */
export function fromTo(fromMs: number, toMs: number): string {
  const end = DATE.format(fromMs) === DATE.format(toMs) ? TIME.format(toMs) : shortMoment(toMs);
  return `${shortMoment(fromMs)} – ${end}`;
}
