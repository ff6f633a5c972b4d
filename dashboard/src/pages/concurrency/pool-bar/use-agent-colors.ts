import { useState } from "react";
import type { Pool } from "../../../domain";
import { type Look, looksOf } from "./agent-colors";
import { shownAgents } from "./pool-bar-segments";

/** The looks of the agents with a segment of their own. Who has one keeps it while the page is open. */
export function useLooks(pool: Pool): ReadonlyMap<string, Look> {
  const [looks, setLooks] = useState(() => looksOf(shownAgents(pool)));
  const shown = shownAgents(pool);
  const isSame = shown.length === looks.size && shown.every((id) => looks.has(id));
  if (isSame) return looks;
  const next = looksOf(shown, looks);
  setLooks(next);
  return next;
}
