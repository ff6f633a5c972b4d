import { useState } from "react";
import type { Pool } from "../../../domain";
import { type AgentColor, agentColors } from "./agent-colors";
import { coloredAgents } from "./colored-agents";

/** The colours of the agents that have one. An agent keeps its colour while the page is open. */
export function useAgentColors(pool: Pool): ReadonlyMap<string, AgentColor> {
  const [colors, setColors] = useState(() => agentColors(coloredAgents(pool, [])));
  const shown = coloredAgents(pool, [...colors.keys()]);
  const isSame = shown.length === colors.size && shown.every((id) => colors.has(id));
  if (isSame) return colors;
  const next = agentColors(shown, colors);
  setColors(next);
  return next;
}
