// The colours of the agents that the pool bar shows apart.

import { type AgentColor, agentColor } from "../../../agent-color";

export type { AgentColor } from "../../../agent-color";

/** The colours of these agents. Those that are not among them share one segment, which has none. */
export function agentColors(ids: readonly string[]): ReadonlyMap<string, AgentColor> {
  return new Map(ids.map((id) => [id, agentColor(id)]));
}
