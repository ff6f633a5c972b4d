// The gates as events change them. Pure.

import type { Call, Gate, GateSettings } from "../../domain";
import type { GateEvent } from "./events";

/** A gate's settings, and whether it is within its hours. */
export interface LiveGate extends GateSettings {
  id: string;
  within_hours: boolean;
}

export type LiveGates = ReadonlyMap<string, LiveGate>;

export const NO_GATES: LiveGates = new Map();

/** What events tell of a gate that was read: its figures are as of the reading. */
export function settingsOf(gate: Gate): LiveGate {
  const { id, name, kind, cap, pace, paused, hours, within_hours } = gate;
  return { id, name, kind, cap, pace, paused, hours, within_hours };
}

/** The gates after one of them was made, changed or deleted, or after its hours began or ended. */
export function gatesAfter(gates: LiveGates, { id, gate, within_hours }: GateEvent): LiveGates {
  const next = new Map(gates);
  const before = gates.get(id);
  const isWithin = within_hours ?? true;
  if (gate === null) next.delete(id);
  else if (gate !== undefined) next.set(id, { ...gate, id, within_hours: isWithin });
  else if (before !== undefined) next.set(id, { ...before, within_hours: isWithin });
  return next;
}

/** How many of the calls pass each gate. */
export function countByGate(calls: Iterable<Pick<Call, "gates">>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { gates } of calls) {
    for (const gate of gates) counts.set(gate, (counts.get(gate) ?? 0) + 1);
  }
  return counts;
}
