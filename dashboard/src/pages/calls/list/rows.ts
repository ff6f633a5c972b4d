// The rows of a table of calls.

import { CALL_TYPES, type Call } from "../../../domain";
import { metadataText } from "../call/metadata";
import type { Filters, Sort } from "../filters/filters";
import { lastedMs, waitedMs } from "./call-times";

export interface CallRow {
  call: Call;
  /** While queued: 1 for the earliest call in the organisation's queue, whatever else is shown. */
  position: number | undefined;
}

/** The part of the live state that rows are made of. */
interface LiveCallsShown {
  queue: readonly Call[];
  active: ReadonlyMap<string, Call>;
}

/** Live calls as the filters ask for them: queued ones in ticket order, then active ones, newest first. */
export function liveRows(live: LiveCallsShown, filters: Filters, nowMs: number): CallRow[] {
  const isWanted = wanted(filters, nowMs);
  const rows: CallRow[] = [];
  if (filters.view !== "active") {
    live.queue.forEach((call, index) => {
      if (isWanted(call)) rows.push(rowOf(call, index + 1));
    });
  }
  if (filters.view !== "queued") {
    const active = [...live.active.values()].filter(isWanted);
    active.sort((a, b) => order(startOf(b), startOf(a)) || order(a.id, b.id));
    for (const call of active) rows.push(rowOf(call, undefined));
  }
  return rows;
}

/** Calls as the server listed them. One that moved on while they were read is there once, as it was read last. */
export function listedRows(calls: readonly Call[]): CallRow[] {
  const byKey = new Map(calls.map((call) => [keyOf(call), call]));
  return [...byKey.values()].map((call) => rowOf(call, call.position ?? undefined));
}

/** What tells the rows apart: an id may be used again for another call once the first has ended. */
export function rowKey({ call }: CallRow): string {
  return keyOf(call);
}

function keyOf({ id, ended_at }: Call): string {
  return ended_at === null ? id : `${id} ${ended_at}`;
}

const rowsMade = new WeakMap<Call, CallRow>();

/** The row of a call: the same as before while nothing is new in it, so that it is not drawn again. */
function rowOf(call: Call, position: number | undefined): CallRow {
  const before = rowsMade.get(call);
  if (before !== undefined && before.position === position) return before;
  const row = { call, position };
  rowsMade.set(call, row);
  return row;
}

/** Which live calls the filters ask for, apart from their state. */
export function wanted(filters: Filters, nowMs: number): (call: Call) => boolean {
  const { agent, type, gate, leastWaitS = 0 } = filters;
  const text = filters.text.toLowerCase();
  return (call) =>
    (agent === undefined || call.agent === agent) &&
    (type === undefined || call.type === type) &&
    (gate === undefined || call.gates.includes(gate)) &&
    (leastWaitS === 0 || waitedMs(call, nowMs) >= leastWaitS * 1000) &&
    (text === "" ||
      call.id.toLowerCase().includes(text) ||
      metadataText(call.metadata).includes(text));
}

function startOf(call: Call): string {
  return call.started_at ?? call.requested_at;
}

type Key = string | number | undefined;

/** The rows in an order that was asked for. */
export function sorted(
  rows: readonly CallRow[],
  sort: Sort | undefined,
  names: ReadonlyMap<string, string>,
  nowMs: number,
): readonly CallRow[] {
  if (sort === undefined) return rows;
  const { key, isDescending } = sort;
  const keyOf = ({ call }: CallRow): Key => {
    switch (key) {
      case "agent":
        return (names.get(call.agent) ?? call.agent).toLowerCase();
      case "type":
        return CALL_TYPES.indexOf(call.type);
      case "ended":
        return call.ended_at ?? undefined;
      case "waited":
        return waitedMs(call, nowMs);
      case "lasted":
        return lastedMs(call, nowMs);
    }
  };
  const keyed = rows.map((row) => ({ row, key: keyOf(row) }));
  // The sort is stable: rows with the same key keep their order. Those without a key come last either way.
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined) {
      return Number(a.key === undefined) - Number(b.key === undefined);
    }
    return isDescending ? order(b.key, a.key) : order(a.key, b.key);
  });
  return keyed.map(({ row }) => row);
}

function order<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}
