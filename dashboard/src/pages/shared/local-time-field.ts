// Moments as the platform's fields for date and time have them: in the zone that the reader chose,
// to the minute.

import { isTime } from "../../domain";
import { partsInZone, zoneNow } from "../../time-zone";

/** "2026-11-24T14:05" */
export function toLocalField(ms: number): string {
  const at = partsInZone(ms);
  const date = [at.getFullYear(), pad(at.getMonth() + 1), pad(at.getDate())].join("-");
  return `${date}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** The moment of a field; undefined when it is not filled in, or not to its end: a year that is being typed begins as 0002. */
export function fromLocalField(text: string): number | undefined {
  const ms = new Date(zoneNow() === "utc" ? `${text}Z` : text).getTime();
  return isTime(ms) ? ms : undefined;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
