// What somebody is about to reserve for an agent, and whether it fits. The rules are the server's: the sum of all
// reservations stays within the limit, and an agent's own within its cap (docs/semantics.md).

import { CALL_TYPES, type CallType, type Pool, type PoolAgent, TYPE_NAME } from "../../../domain";
import { count, counted } from "../../../format";
import { PoolChange } from "../../../live/state/pool-change";

export type Slots = Readonly<Record<CallType, number>>;

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

export interface Sums {
  /** Reserved for this agent. */
  own: number;
  /** What all agents share then, and can still be reserved; below zero when it does not fit. */
  sharedLeft: number;
}

export function sumsOf(pool: Pool, agent: PoolAgent, slots: Slots): Sums {
  const own = sumOf(slots);
  return { own, sharedLeft: pool.limit - (pool.reserved - agent.reserved + own) };
}

/** Why the slots of a type are too many, with who holds the rest; undefined when they fit. */
export function misfit(
  pool: Pool,
  agent: PoolAgent,
  slots: Slots,
  type: CallType,
): string | undefined {
  const { own, sharedLeft } = sumsOf(pool, agent, slots);
  if (sharedLeft < 0) {
    const left = Math.max(0, slots[type] + sharedLeft);
    return `${leftWords(left)}${holders(pool, agent, slots, type)}`;
  }
  if (agent.cap !== null && own > agent.cap) {
    return `The cap of ${agent.name} is ${count(agent.cap)}, less than ${counted(own, "reserved slot")}. Raise it on the Agents page, or reserve fewer.`;
  }
  return undefined;
}

function leftWords(left: number): string {
  if (left === 0) return "No slot is left.";
  return left === 1 ? "Only 1 slot is left." : `Only ${count(left)} slots are left.`;
}

const MOST_NAMED = 3;

/** " Support holds 7, Billing 4 and 2 others 3." */
function holders(pool: Pool, agent: PoolAgent, slots: Slots, type: CallType): string {
  const others = pool.agents
    .filter(({ id, reserved }) => id !== agent.id && reserved > 0)
    .map(({ name, reserved }) => ({ name, held: reserved }));
  const own = CALL_TYPES.filter((each) => each !== type && slots[each] > 0).map((each) => ({
    name: `${agent.name}'s ${TYPE_NAME[each]}`,
    held: slots[each],
  }));
  const all = [...others, ...own].sort((a, b) => b.held - a.held);
  const [first, ...more] = all.slice(0, MOST_NAMED);
  if (first === undefined) return ` The limit is ${count(pool.limit)}.`;
  const rest = all.slice(MOST_NAMED);
  const held = rest.reduce((sum, each) => sum + each.held, 0);
  const named = more.map((each) => `, ${each.name} ${count(each.held)}`).join("");
  const remainder = rest.length === 0 ? "" : ` and ${counted(rest.length, "other")} ${count(held)}`;
  return ` ${first.name} holds ${count(first.held)}${named}${remainder}.`;
}

/** The pool as it would be with these slots reserved for the agent. */
export function withDraft(pool: Pool, agent: PoolAgent, slots: Slots): Pool {
  const change = new PoolChange(pool);
  change.reserve({ version: pool.version, reservations: [{ agent: agent.id, ...slots }] });
  return change.done(pool.as_of);
}
