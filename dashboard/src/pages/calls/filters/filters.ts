// Which calls the page shows, as its address says it. What an address says that cannot be is passed over.

import {
  CALL_TYPES,
  type CallType,
  END_REASON_TEXT,
  type EndReason,
  ID_PATTERN,
  isTime,
} from "../../../domain";

export const VIEWS = ["live", "queued", "active", "ended"] as const;
export type View = (typeof VIEWS)[number];

/** Spans of time that end now, in minutes. */
export const LAST_MINUTES = { "15m": 15, "1h": 60, "24h": 1_440, "7d": 10_080 } as const;
export type Last = keyof typeof LAST_MINUTES;

/** When calls ended. */
export type Span =
  | { kind: "any" }
  | { kind: "last"; last: Last }
  | { kind: "between"; from: string | undefined; to: string | undefined };

const SORT_KEYS = ["agent", "type", "waited", "lasted"] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Sort {
  key: SortKey;
  isDescending: boolean;
}

export interface Filters {
  view: View;
  agent: string | undefined;
  type: CallType | undefined;
  /** The order of live calls; without it queued ones in ticket order, then active ones, newest first. */
  sort: Sort | undefined;
  /** The rest is about ended calls. */
  reason: EndReason | undefined;
  leastWaitS: number | undefined;
  span: Span;
}

export const NO_FILTERS: Filters = {
  view: "live",
  agent: undefined,
  type: undefined,
  sort: undefined,
  reason: undefined,
  leastWaitS: undefined,
  span: { kind: "any" },
};

const CALL_ID = /^[!-~]{1,255}$/;
const END_REASONS = Object.keys(END_REASON_TEXT) as EndReason[];
const LASTS = Object.keys(LAST_MINUTES) as Last[];

/** The filters that an address names. */
export function readFilters(search: string): Filters {
  const params = new URLSearchParams(search);
  const view = oneOf(VIEWS, params.get("state")) ?? "live";
  const agent = params.get("agent") ?? "";
  const common = {
    ...NO_FILTERS,
    view,
    agent: ID_PATTERN.test(agent) ? agent : undefined,
    type: oneOf(CALL_TYPES, params.get("type")),
  };
  if (view !== "ended") return { ...common, sort: readSort(params.get("sort")) };
  return {
    ...common,
    reason: oneOf(END_REASONS, params.get("reason")),
    leastWaitS: wholeSeconds(params.get("wait_s")),
    span: readSpan(params),
  };
}

/** The call that an address opens. */
export function readCallId(search: string): string | undefined {
  const id = new URLSearchParams(search).get("call") ?? "";
  return CALL_ID.test(id) ? id : undefined;
}

/** The address of the filters, with a call open or none. Defaults are left out. */
export function hrefOf(filters: Filters, callId?: string): string {
  const { view, agent, type, sort, reason, leastWaitS, span } = filters;
  const params = new URLSearchParams();
  const set = (name: string, value: string | undefined) => {
    if (value !== undefined) params.set(name, value);
  };
  set("state", view === "live" ? undefined : view);
  set("agent", agent);
  set("type", type);
  if (view !== "ended") {
    set("sort", sort && `${sort.isDescending ? "-" : ""}${sort.key}`);
  } else {
    set("reason", reason);
    set("wait_s", leastWaitS?.toString());
    if (span.kind === "last") set("last", span.last);
    if (span.kind === "between") {
      set("from", span.from);
      set("to", span.to);
    }
  }
  set("call", callId);
  const text = params.toString();
  return text === "" ? "/calls" : `/calls?${text}`;
}

/** Whether less than all calls of the view are asked for. */
export function isNarrowed({ agent, type, reason, leastWaitS, span }: Filters): boolean {
  return (
    [agent, type, reason, leastWaitS].some((filter) => filter !== undefined) || span.kind !== "any"
  );
}

/** Whether the calls are listed by the server: ended ones are, and live ones when not all are known here. */
export function isListedByServer({ view, agent, type }: Filters, isComplete: boolean): boolean {
  return view === "ended" || (!isComplete && (agent !== undefined || type !== undefined));
}

/** The sort after a column's head was chosen: one way, the other way, then none. */
export function nextSort(sort: Sort | undefined, key: SortKey): Sort | undefined {
  const isLongestFirst = key === "waited" || key === "lasted";
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
