// Times of points, short. Pure; in the reader's zone.

/** The name of the reader's zone. */
export const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** "24 Nov, 14:05" */
export function shortMoment(ms: number): string {
  return `${DATE.format(ms)}, ${TIME.format(ms)}`;
}

const YEAR = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

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
