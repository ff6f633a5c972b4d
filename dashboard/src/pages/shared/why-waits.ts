// Why a call waits, as a sentence. Pure.

import { type Call, type Pool, TYPE_NAME } from "../../domain";
import { count, counted } from "../../format";

type Waiting = Pick<Call, "agent" | "type" | "blocked_on" | "blocked_by">;

/** "All 20 slots are busy"; empty when it is not known. */
export function whyWaits(call: Waiting, pool: Pool): string {
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
        : `The cap of ${cappedName(call, pool)} is 0`;
    case "agent_cap":
      return `${nameOf(call.agent, pool)} is at its cap${of(capOf(call.agent, pool))}`;
    case "type_cap":
      return `${TYPE_NAME[call.type]} is at its cap${of(pool.type_caps[call.type])}`;
    case null:
      return "";
  }
}

function of(cap: number | null): string {
  return cap === null ? "" : ` of ${count(cap)}`;
}

function cappedName({ agent, type, blocked_by }: Waiting, pool: Pool): string {
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
  return min < 60 ? `about ${min} min` : `about ${Math.round(min / 60)} h`;
}
