// The four numbers that say how the pool is, and in which words. Pure. Reserved slots that nobody uses are idle, not free:
// only their agent can use them.

import type { Pool } from "../../../domain";
import { count } from "../../../format";
import { about } from "../../shared/why-waits";

export type Tone = "plain" | "warning" | "danger";

export interface TileText {
  name: string;
  value: string;
  more: string;
  tone: Tone;
}

const NEARLY_FULL_PERCENT = 85;

export function inUseTile({ active, limit }: Pool): TileText {
  const percent = limit > 0 ? Math.floor((active / limit) * 100) : active > 0 ? 100 : 0;
  const tone =
    percent >= 100 ? "danger" : percent >= NEARLY_FULL_PERCENT ? "warning" : ("plain" as const);
  const value = `${count(active)} / ${count(limit)}`;
  return { name: "In use", value, more: `(${count(percent)} %)`, tone };
}

export function sharedTile({ shared }: Pool): TileText {
  const size = Math.max(0, shared.size);
  return {
    name: "Shared free",
    value: `${count(shared.free)} / ${count(size)}`,
    more: size === 0 ? "every slot is reserved" : "",
    tone: "plain",
  };
}

/** `longest` is how long the earliest call has waited, `nextMs` how soon the next one may start. */
export function waitingTile(
  { queued }: Pool,
  longest: string | undefined,
  nextMs: number | undefined,
): TileText {
  const parts: string[] = [];
  if (queued > 0 && longest !== undefined) parts.push(`longest ${longest}`);
  if (queued > 0 && nextMs !== undefined) parts.push(`next starts ${when(nextMs)}`);
  return {
    name: "Waiting",
    value: count(queued),
    more: parts.join(" · "),
    tone: queued > 0 ? "warning" : "plain",
  };
}

export function reservedTile({ reserved, limit, active, shared }: Pool): TileText {
  const idle = Math.max(0, reserved - (active - shared.in_use));
  return {
    name: "Reserved",
    value: `${count(reserved)} / ${count(limit)}`,
    more: reserved === 0 ? "" : `${count(idle)} idle`,
    tone: "plain",
  };
}

/** "in about 20 s", "in a moment" */
function when(ms: number): string {
  const words = about(ms);
  return words.startsWith("about") ? `in ${words}` : words;
}
