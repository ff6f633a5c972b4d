import { useMemo } from "react";
import type { Pool } from "../../../domain";
import { type AgentColor, agentColors } from "./agent-colors";
import { coloredAgents } from "./colored-agents";

/** The colours of the agents with a segment of their own; the same object while they are the same. */
export function useAgentColors(pool: Pool): ReadonlyMap<string, AgentColor> {
  // An id has no space.
  const shown = coloredAgents(pool, []).join(" ");
  return useMemo(() => agentColors(shown === "" ? [] : shown.split(" ")), [shown]);
}
