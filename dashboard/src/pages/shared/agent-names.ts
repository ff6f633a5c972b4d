// The names of the agents.

import { useLive } from "../../live/live-provider";

export type AgentNames = ReadonlyMap<string, string>;

const NO_NAMES: AgentNames = new Map();

/** The names by id, none until they are known; the same object while the names are the same. */
export function useAgentNames(): AgentNames {
  return useLive((live) => namesOf(live.pool.agents)) ?? NO_NAMES;
}

function namesOf(agents: readonly { id: string; name: string }[]): AgentNames {
  return new Map(agents.map(({ id, name }) => [id, name]));
}
