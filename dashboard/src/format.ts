// Numbers and times as people read them. The time now is an argument.

import { timeFormat, zoneNow } from "./time-zone";

const number = new Intl.NumberFormat("en-GB");

/** 12,345 */
export function count(value: number): string {
  return number.format(value);
}

/** "3 calls", "1 call" */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** "85 %": never 100 % of what has room, nor 0 % of what is used. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return "< 1 %";
  return `${share < 1 ? Math.min(99, Math.round(share * 100)) : Math.round(share * 100)} %`;
}

/** A duration to two units: "0 s", "41 s", "3 min 05 s", "2 h 07 min", "3 d 4 h". */
export function duration(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  const min = Math.floor(s / 60);
  if (min < 60) return `${min} min ${pad(s % 60)} s`;
  const h = Math.floor(min / 60);
  if (h < 24) return `${h} h ${pad(min % 60)} min`;
  return `${Math.floor(h / 24)} d ${h % 24} h`;
}

/** A wait or a duration that is over: as `duration` has it, and a part of a second as that: "0.8 s". */
export function shortDuration(ms: number): string {
  if (ms <= 0 || ms >= 1000) return duration(ms);
  return ms < 100 ? "< 0.1 s" : `${Math.floor(ms / 100) / 10} s`;
}

const CLOCK = timeFormat({ timeStyle: "medium" });
const MOMENT = timeFormat({ dateStyle: "medium", timeStyle: "medium" });

/** The time of day in the zone that the reader chose: "14:03:21". */
export function clock(at: string | number | Date): string {
  return CLOCK.format(new Date(at));
}

/** Date and time in the zone that the reader chose: "24 Nov 2026, 14:03:21", "24 Nov 2026, 12:03:21 UTC". */
export function moment(at: string | number | Date): string {
  return `${MOMENT.format(new Date(at))}${zoneNow() === "utc" ? " UTC" : ""}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
