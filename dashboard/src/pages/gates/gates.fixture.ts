// Gates for the tests of this folder.

import type { Gate } from "../../domain";
import type { LiveGate } from "../../live/state/gates";
import { NOW } from "../calls/live.fixture";
import type { GateRow } from "./gate-rows";

/** What the server says of a gate. */
export function readOf(gate: LiveGate, over: Partial<Gate> = {}): Gate {
  const counts = { active: 0, queued: 0, ended: 0, oldest_wait_ms: null };
  const times = { opens_in_ms: null, next_start_in_ms: null, done_in_ms: null };
  return { ...gate, ...counts, ...times, ...over };
}

export function rowOf(gate: LiveGate, over: Partial<Gate> = {}): GateRow {
  const read = readOf(gate, over);
  return { ...gate, read, readAtMs: NOW, active: read.active, queued: read.queued };
}
