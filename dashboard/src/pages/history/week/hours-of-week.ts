// Each hour of the week over several weeks: how much of the pool was in use, and how long calls waited. Pure.

import type { HistoryPoint } from "../../../domain";
import type { Zone } from "../../../time-zone";
import { type LimitStretch, lowestLimit } from "../changes/limit-line";

export const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** In whose hours: the reader's, or those of UTC. */

export interface HourOfWeek {
  /** 0: Monday. */
  day: number;
  hour: number;
  /** The mean share of the limit that was in use; undefined where it is unknown. */
  use: number | undefined;
  /** The median of the weeks' 95th percentiles of waits, in milliseconds; undefined without starts. */
  waitMs: number | undefined;
  /** The longest of them. */
  worstMs: number | undefined;
  /** In how many weeks there is such an hour. */
  weeks: number;
}

/** All hours of the week, Monday's first. A point belongs to the hour in which it begins. */
export function hoursOfWeek(
  points: readonly HistoryPoint[],
  limits: readonly LimitStretch[],
  zone: Zone,
): HourOfWeek[] {
  const bins: HistoryPoint[][] = Array.from({ length: 7 * 24 }, () => []);
  for (const point of points) bins[placeOf(Date.parse(point.at), zone)]?.push(point);
  return bins.map((bin, place) => {
    const waits = bin.flatMap(({ wait_ms }) => (wait_ms === null ? [] : [wait_ms.p95]));
    waits.sort((a, b) => a - b);
    return {
      day: Math.floor(place / 24),
      hour: place % 24,
      use: useOf(bin, limits),
      waitMs: waits[Math.floor((waits.length - 1) / 2)],
      worstMs: waits.at(-1),
      weeks: bin.length,
    };
  });
}

function placeOf(ms: number, zone: Zone): number {
  const at = new Date(ms);
  const [day, hour] =
    zone === "utc" ? [at.getUTCDay(), at.getUTCHours()] : [at.getDay(), at.getHours()];
  // Weeks of Date begin with Sunday.
  return ((day + 6) % 7) * 24 + hour;
}

function useOf(bin: readonly HistoryPoint[], limits: readonly LimitStretch[]): number | undefined {
  let [used, available] = [0, 0];
  for (const { at, span_ms, mean_active } of bin) {
    const fromMs = Date.parse(at);
    const limit = lowestLimit(limits, fromMs, fromMs + span_ms);
    if (limit === undefined) continue;
    used += mean_active * span_ms;
    available += limit * span_ms;
  }
  return available === 0 ? undefined : used / available;
}

/** "Mon 09:00" */
export function hourName({ day, hour }: Pick<HourOfWeek, "day" | "hour">): string {
  return `${DAYS[day]} ${hourText(hour)}`;
}

/** "09:00" */
export function hourText(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}
