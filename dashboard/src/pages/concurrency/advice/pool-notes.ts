// Why calls wait, and the one thing that helps: a sentence and a button for each cause, the largest first.

import { CALL_TYPES, type Pool, TYPE_NAME } from "../../../domain";
import { count, counted } from "../../../format";
import { whyWaits } from "../../shared/why-waits";
import type { Slots } from "../reserve/draft";
import { mostIdle, without } from "./idle-slots";
import { type Cause, causesIn, type Through, whoWaits } from "./waiting-causes";

/** What can be done about it. */
export type Step =
  | { kind: "free"; agent: string; name: string; slots: number; draft: Slots }
  | { kind: "raise-cap" }
  | { kind: "gate"; gate: string; name: string }
  | { kind: "raise-limit" };

export interface PoolNote {
  key: string;
  says: string;
  step?: Step;
}

/** What applies now; nothing while nobody waits. */
export function notesOn(pool: Pool, through?: Through): readonly PoolNote[] {
  return causesIn(pool, through).map((cause) => noteOn(pool, cause, through));
}

function noteOn(pool: Pool, cause: Cause, through: Through | undefined): PoolNote {
  const who = whoWaits(cause);
  const { key, reason, most } = cause;
  const note = (why: string, step?: Step): PoolNote => ({
    key,
    says: `${who} ${why}.`,
    ...(step && { step }),
  });
  switch (reason) {
    case "limit":
      return note(`because all ${counted(pool.limit, "slot")} are in use`, { kind: "raise-limit" });
    case "shared_full":
      return forSlots(
        pool,
        cause,
        note,
        `because all ${count(pool.shared.size)} shared slots are in use`,
      );
    case "settling":
      return forSlots(
        pool,
        cause,
        note,
        `until ${counted(pool.settling, "call")} over the limit ${pool.settling === 1 ? "has" : "have"} ended`,
      );
    case "nothing_shared":
      if (pool.shared.size <= 0) {
        return forSlots(pool, cause, note, "because every slot is reserved");
      }
      return most.cap === 0
        ? note(`because the cap of ${most.name} is 0`, { kind: "raise-cap" })
        : note(`because the cap of ${typesOf(cause)} calls is 0`);
    case "agent_cap":
      return note(capWords(cause), { kind: "raise-cap" });
    case "type_cap":
      return note(`because ${typesOf(cause)} calls are at their cap${typeCap(pool, cause)}`);
    case "gate_cap":
    case "gate_paused":
    case "gate_hours":
    case "paced":
      return note(...byGateOrPace(pool, cause, through));
  }
}

/** Whose cap, pause, hours or pace it is, with the way to the gate. */
function byGateOrPace(
  pool: Pool,
  { reason, by, most, types }: Cause,
  through: Through | undefined,
): [string, Step?] {
  const [type = "chat"] = types;
  const call = { agent: most.id, type, blocked_on: reason, blocked_by: by };
  const why = `because ${whyWaits(call, pool, through?.gates)}`;
  if (by === null || !("gate" in by)) return [why];
  const name = through?.gates.get(by.gate)?.name ?? by.gate;
  return [why, { kind: "gate", gate: by.gate, name }];
}

type NoteOf = (why: string, step?: Step) => PoolNote;

/** Idle slots help who waits for shared ones; when there are none, more slots do. */
function forSlots(pool: Pool, { calls }: Cause, note: NoteOf, why: string): PoolNote {
  const idle = mostIdle(pool);
  if (idle === undefined) return note(why, { kind: "raise-limit" });
  const { agent, slots, total } = idle;
  const given = Math.min(slots, calls);
  const kept =
    slots === total
      ? `${agent.name} keeps ${counted(slots, "reserved slot")} idle`
      : `${counted(total, "reserved slot")} are idle, ${count(slots)} of them kept for ${agent.name}`;
  return note(`${why}, while ${kept}`, {
    kind: "free",
    agent: agent.id,
    name: agent.name,
    slots: given,
    draft: without(agent, given),
  });
}

function capWords({ agents, most, mostCalls }: Cause): string {
  const cap = count(most.cap ?? 0);
  return agents === 1
    ? `because ${most.name} is at its cap of ${cap}`
    : `because the agents are at their caps, ${count(mostCalls)} of them at the cap of ${most.name} (${cap})`;
}

/** "Chat", "Chat and Inbound" */
function typesOf({ types }: Cause): string {
  const names = CALL_TYPES.filter((type) => types.has(type)).map((type) => TYPE_NAME[type]);
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}

function typeCap(pool: Pool, { types }: Cause): string {
  const [type, ...others] = types;
  const cap = type === undefined || others.length > 0 ? null : pool.type_caps[type];
  return cap === null ? "" : ` of ${count(cap)}`;
}
