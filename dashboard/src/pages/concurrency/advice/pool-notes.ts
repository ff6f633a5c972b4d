// What an operator should know about the pool now, and what helps: settling, and calls that wait.

import {
  type BlockedOn,
  CALL_TYPES,
  type CallType,
  type Pool,
  type PoolAgent,
  TYPE_NAME,
} from "../../../domain";
import { count, counted } from "../../../format";
import { blockedIn } from "../../../live/state/blocked-on";
import { reservedInUse } from "../pool-bar/pool-bar-segments";

/** What can be done about it. */
export type Step =
  | { kind: "edit"; agent: string; name: string }
  | { kind: "raise-cap"; agent: string; name: string }
  | { kind: "raise-limit" };

export interface PoolNote {
  key: "settling" | "limit" | "nothing-shared" | "shared-full" | "agent-cap" | "type-cap" | "idle";
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
  types: ReadonlySet<CallType>;
}

/** What applies now, most pressing first. */
export function notesOn(pool: Pool): readonly PoolNote[] {
  const waiting = waitingBy(pool);
  const nothing = waiting.get("nothing_shared");
  const forSlots = waiting.get("shared_full") ?? (pool.shared.size === 0 ? nothing : undefined);
  return [
    settlingNote(pool),
    limitNote(pool, waiting.get("limit")),
    nothingNote(pool, nothing),
    sharedNote(pool, waiting.get("shared_full")),
    idleNote(pool, forSlots?.calls ?? waiting.get("settling")?.calls ?? 0),
    capNote(waiting.get("agent_cap")),
    typeCapNote(pool, waiting.get("type_cap")),
  ].filter((note) => note !== undefined);
}

function waitingBy(pool: Pool): ReadonlyMap<BlockedOn, Waiting> {
  const reasonOf = blockedIn(pool);
  const found = new Map<BlockedOn, Waiting>();
  for (const agent of pool.agents) {
    if (agent.queued === 0) continue;
    const ofAgent = new Map<BlockedOn, { calls: number; types: CallType[] }>();
    for (const type of CALL_TYPES) {
      const calls = agent.types[type].queued;
      if (calls === 0) continue;
      const reason = reasonOf(agent.id, type).blocked_on;
      const known = ofAgent.get(reason) ?? { calls: 0, types: [] };
      ofAgent.set(reason, { calls: known.calls + calls, types: [...known.types, type] });
    }
    for (const [reason, { calls, types }] of ofAgent) {
      found.set(reason, withAgent(found.get(reason), agent, calls, types));
    }
  }
  return found;
}

function withAgent(
  before: Waiting | undefined,
  agent: PoolAgent,
  calls: number,
  types: readonly CallType[],
): Waiting {
  const isMost = before === undefined || calls > before.mostCalls;
  return {
    calls: (before?.calls ?? 0) + calls,
    agents: (before?.agents ?? 0) + 1,
    most: isMost ? agent : before.most,
    mostCalls: isMost ? calls : before.mostCalls,
    types: new Set([...(before?.types ?? []), ...types]),
  };
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

function nothingNote(pool: Pool, waiting: Waiting | undefined): PoolNote | undefined {
  if (waiting === undefined) return undefined;
  const { name, id, cap } = waiting.most;
  if (pool.shared.size === 0) {
    return {
      key: "nothing-shared",
      says: `All slots are reserved, and ${callsWait(waiting.calls)}${ofThem(waiting)}.`,
      helps: `No slots are left to reserve for ${name}: lower another reservation, or raise the limit.`,
      steps: [{ kind: "raise-limit" }],
    };
  }
  return {
    key: "nothing-shared",
    says: `A cap is 0, and ${callsWait(waiting.calls)}${ofThem(waiting)}.`,
    helps: "They cannot start before the cap is raised.",
    steps: cap === 0 ? [{ kind: "raise-cap", agent: id, name }] : [],
  };
}

function sharedNote(pool: Pool, waiting: Waiting | undefined): PoolNote | undefined {
  if (waiting === undefined) return undefined;
  const { size, in_use } = pool.shared;
  const { name } = waiting.most;
  return {
    key: "shared-full",
    says: `The shared pool is full (${count(in_use)} of ${count(size)}), and ${callsWait(waiting.calls)}${ofThem(waiting)}.`,
    helps: `A larger reservation gives ${name} its own slots; a higher limit or a larger plan helps all agents.`,
    steps: [editStep(waiting.most), { kind: "raise-limit" }],
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

function typeCapNote(pool: Pool, waiting: Waiting | undefined): PoolNote | undefined {
  if (waiting === undefined) return undefined;
  const [first, ...others] = CALL_TYPES.filter((type) => waiting.types.has(type));
  if (first === undefined) return undefined;
  const says =
    others.length === 0
      ? `${TYPE_NAME[first]} calls are at their cap of ${count(pool.type_caps[first] ?? 0)}`
      : `${count(others.length + 1)} call types are at their caps`;
  return {
    key: "type-cap",
    says: `${says}, and ${callsWait(waiting.calls)}${ofThem(waiting)}.`,
    helps: "A higher cap of the type lets more of its calls start.",
    steps: [],
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
