// The rows of a table of calls.

import { CALL_TYPES, type Call } from "../../../domain";
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

/** Live calls as the filters ask for them: queued ones in ticket order, then active ones, newest first, unless sorted. */
export function liveRows(
  live: LiveCallsShown,
  filters: Filters,
  names: ReadonlyMap<string, string>,
  nowMs: number,
): CallRow[] {
  const rows: CallRow[] = [];
  if (filters.view !== "active") {
    live.queue.forEach((call, index) => {
      if (isWanted(call, filters)) rows.push(rowOf(call, index + 1));
    });
  }
  if (filters.view !== "queued") {
    const active = [...live.active.values()].filter((call) => isWanted(call, filters));
    active.sort((a, b) => order(startOf(b), startOf(a)) || order(a.id, b.id));
    for (const call of active) rows.push(rowOf(call, undefined));
  }
  return filters.sort === undefined ? rows : sorted(rows, filters.sort, names, nowMs);
}

/** Calls as the server listed them. One that moved on while they were read is there once, as it was read last. */
export function listedRows(calls: readonly Call[]): CallRow[] {
  const byId = new Map(calls.map((call) => [call.id, call]));
  return [...byId.values()].map((call) => rowOf(call, call.position ?? undefined));
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

function isWanted(call: Call, { agent, type }: Filters): boolean {
  return (
    (agent === undefined || call.agent === agent) && (type === undefined || call.type === type)
  );
}

function startOf(call: Call): string {
  return call.started_at ?? call.requested_at;
}

type Key = string | number | undefined;

function sorted(
  rows: readonly CallRow[],
  { key, isDescending }: Sort,
  names: ReadonlyMap<string, string>,
  nowMs: number,
): CallRow[] {
  const keyOf = ({ call }: CallRow): Key => {
    switch (key) {
      case "agent":
        return (names.get(call.agent) ?? call.agent).toLowerCase();
      case "type":
        return CALL_TYPES.indexOf(call.type);
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
