// Caps, paces and gates in words. Pure.

import type { GateSettings, Pace } from "./domain";
import { count } from "./format";

/** The seconds that have a name of their own. */
const SPANS: Readonly<Record<number, string>> = {
  1: "second",
  60: "minute",
  3600: "hour",
  86400: "day",
};

/** "5 a second", "1 every 30 s", "100 an hour, 10 at once" */
export function paceWords({ starts, per_s, burst = 1 }: Pace): string {
  const span = SPANS[per_s];
  const one = span === "hour" ? "an" : "a";
  const pace =
    span === undefined
      ? `${count(starts)} every ${count(per_s)} s`
      : `${count(starts)} ${one} ${span}`;
  return burst === 1 ? pace : `${pace}, ${count(burst)} at once`;
}

/** "no cap", "a cap of 8", "a cap of 8, a pace of 5 a second", "a pace of 5 a second" */
export function limitWords({ cap, pace }: { cap: number | null; pace: Pace | null }): string {
  const words = [
    ...(cap === null ? [] : [`a cap of ${count(cap)}`]),
    ...(pace === null ? [] : [`a pace of ${paceWords(pace)}`]),
  ];
  return words.length === 0 ? "no cap" : words.join(", ");
}

/** What an event says of a gate, without its id: "is Spring, a cap of 40, paused", "deleted", "opened". */
export function gateChangeWords(change: {
  gate?: GateSettings | null;
  within_hours: boolean | null;
}): string {
  const { gate, within_hours } = change;
  if (gate === null) return "deleted";
  if (gate === undefined)
    return within_hours === false ? "closed, its hours are over" : "opened, its hours have begun";
  const { name, cap, pace, hours, paused } = gate;
  const limits = cap === null && pace === null ? [] : [limitWords({ cap, pace })];
  return [
    `is ${name}`,
    ...limits,
    ...(hours === null ? [] : ["hours"]),
    ...(paused ? ["paused"] : []),
  ].join(", ");
}
