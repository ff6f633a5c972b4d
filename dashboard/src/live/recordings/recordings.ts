// The recordings, as the tests read them.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Call, Pool } from "../../domain";
import type { LiveEvent } from "../state/events";

/** What the server said at a moment. */
export interface Point {
  pool: Pool;
  queued: Call[];
  active: Call[];
}

export interface Recording {
  name: string;
  points: Point[];
  events: LiveEvent[];
}

/** Further recordings can be held against the reducer without being kept: a folder of folders of them. */
const FURTHER = process.env.CALLSLOT_RECORDINGS;

export function recordings(): Recording[] {
  const own = import.meta.dirname;
  const further = FURTHER === undefined ? [] : readdirSync(FURTHER).map((of) => join(FURTHER, of));
  return [own, ...further].flatMap((folder) =>
    ["changes", "deadlines"].map((name) => read(folder, name)),
  );
}

type Line = { point: Point; event?: undefined } | { event: LiveEvent; point?: undefined };

function read(folder: string, name: string): Recording {
  const text = readFileSync(join(folder, `${name}.jsonl`), "utf8");
  const recording: Recording = { name, points: [], events: [] };
  for (const line of text.trim().split("\n")) {
    const { point, event } = JSON.parse(line) as Line;
    if (point !== undefined) {
      const { pool, queued, active } = point;
      recording.points.push({
        pool: withPaces(pool),
        queued: queued.map(whole),
        active: active.map(whole),
      });
    } else {
      recording.events.push(wholeEvent(event));
    }
  }
  return recording;
}

/** Recordings are older than paces. */
function withPaces(pool: Pool): Pool {
  const { agents, type_paces = { webcall: null, chat: null, outbound: null, inbound: null } } =
    pool;
  return {
    ...pool,
    type_paces,
    agents: agents.map((agent) => ({ ...agent, pace: agent.pace ?? null })),
  };
}

function wholeEvent(event: LiveEvent): LiveEvent {
  if ("call" in event) return { ...event, call: whole(event.call) };
  if (event.kind === "agent.changed") {
    const { agent } = event;
    return { ...event, agent: agent && { ...agent, pace: agent.pace ?? null } };
  }
  return event.kind === "type.changed" ? { ...event, pace: event.pace ?? null } : event;
}

/** A call with what the recorder leaves out. */
function whole(call: Partial<Call>): Call {
  return {
    slot: null,
    position: null,
    position_in_class: null,
    blocked_on: null,
    blocked_by: null,
    retry_in_ms: null,
    gates: [],
    estimated_wait_ms: null,
    started_at: null,
    ended_at: null,
    reason: null,
    note: null,
    lease: null,
    metadata: {},
    ...call,
  } as Call;
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
