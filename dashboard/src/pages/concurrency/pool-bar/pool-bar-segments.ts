// The pool as a bar: what is reserved for whom, what is shared, what is beyond the limit, and how much of each is in use.

import { CALL_TYPES, type Pool, type PoolAgent } from "../../../domain";
import { count, counted } from "../../../format";
import type { AgentColor } from "./agent-colors";

/** How many agents get a segment of their own. */
export const MOST_SHOWN = 8;

export interface Segment {
  kind: "agent" | "others" | "shared" | "over";
  /** The kind, and the agent's id if it is one's. */
  key: string;
  name: string;
  /** How wide it is. */
  slots: number;
  inUse: number;
  color?: AgentColor;
  /** Its numbers in words. */
  says: string;
  /** The agent it is for. */
  agent?: string;
  /** Who uses the shared slots, most first. */
  users?: readonly SharedUser[];
}

interface SharedUser {
  name: string;
  slots: number;
  color: AgentColor | undefined;
}

export interface Bar {
  segments: readonly Segment[];
  /** The width of all segments together: the limit, or more while more is promised. */
  slots: number;
  limit: number;
}

/**
 * The agents with a segment of their own, in the pool's order: those with the largest reservations, and one more if it is
 * asked for.
 */
export function shownAgents(pool: Pool, alsoId?: string): readonly string[] {
  const reserved = pool.agents.filter((agent) => agent.reserved > 0);
  const largest = reserved
    .toSorted((a, b) => b.reserved - a.reserved || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_SHOWN);
  const ids = new Set(largest.map(({ id }) => id));
  if (alsoId !== undefined) ids.add(alsoId);
  return pool.agents.filter(({ id }) => ids.has(id)).map(({ id }) => id);
}

/** The bar of a pool, with the agents apart that have a colour. */
export function barOf(pool: Pool, colors: ReadonlyMap<string, AgentColor>): Bar {
  const reserved = pool.agents.filter((agent) => agent.reserved > 0);
  const apart = reserved.filter(({ id }) => colors.has(id));
  const others = reserved.filter(({ id }) => !colors.has(id));
  const segments = [
    ...apart.map((agent) => agentSegment(agent, colors.get(agent.id))),
    ...othersSegment(others),
    ...sharedSegments(pool, colors),
  ];
  const slots = segments.reduce((sum, segment) => sum + segment.slots, 0);
  return { segments, slots, limit: pool.limit };
}

function agentSegment(agent: PoolAgent, color: AgentColor | undefined): Segment {
  const inUse = reservedInUse(agent);
  const shared = agent.active - inUse;
  const says = [usage(inUse, agent.reserved, "reserved slot")];
  if (shared > 0)
    says.push(`${count(shared)} more on ${shared === 1 ? "a shared slot" : "shared slots"}`);
  if (agent.queued > 0) says.push(`${count(agent.queued)} waiting`);
  return {
    kind: "agent",
    key: `agent ${agent.id}`,
    agent: agent.id,
    name: agent.name,
    slots: agent.reserved,
    inUse,
    ...(color && { color }),
    says: says.join(", "),
  };
}

function othersSegment(others: readonly PoolAgent[]): Segment[] {
  if (others.length === 0) return [];
  const slots = others.reduce((sum, agent) => sum + agent.reserved, 0);
  const inUse = others.reduce((sum, agent) => sum + reservedInUse(agent), 0);
  const name = `${count(others.length)} more`;
  return [
    {
      kind: "others",
      key: "others",
      name,
      slots,
      inUse,
      says: usage(inUse, slots, "reserved slot"),
    },
  ];
}

/** The shared pool, and what holds slots beyond it. */
function sharedSegments(pool: Pool, colors: ReadonlyMap<string, AgentColor>): Segment[] {
  const size = Math.max(0, pool.limit - pool.reserved);
  const inUse = Math.min(pool.shared.in_use, size);
  const over = pool.shared.in_use - inUse;
  const segments: Segment[] = [];
  if (size > 0) {
    const users = sharedUsers(pool, colors);
    const says = usage(inUse, size, "shared slot") + usersWords(users);
    segments.push({
      kind: "shared",
      key: "shared",
      name: "Shared",
      slots: size,
      inUse,
      says,
      users,
    });
  }
  if (over > 0) {
    const name = "Over the limit";
    segments.push({
      kind: "over",
      key: "over",
      name,
      slots: over,
      inUse: over,
      says: overWords(over),
    });
  }
  return segments;
}

/** What it means that calls are over the limit. */
export function overWords(calls: number): string {
  const end = calls === 1 ? "it has ended" : `${count(calls)} have ended`;
  return `${counted(calls, "call")} over the new limit. ${calls === 1 ? "It continues" : "They continue"}; new shared calls start when ${end}.`;
}

function sharedUsers(pool: Pool, colors: ReadonlyMap<string, AgentColor>): readonly SharedUser[] {
  return pool.agents
    .map((agent) => ({
      name: agent.name,
      slots: agent.active - reservedInUse(agent),
      color: colors.get(agent.id),
    }))
    .filter(({ slots }) => slots > 0)
    .sort((a, b) => b.slots - a.slots);
}

const MOST_USERS = 3;

/** ": Support 2, Sales 1 and 3 others" */
function usersWords(users: readonly SharedUser[]): string {
  if (users.length === 0) return "";
  const named = users.slice(0, MOST_USERS).map(({ name, slots }) => `${name} ${count(slots)}`);
  const rest = users.length - named.length;
  return `: ${named.join(", ")}${rest > 0 ? ` and ${counted(rest, "other")}` : ""}`;
}

function usage(inUse: number, slots: number, what: string): string {
  return `${count(inUse)} of ${counted(slots, what)} in use`;
}

/** How many of an agent's reserved slots are in use. */
export function reservedInUse(agent: PoolAgent): number {
  return CALL_TYPES.reduce((sum, type) => sum + agent.types[type].reserved_in_use, 0);
}
