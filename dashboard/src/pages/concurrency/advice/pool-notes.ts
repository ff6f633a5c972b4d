// What an operator should know about the pool now, and what helps: settling, and calls that wait.

import type { BlockedOn, Pool, PoolAgent } from "../../../domain";
import { count, counted } from "../../../format";
import { blockedBy } from "../../../live/state/blocked-on";
import { reservedInUse } from "../pool-bar/pool-bar-segments";

/** What can be done about it. */
export type Step =
  | { kind: "edit"; agent: string; name: string }
  | { kind: "raise-cap"; agent: string; name: string }
  | { kind: "raise-limit" };

export interface PoolNote {
  key: "settling" | "limit" | "shared-full" | "agent-cap" | "idle";
  says: string;
  /** What helps, as a sentence. */
  helps: string;
  steps: readonly Step[];
}

/** The calls that wait for one reason, and the agent that most of them are for. */
interface Waiting {
  calls: number;
  agents: number;
  most: PoolAgent;
  mostCalls: number;
}

/** What applies now, most pressing first. */
export function notesOn(pool: Pool): readonly PoolNote[] {
  const waiting = waitingBy(pool);
  return [
    settlingNote(pool),
    limitNote(pool, waiting.get("limit")),
    sharedNote(pool, waiting.get("shared_full")),
    idleNote(pool, waiting.get("shared_full")?.calls ?? waiting.get("settling")?.calls ?? 0),
    capNote(waiting.get("agent_cap")),
  ].filter((note) => note !== undefined);
}

function waitingBy(pool: Pool): ReadonlyMap<BlockedOn, Waiting> {
  const reasonOf = blockedBy(pool);
  const found = new Map<BlockedOn, Waiting>();
  for (const agent of pool.agents) {
    if (agent.queued === 0) continue;
    const reason = reasonOf(agent.id);
    const known = found.get(reason);
    if (known === undefined) {
      found.set(reason, { calls: agent.queued, agents: 1, most: agent, mostCalls: agent.queued });
      continue;
    }
    known.calls += agent.queued;
    known.agents += 1;
    if (agent.queued > known.mostCalls) {
      known.most = agent;
      known.mostCalls = agent.queued;
    }
  }
  return found;
}

function settlingNote({ settling }: Pool): PoolNote | undefined {
  if (settling === 0) return undefined;
  const calls = counted(settling, "call");
  return {
    key: "settling",
    says: `Settling: ${counted(settling, "slot")} over the limit. No call is interrupted.`,
    helps: `New calls get shared slots again once ${calls} on shared slots ${settling === 1 ? "has" : "have"} ended. To speed this up, lower a reservation or raise the limit.`,
    steps: [{ kind: "raise-limit" }],
  };
}

function limitNote(pool: Pool, waiting: Waiting | undefined): PoolNote | undefined {
  if (waiting === undefined) return undefined;
  return {
    key: "limit",
    says: `All ${counted(pool.limit, "slot")} are in use, and ${callsWait(waiting.calls)}.`,
    helps: "Only a higher limit or a larger plan lets more calls start at once.",
    steps: [{ kind: "raise-limit" }],
  };
}

function sharedNote(pool: Pool, waiting: Waiting | undefined): PoolNote | undefined {
  if (waiting === undefined) return undefined;
  const { size, in_use } = pool.shared;
  const { name } = waiting.most;
  const full =
    size === 0
      ? "All slots are reserved"
      : `The shared pool is full (${count(in_use)} of ${count(size)})`;
  const isRoom = size > 0;
  return {
    key: "shared-full",
    says: `${full}, and ${callsWait(waiting.calls)}${ofThem(waiting)}.`,
    helps: isRoom
      ? `A larger reservation gives ${name} its own slots; a higher limit or a larger plan helps all agents.`
      : `No slots are left to reserve for ${name}: lower another reservation, or raise the limit.`,
    steps: isRoom ? [editStep(waiting.most), { kind: "raise-limit" }] : [{ kind: "raise-limit" }],
  };
}

function idleNote(pool: Pool, waiting: number): PoolNote | undefined {
  if (waiting === 0) return undefined;
  let idle = 0;
  let most: { agent: PoolAgent; idle: number } | undefined;
  for (const agent of pool.agents) {
    const own = agent.reserved - reservedInUse(agent);
    idle += own;
    if (own > (most?.idle ?? 0)) most = { agent, idle: own };
  }
  if (most === undefined) return undefined;
  const { agent } = most;
  const holder =
    most.idle === idle
      ? `all held by ${agent.name}`
      : `${count(most.idle)} of them held by ${agent.name}`;
  return {
    key: "idle",
    says: `${counted(idle, "reserved slot")} ${idle === 1 ? "is" : "are"} idle while ${callsWait(waiting)}: ${holder}.`,
    helps: "Lower a reservation to give its idle slots to the shared pool.",
    steps: [editStep(agent)],
  };
}

function capNote(waiting: Waiting | undefined): PoolNote | undefined {
  if (waiting === undefined) return undefined;
  const { most, agents, calls } = waiting;
  const cap = count(most.cap ?? 0);
  const says =
    agents === 1
      ? `${most.name} is at its cap of ${cap}, and ${callsWait(calls)}.`
      : `${count(agents)} agents are at their caps, and ${callsWait(calls)}${ofThem(waiting)} (cap ${cap}).`;
  return {
    key: "agent-cap",
    says,
    helps: "A higher cap lets more of its calls start.",
    steps: [{ kind: "raise-cap", agent: most.id, name: most.name }],
  };
}

function editStep({ id, name }: PoolAgent): Step {
  return { kind: "edit", agent: id, name };
}

function callsWait(calls: number): string {
  return `${counted(calls, "call")} ${calls === 1 ? "is" : "are"} waiting`;
}

function ofThem({ agents, most, mostCalls }: Waiting): string {
  return agents === 1 ? ` for ${most.name}` : `, ${count(mostCalls)} of them for ${most.name}`;
}
