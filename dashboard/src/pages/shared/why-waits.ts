// Why a call waits, as a sentence. Pure.

import { type Call, type Pool, TYPE_NAME } from "../../domain";
import { count, counted } from "../../format";
import { paceWords } from "../../gate-words";
import { type LiveGates, NO_GATES } from "../../live/state/gates";

type Waiting = Pick<Call, "agent" | "type" | "blocked_on" | "blocked_by">;

/** A cause. With a gate the sentence is the gate's name and the text. */
export interface Why {
  gate?: { id: string; name: string };
  text: string;
}

/** "All 20 slots are busy", "Spring is paused"; empty when it is not known. */
export function whyWaits(call: Waiting, pool: Pool, gates: LiveGates = NO_GATES): string {
  const { gate, text } = why(call, pool, gates);
  return gate === undefined ? text : `${gate.name} ${text}`;
}

/** The cause, with the gate apart, so that it can be linked. */
export function why(call: Waiting, pool: Pool, gates: LiveGates): Why {
  const { blocked_on, blocked_by } = call;
  if (blocked_by !== null && "gate" in blocked_by) {
    const id = blocked_by.gate;
    return { gate: { id, name: gates.get(id)?.name ?? id }, text: ofGate(id, blocked_on, gates) };
  }
  return { text: ofPool(call, pool) };
}

function ofGate(id: string, blocked_on: Call["blocked_on"], gates: LiveGates): string {
  const gate = gates.get(id);
  switch (blocked_on) {
    case "gate_paused":
      return "is paused";
    case "gate_hours":
      return "is outside its hours";
    case "paced":
      return `has reached its pace${gate?.pace == null ? "" : ` of ${paceWords(gate.pace)}`}`;
    default:
      return `is at its cap${of(gate?.cap ?? null)}`;
  }
}

function ofPool(call: Waiting, pool: Pool): string {
  switch (call.blocked_on) {
    case "limit":
      return pool.limit === 1 ? "The only slot is busy" : `All ${count(pool.limit)} slots are busy`;
    case "shared_full":
      return pool.shared.size === 1
        ? "The only shared slot is busy"
        : `All ${count(pool.shared.size)} shared slots are busy`;
    case "settling":
      return `${counted(pool.settling, "call")} over the new limit must end first`;
    case "nothing_shared":
      return call.blocked_by === null
        ? "Every slot is reserved for others"
        : `The cap of ${heldName(call, pool)} is 0`;
    case "agent_cap":
      return `${nameOf(call.agent, pool)} is at its cap${of(capOf(call.agent, pool))}`;
    case "type_cap":
      return `${TYPE_NAME[call.type]} is at its cap${of(pool.type_caps[call.type])}`;
    case "paced":
      return `${heldName(call, pool)} has reached its pace${ofPace(call, pool)}`;
    case "gate_cap":
      return "A gate of it is at its cap";
    case "gate_paused":
      return "A gate of it is paused";
    case "gate_hours":
      return "A gate of it is outside its hours";
    case null:
      return "";
  }
}

function of(cap: number | null): string {
  return cap === null ? "" : ` of ${count(cap)}`;
}

function ofPace({ agent, type, blocked_by }: Waiting, pool: Pool): string {
  const isOfType = blocked_by !== null && "type" in blocked_by;
  const pace = isOfType
    ? pool.type_paces[type]
    : (pool.agents.find(({ id }) => id === agent)?.pace ?? null);
  return pace === null ? "" : ` of ${paceWords(pace)}`;
}

function heldName({ agent, type, blocked_by }: Waiting, pool: Pool): string {
  return blocked_by !== null && "type" in blocked_by ? TYPE_NAME[type] : nameOf(agent, pool);
}

function nameOf(id: string, pool: Pool): string {
  return pool.agents.find((agent) => agent.id === id)?.name ?? id;
}

function capOf(id: string, pool: Pool): number | null {
  return pool.agents.find((agent) => agent.id === id)?.cap ?? null;
}

/** An estimate as one says it: "about 20 s", "about 3 min". */
export function about(ms: number): string {
  const s = ms / 1000;
  if (s < 3) return "in a moment";
  if (s < 58) return `about ${Math.max(5, Math.round(s / 5) * 5)} s`;
  const min = Math.round(s / 60);
  if (min < 60) return `about ${min} min`;
  const h = Math.round(min / 60);
  return h < 48 ? `about ${h} h` : `about ${Math.round(h / 24)} days`;
}
