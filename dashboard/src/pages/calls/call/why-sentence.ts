// Why a call waits, or did, as its panel tells it. Pure.

import { type Call, type Pool, TYPE_NAME } from "../../../domain";
import { count, shortDuration } from "../../../format";
import { type LiveGates, NO_GATES } from "../../../live/state/gates";
import { about, type Why, why } from "../../shared/why-waits";
import { waitedMs } from "../list/call-times";

/** What is known of the wait: while it goes on, its cause and the numbers behind it. */
export function whySentence(call: Call, pool: Pool | undefined, gates: LiveGates = NO_GATES): Why {
  switch (call.state) {
    case "queued": {
      if (pool === undefined) return { text: "" };
      const cause = why(call, pool, gates);
      const more = isHeldByGateOrPace(call) ? earliest(call) : ` ${slotsOfIts(call, pool)}`;
      return cause.text === "" ? cause : { ...cause, text: `${cause.text}.${more}` };
    }
    case "active":
    case "ended":
      return { text: pastWait(call) };
  }
}

function isHeldByGateOrPace({ blocked_on }: Call): boolean {
  return blocked_on === "paced" || (blocked_on?.startsWith("gate_") ?? false);
}

/** From when on it may start, where that is known. */
function earliest({ retry_in_ms }: Call): string {
  if (retry_in_ms === null) return "";
  const when = about(retry_in_ms);
  return ` It may start ${when.startsWith("about") ? `in ${when}` : when}, if nothing else holds it then.`;
}

/** The slots that it could get: those of its class, and the shared ones. */
function slotsOfIts({ agent: id, type }: Call, { agents, shared }: Pool): string {
  const agent = agents.find((each) => each.id === id);
  const use = agent?.types[type];
  const ofShared = `${count(shared.in_use)} of ${count(shared.size)} shared slots are in use`;
  if (agent === undefined || use === undefined || use.reserved === 0) {
    return `Nothing is reserved for ${TYPE_NAME[type]} calls of ${agent?.name ?? id}; ${ofShared}.`;
  }
  const own = `${count(use.reserved_in_use)} of ${count(use.reserved)} slots reserved for ${TYPE_NAME[type]} calls of ${agent.name}`;
  return `${own} and ${ofShared}.`;
}

function pastWait(call: Call): string {
  const ms = waitedMs(call, 0);
  if (call.started_at === null) {
    return ms === 0
      ? "It found no free slot, and did not wait for one."
      : `It waited ${shortDuration(ms)} and never got a slot.`;
  }
  const slot = call.slot === null ? "a slot" : `a ${call.slot} slot`;
  return ms === 0
    ? `It did not wait: ${slot} was free.`
    : `It waited ${shortDuration(ms)} until ${slot} was free for it. What held it is not kept beyond the wait.`;
}
