// What the server says that saving reservations leads to, as sentences. Pure.

import type { Pool, ReservationsPreview } from "../../../domain";
import { count, counted } from "../../../format";
import { CALLS_OF } from "../agents/calls-of";
import { overWords } from "../pool-bar/pool-bar-segments";

type Starts = ReservationsPreview["starts"][number];
type WaitsLonger = ReservationsPreview["waits_longer"][number];

/** More than these are summed up. */
const MOST_NAMED = 3;

/** `pool` is the pool now: it has the names, and what the preview changes. */
export function previewWords(preview: ReservationsPreview, pool: Pool): readonly string[] {
  const names = new Map(pool.agents.map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? id;
  return [
    ...startWords(preview.starts, nameOf),
    ...waitWords(preview.waits_longer, nameOf),
    sharedWords(Math.max(0, pool.shared.size), preview.shared_after),
    // What settles already is no doing of the draft.
    ...(preview.settling > pool.settling ? [overWords(preview.settling)] : []),
  ];
}

type NameOf = (agent: string) => string;

/** "3 chats of Guest and 1 webcall of Sales start at once." */
function startWords(starts: readonly Starts[], nameOf: NameOf): readonly string[] {
  if (starts.length === 0) return [];
  const most = starts.toSorted((a, b) => b.count - a.count);
  const named = most.slice(0, MOST_NAMED).map(({ agent, type, count: calls }) => {
    const [one, many] = CALLS_OF[type];
    return `${counted(calls, one, many)} of ${nameOf(agent)}`;
  });
  const others = sumOf(most.slice(MOST_NAMED));
  if (others > 0) named.push(counted(others, "other call"));
  return [`${listed(named)} ${sumOf(starts) === 1 ? "starts" : "start"} at once.`];
}

function sumOf(starts: readonly Starts[]): number {
  return starts.reduce((sum, each) => sum + each.count, 0);
}

function waitWords(waits: readonly WaitsLonger[], nameOf: NameOf): readonly string[] {
  const most = waits.toSorted((a, b) => b.queued - a.queued);
  const named = most.slice(0, MOST_NAMED).map((each) => waitSentence(each, nameOf));
  const others = most.slice(MOST_NAMED).reduce((sum, { queued }) => sum + queued, 0);
  return others === 0
    ? named
    : [...named, `${counted(others, "other waiting call")} may wait longer too.`];
}

/** "Chats of Sales then have at most 1 slot instead of 4; 6 wait." */
function waitSentence(waits: WaitsLonger, nameOf: NameOf): string {
  const { agent, type, queued, slots_now, slots_after } = waits;
  const [, calls] = CALLS_OF[type];
  const slots =
    slots_after < slots_now
      ? `at most ${counted(slots_after, "slot")} instead of ${count(slots_now)}`
      : "fewer slots of their own";
  const wait = `${count(queued)} ${queued === 1 ? "waits" : "wait"}`;
  return `${capitalised(calls)} of ${nameOf(agent)} then have ${slots}; ${wait}.`;
}

function sharedWords(now: number, then: number): string {
  return now === then
    ? `${counted(then, "slot")} ${then === 1 ? "stays" : "stay"} shared.`
    : `Shared slots go from ${count(now)} to ${count(then)}.`;
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
