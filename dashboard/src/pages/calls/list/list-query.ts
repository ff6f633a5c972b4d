// What to ask the server for, for a list of calls or their CSV.

import type { paths } from "../../../api/schema";
import { type Filters, LAST_MINUTES } from "../filters/filters";

export type ListQuery = NonNullable<paths["/v1/calls"]["get"]["parameters"]["query"]>;

/** The part of a list that is asked for: the server lists live calls and ended ones apart. */
export type Part = "live" | "ended";

/** The question for a page of the calls that the filters name. */
export function listQuery(filters: Filters, part: Part, nowMs: number): ListQuery {
  const { view, text, agent, type, gate, reason, leastWaitS, span } = filters;
  const query: ListQuery = {};
  if (part === "ended") query.state = "ended";
  else if (view === "queued" || view === "active") query.state = view;
  if (agent !== undefined) query.agent = agent;
  if (type !== undefined) query.type = type;
  if (gate !== undefined) query.gate = gate;
  if (part === "live") return query;
  if (reason !== undefined) query.reason = reason;
  if (leastWaitS !== undefined) query.least_wait_ms = leastWaitS * 1000;
  if (text !== "") query.id_prefix = text;
  if (span.kind === "last") {
    query.ended_from = new Date(nowMs - LAST_MINUTES[span.last] * 60_000).toISOString();
  }
  if (span.kind === "between") {
    if (span.from !== undefined) query.ended_from = span.from;
    if (span.to !== undefined) query.ended_to = span.to;
  }
  return query;
}
