// How long a call waited and lasted, and when things happened to it.

import type { Call } from "../../../domain";
import { clock } from "../../../format";
import { partsInZone, timeFormat } from "../../../time-zone";

const DAY = timeFormat({ day: "numeric", month: "short" });
const DAY_AND_YEAR = timeFormat({ day: "numeric", month: "short", year: "numeric" });

/** How long it has waited in line, or did before it started or ended. */
export function waitedMs(call: Call, nowMs: number): number {
  const left = call.started_at ?? call.ended_at;
  return Math.max(0, (left === null ? nowMs : Date.parse(left)) - Date.parse(call.requested_at));
}

/** How long it has been active, or was; undefined: it never was. */
export function lastedMs(call: Call, nowMs: number): number | undefined {
  if (call.started_at === null) return undefined;
  const end = call.ended_at === null ? nowMs : Date.parse(call.ended_at);
  return Math.max(0, end - Date.parse(call.started_at));
}

/** The time of day, with the date unless it is today's: "14:03:21", "23 Nov, 14:03". */
export function shortMoment(at: string, nowMs: number): string {
  const date = new Date(at);
  const [then, now] = [partsInZone(date.getTime()), partsInZone(nowMs)];
  if (then.toDateString() === now.toDateString()) return clock(date);
  const isThisYear = then.getFullYear() === now.getFullYear();
  const day = (isThisYear ? DAY : DAY_AND_YEAR).format(date);
  return isThisYear ? `${day}, ${clock(date).slice(0, 5)}` : day;
}
