import { useState } from "react";
import type { Pool } from "../../../domain";
import { type AgentColor, agentColors } from "./agent-colors";
import { shownAgents } from "./pool-bar-segments";

/** The colours of the agents with a segment of their own. An agent keeps its colour while the page is open. */
export function useAgentColors(pool: Pool): ReadonlyMap<string, AgentColor> {
  const [colors, setColors] = useState(() => agentColors(shownAgents(pool)));
  const shown = shownAgents(pool);
  const isSame = shown.length === colors.size && shown.every((id) => colors.has(id));
  if (isSame) return colors;
  const next = agentColors(shown, colors);
  setColors(next);
  return next;
}
