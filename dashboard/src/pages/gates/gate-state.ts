// Whether calls start through a gate now, in words. Pure.

import { duration } from "../../format";
import { paceWords } from "../../gate-words";
import type { GateRow } from "./gate-rows";
import { dayAndTime, placeOf } from "./hours/time-zones";

export interface GateState {
  kind: "open" | "paused" | "closed" | "full" | "paced";
  /** "Paused", "Closed until Mon 08:00 (New York)" */
  words: string;
}

/** Below this a wait for the next start is over before it is read. */
const SHORT_MS = 1_000;

export function stateOf(row: GateRow, nowMs: number): GateState {
  const { paused, within_hours, cap, active, queued } = row;
  if (paused) return { kind: "paused", words: "Paused" };
  if (!within_hours) return { kind: "closed", words: closedWords(row) };
  if (cap !== null && (active ?? 0) >= cap)
    return { kind: "full", words: cap === 0 ? "Its cap is 0" : "Full" };
  if (row.pace === null || (queued ?? 0) === 0) return { kind: "open", words: "Open" };
  const next = row.read?.next_start_in_ms ?? 0;
  const leftMs = next - (nowMs - row.readAtMs);
  if (next === 0) return { kind: "open", words: "Open" };
  return {
    kind: "paced",
    words:
      leftMs < SHORT_MS
        ? `Paced: ${paceWords(row.pace)}`
        : `Paced: next start in ${duration(leftMs)}`,
  };
}

/** A gate's reading may be older than its closing: then it does not say when it opens. */
function closedWords({ hours, read, readAtMs }: GateRow): string {
  const inMs = read?.opens_in_ms ?? null;
  if (hours === null) return "Closed";
  if (hours.open.length === 0) return "Closed: it has no hours";
  if (inMs === null) return "Closed by its hours";
  return `Closed until ${dayAndTime(readAtMs + inMs, hours.tz)} (${placeOf(hours.tz)})`;
}
