// Which calls the page shows, as its address says it. What an address says that cannot be is passed over.

import {
  CALL_TYPES,
  type CallType,
  END_REASON_TEXT,
  type EndReason,
  ID_PATTERN,
  isTime,
} from "../../../domain";
import { type ColumnName, knownColumns } from "../columns/column-names";

export const VIEWS = ["all", "live", "queued", "active", "ended"] as const;
export type View = (typeof VIEWS)[number];

/** Spans of time that end now, in minutes. */
export const LAST_MINUTES = { "15m": 15, "1h": 60, "24h": 1_440, "7d": 10_080 } as const;
export type Last = keyof typeof LAST_MINUTES;

/** When calls ended. */
export type Span =
  | { kind: "any" }
  | { kind: "last"; last: Last }
  | { kind: "between"; from: string | undefined; to: string | undefined };

const SORT_KEYS = ["agent", "type", "ended", "waited", "lasted"] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Sort {
  key: SortKey;
  isDescending: boolean;
}

export interface Filters {
  view: View;
  /** What is searched for: the beginning of an id, or a text in the id or metadata of a live call. */
  text: string;
  agent: string | undefined;
  type: CallType | undefined;
  /** A gate that they pass. */
  gate: string | undefined;
  leastWaitS: number | undefined;
  /** Why and when calls ended: no live one did. */
  reason: EndReason | undefined;
  span: Span;
  /**
   * The order of the live calls, and of the ended ones that have been read. Without it queued calls come in ticket order, active
   * ones newest first, and ended ones newest first.
   */
  sort: Sort | undefined;
  /** The columns of the table; undefined: those that the reader chose before. */
  columns: readonly ColumnName[] | undefined;
}

export const NO_FILTERS: Filters = {
  view: "all",
  text: "",
  agent: undefined,
  type: undefined,
  gate: undefined,
  leastWaitS: undefined,
  reason: undefined,
  span: { kind: "any" },
  sort: undefined,
  columns: undefined,
};

const CALL_ID = /^[!-~]{1,255}$/;
const LONGEST_TEXT = 255;
const END_REASONS = Object.keys(END_REASON_TEXT) as EndReason[];
const LASTS = Object.keys(LAST_MINUTES) as Last[];

/** The filters that an address names. */
export function readFilters(search: string): Filters {
  const params = new URLSearchParams(search);
  const view = oneOf(VIEWS, params.get("state")) ?? "all";
  const id = (name: string) => {
    const given = params.get(name) ?? "";
    return ID_PATTERN.test(given) ? given : undefined;
  };
  const filters: Filters = {
    ...NO_FILTERS,
    view,
    text: (params.get("q") ?? "").trim().slice(0, LONGEST_TEXT),
    agent: id("agent"),
    type: oneOf(CALL_TYPES, params.get("type")),
    gate: id("gate"),
    leastWaitS: wholeSeconds(params.get("wait_s")),
    sort: readSort(params.get("sort")),
    columns: knownColumns(params.get("columns")?.split(".")),
  };
  if (!mayHaveEnded(view)) return filters;
  return { ...filters, reason: oneOf(END_REASONS, params.get("reason")), span: readSpan(params) };
}

/** The call that an address opens. */
export function readCallId(search: string): string | undefined {
  const id = new URLSearchParams(search).get("call") ?? "";
  return CALL_ID.test(id) ? id : undefined;
}

/** The address of the filters, with a call open or none. Defaults are left out. */
export function hrefOf(filters: Filters, callId?: string): string {
  const { view, text, agent, type, gate, leastWaitS, reason, span, sort, columns } = filters;
  const params = new URLSearchParams();
  const set = (name: string, value: string | undefined) => {
    if (value !== undefined) params.set(name, value);
  };
  set("state", view === "all" ? undefined : view);
  set("q", text === "" ? undefined : text);
  set("agent", agent);
  set("type", type);
  set("gate", gate);
  set("wait_s", leastWaitS?.toString());
  if (mayHaveEnded(view)) {
    set("reason", reason);
    if (span.kind === "last") set("last", span.last);
    if (span.kind === "between") {
      set("from", span.from);
      set("to", span.to);
    }
  }
  set("sort", sort && `${sort.isDescending ? "-" : ""}${sort.key}`);
  set("columns", columns?.join("."));
  set("call", callId);
  const search = params.toString();
  return search === "" ? "/calls" : `/calls?${search}`;
}

/** Whether less than all calls of the view are asked for. */
export function isNarrowed(filters: Filters): boolean {
  return isNarrowedAmongLive(filters) || !isAboutLive(filters);
}

/** Whether less than all live calls are asked for, apart from their state. */
export function isNarrowedAmongLive({ text, agent, type, gate, leastWaitS }: Filters): boolean {
  return text !== "" || [agent, type, gate, leastWaitS].some((filter) => filter !== undefined);
}

/** Whether there are ended calls in a view. */
export function mayHaveEnded(view: View): boolean {
  return view === "all" || view === "ended";
}

/** Whether live calls can be what is asked for. */
export function showsLive(filters: Filters): boolean {
  return filters.view !== "ended" && isAboutLive(filters);
}

function isAboutLive({ reason, span }: Filters): boolean {
  return reason === undefined && span.kind === "any";
}

/** Whether ended calls can be what is asked for: by a text, they are found if their ids can begin with it. */
export function showsEnded({ view, text }: Filters): boolean {
  return mayHaveEnded(view) && (text === "" || CALL_ID.test(text));
}

/** Whether the server lists the live calls: it does when not all are known here. */
export function isListedByServer({ agent, type, gate }: Filters, isComplete: boolean): boolean {
  return !isComplete && [agent, type, gate].some((filter) => filter !== undefined);
}

/** The sort after a column's head was chosen: one way, the other way, then none. */
export function nextSort(sort: Sort | undefined, key: SortKey): Sort | undefined {
  const isLongestFirst = key === "ended" || key === "waited" || key === "lasted";
  if (sort?.key !== key) return { key, isDescending: isLongestFirst };
  if (sort.isDescending === isLongestFirst) return { key, isDescending: !isLongestFirst };
  return undefined;
}

function readSort(text: string | null): Sort | undefined {
  const isDescending = text?.startsWith("-") ?? false;
  const key = oneOf(SORT_KEYS, isDescending ? (text?.slice(1) ?? null) : text);
  return key === undefined ? undefined : { key, isDescending };
}

function readSpan(params: URLSearchParams): Span {
  const last = oneOf(LASTS, params.get("last"));
  if (last !== undefined) return { kind: "last", last };
  const [from, to] = [time(params.get("from")), time(params.get("to"))];
  return from === undefined && to === undefined ? { kind: "any" } : { kind: "between", from, to };
}

function oneOf<T extends string>(known: readonly T[], text: string | null): T | undefined {
  return known.find((value) => value === text);
}

function wholeSeconds(text: string | null): number | undefined {
  if (text === null || !/^[0-9]{1,9}$/.test(text)) return undefined;
  return Number(text) === 0 ? undefined : Number(text);
}

/** A time as the API takes it. */
function time(text: string | null): string | undefined {
  const ms = Date.parse(text ?? "");
  return isTime(ms) ? new Date(ms).toISOString() : undefined;
}
