// The columns that a table of calls may have, and which of them it has. Pure.

import type { View } from "../filters/filters";

/** In the order of the table. The call and what can be done to it are always there. */
export const COLUMN_NAMES = [
  "agent",
  "type",
  "state",
  "slot",
  "position",
  "requested",
  "started",
  "ended",
  "waited",
  "lasted",
  "why",
  "note",
  "gates",
  "lease",
  "metadata",
] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];

export const COLUMN_TEXT: Record<ColumnName, string> = {
  agent: "Agent",
  type: "Type",
  state: "State",
  slot: "Slot",
  position: "Position",
  requested: "Requested",
  started: "Started",
  ended: "Ended",
  waited: "Waited",
  lasted: "Duration",
  why: "Why",
  note: "Note",
  gates: "Gates",
  lease: "Lease",
  metadata: "Metadata",
};

export const DEFAULT_COLUMNS: readonly ColumnName[] = [
  "agent",
  "type",
  "state",
  "slot",
  "position",
  "ended",
  "waited",
  "lasted",
  "why",
  "note",
];

/** Columns in which every row of a view would say the same, or nothing. */
const SAYS_NOTHING: Record<View, readonly ColumnName[]> = {
  all: [],
  live: ["ended", "note"],
  queued: ["state", "slot", "started", "ended", "lasted", "note"],
  active: ["state", "position", "ended", "why", "note"],
  ended: ["state", "position"],
};

/** The columns of a view, of those that are chosen. */
export function columnsOf(view: View, chosen: readonly ColumnName[]): readonly ColumnName[] {
  return chosen.filter((name) => !SAYS_NOTHING[view].includes(name));
}

/** The columns that are named, in the order of the table; undefined where none is. */
export function knownColumns(names: unknown): readonly ColumnName[] | undefined {
  if (!Array.isArray(names)) return undefined;
  const known = COLUMN_NAMES.filter((name) => names.includes(name));
  return known.length === 0 ? undefined : known;
}
