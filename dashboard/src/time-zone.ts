// In which zone times are read: the reader's own, or UTC. Kept in the browser, and the same in all of its tabs.

import { useSyncExternalStore } from "react";

const KEPT_AS = "callslot.times";

export type Zone = "local" | "utc";

export const ZONES: readonly { value: Zone; label: string }[] = [
  { value: "local", label: "Local times" },
  { value: "utc", label: "Times in UTC" },
];

const OWN_NAME = Intl.DateTimeFormat().resolvedOptions().timeZone;

const listeners = new Set<() => void>();
let zone: Zone = kept();

/** The zone that times are read in now. */
export function zoneNow(): Zone {
  return zone;
}

/** Its name: "Europe/Berlin", "UTC". */
export function zoneName(of: Zone = zone): string {
  return of === "utc" ? "UTC" : OWN_NAME;
}

/** The zone, and how to choose the other one. */
export function useZone(): [Zone, (chosen: Zone) => void] {
  return [useSyncExternalStore(subscribe, zoneNow), choose];
}

/** Writes moments in the zone chosen then. */
export function timeFormat(options: Intl.DateTimeFormatOptions): {
  format: (at: number | Date) => string;
} {
  const own = new Intl.DateTimeFormat("en-GB", options);
  const utc = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
  return { format: (at) => (zone === "utc" ? utc : own).format(at) };
}

/** A date whose parts, read as local ones, are those of the zone chosen. */
export function partsInZone(ms: number): Date {
  const at = new Date(ms);
  return zone === "utc" ? new Date(ms + at.getTimezoneOffset() * 60_000) : at;
}

/** When the day began that this moment is of. */
export function beginOfDay(ms: number): number {
  const at = new Date(ms);
  return zone === "utc" ? at.setUTCHours(0, 0, 0, 0) : at.setHours(0, 0, 0, 0);
}

function choose(chosen: Zone): void {
  if (chosen === "local") localStorage.removeItem(KEPT_AS);
  else localStorage.setItem(KEPT_AS, chosen);
  hear();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", hear);
  return () => listeners.delete(listener);
}

function hear(): void {
  zone = kept();
  for (const listener of listeners) listener();
}

function kept(): Zone {
  // There is none where the app is tested without a browser.
  return globalThis.localStorage?.getItem(KEPT_AS) === "utc" ? "utc" : "local";
}
