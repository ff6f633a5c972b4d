// What somebody is about to reserve for an agent, and whether it fits. The rules are the server's: the sum of all
// reservations stays within the limit, and an agent's own within its cap (docs/semantics.md).

import { CALL_TYPES, type CallType, type Pool, type PoolAgent } from "../../../domain";
import { count } from "../../../format";
import { PoolChange } from "../../../live/state/pool-change";

export type Slots = Readonly<Record<CallType, number>>;

/** More than any limit, within what the server reads. */
export const MOST_SLOTS = 10_000_000;

export function slotsOf(agent: PoolAgent): Slots {
  const { webcall, chat, outbound, inbound } = agent.types;
  return {
    webcall: webcall.reserved,
    chat: chat.reserved,
    outbound: outbound.reserved,
    inbound: inbound.reserved,
  };
}

export function sumOf(slots: Slots): number {
  return CALL_TYPES.reduce((sum, type) => sum + slots[type], 0);
}

export function areSame(a: Slots, b: Slots): boolean {
  return CALL_TYPES.every((type) => a[type] === b[type]);
}

/** The slots with one type set to what was typed or dragged to. */
export function withSlots(slots: Slots, type: CallType, value: number | null): Slots {
  const whole = Number.isFinite(value) ? Math.trunc(value ?? 0) : 0;
  return { ...slots, [type]: Math.min(MOST_SLOTS, Math.max(0, whole)) };
}

export interface Sums {
  /** Reserved for this agent. */
  own: number;
  /** Reserved for all agents. */
  all: number;
  /** What all agents share then; below zero when it does not fit. */
  sharedLeft: number;
  /** What the agent may still reserve: the shared rest, or less under its cap. Below zero when it does not fit. */
  left: number;
}

export function sumsOf(pool: Pool, agent: PoolAgent, slots: Slots): Sums {
  const own = sumOf(slots);
  const all = pool.reserved - agent.reserved + own;
  const sharedLeft = pool.limit - all;
  const left = agent.cap === null ? sharedLeft : Math.min(sharedLeft, agent.cap - own);
  return { own, all, sharedLeft, left };
}

/** The most that a slider may set for a type while the other types stay as they are. */
export function mostFor(slots: Slots, type: CallType, left: number): number {
  return Math.max(0, slots[type] + left);
}

/** Where all sliders of an agent end: what it could reserve at the most, or what it has when that is more. */
export function scaleOf(slots: Slots, left: number): number {
  return Math.max(1, sumOf(slots) + Math.max(0, left), ...CALL_TYPES.map((type) => slots[type]));
}

/** Why the slots cannot be reserved, with who holds the rest; undefined when they can. */
export function misfit(pool: Pool, agent: PoolAgent, slots: Slots): string | undefined {
  const { own, sharedLeft } = sumsOf(pool, agent, slots);
  if (sharedLeft < 0) {
    const held = pool.reserved - agent.reserved;
    const free = pool.limit - held;
    const holders = held > 0 ? ` ${holdersOf(pool, agent)} the other ${count(held)}.` : "";
    return `You asked for ${count(own)} slots, but only ${count(free)} of ${count(pool.limit)} are left.${holders}`;
  }
  if (agent.cap !== null && own > agent.cap) {
    return `${agent.name} has a cap of ${count(agent.cap)}, which is less than ${count(own)} reserved slots. Raise the cap on the Agents page, or reserve fewer.`;
  }
  return undefined;
}

const MOST_NAMED = 3;

/** "Sales (5), Billing (3) and 2 others (4) hold" */
function holdersOf(pool: Pool, agent: PoolAgent): string {
  const holders = pool.agents
    .filter(({ id, reserved }) => id !== agent.id && reserved > 0)
    .sort((a, b) => b.reserved - a.reserved);
  // Two names are as short as one and "1 other".
  const named = holders.length === MOST_NAMED + 1 ? holders : holders.slice(0, MOST_NAMED);
  const rest = holders.slice(named.length);
  const parts = named.map(({ name, reserved }) => `${name} (${count(reserved)})`);
  if (rest.length > 0) {
    const slots = rest.reduce((sum, { reserved }) => sum + reserved, 0);
    parts.push(`${count(rest.length)} others (${count(slots)})`);
  }
  const last = parts.pop() ?? "";
  const list = parts.length === 0 ? last : `${parts.join(", ")} and ${last}`;
  return `${list} ${holders.length === 1 ? "holds" : "hold"}`;
}

/** The pool as it would be with these slots reserved for the agent. */
export function withDraft(pool: Pool, agent: PoolAgent, slots: Slots): Pool {
  const change = new PoolChange(pool);
  change.reserve({ version: pool.version, reservations: [{ agent: agent.id, ...slots }] });
  return change.done(pool.as_of);
}
