// The gates as the table shows them: their settings live, their figures as they were read. Pure.

import type { Gate, GateKind } from "../../domain";
import type { LiveGate, LiveGates } from "../../live/state/gates";

export interface GateRow extends LiveGate {
  /** Undefined: not read yet. */
  read: Gate | undefined;
  readAtMs: number;
  active: number | undefined;
  queued: number | undefined;
}

/** How many calls pass each gate, where all live calls are known. */
export interface Counts {
  active: ReadonlyMap<string, number>;
  queued: ReadonlyMap<string, number>;
}

export interface Reading {
  gates: ReadonlyMap<string, Gate>;
  atMs: number;
}

/** The gates by name. */
export function rowsOf(
  gates: LiveGates,
  reading: Reading | undefined,
  counts: Counts | undefined,
): readonly GateRow[] {
  const rows = [...gates.values()].map((gate): GateRow => {
    const read = reading?.gates.get(gate.id);
    return {
      ...gate,
      read,
      readAtMs: reading?.atMs ?? 0,
      active: counts === undefined ? read?.active : (counts.active.get(gate.id) ?? 0),
      queued: counts === undefined ? read?.queued : (counts.queued.get(gate.id) ?? 0),
    };
  });
  return rows.sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

/** Those of a kind, undefined: of any, whose name or id has all words of a search. */
export function foundGates(
  rows: readonly GateRow[],
  search: string,
  kind: GateKind | undefined,
): readonly GateRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = `${row.name} ${row.id}`.toLowerCase();
    return (kind === undefined || row.kind === kind) && words.every((word) => text.includes(word));
  });
}

/** How far a campaign has come; undefined: it is none, has no call, or is not read yet. */
export function progressOf({ kind, read }: GateRow): { done: number; total: number } | undefined {
  if (kind !== "campaign" || read === undefined) return undefined;
  const total = read.ended + read.active + read.queued;
  return total === 0 ? undefined : { done: read.ended, total };
}
