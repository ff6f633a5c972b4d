import { CALL_TYPES, type Pool, type PoolAgent } from "../../../domain";
import { MOST_SHOWN, shownAgents } from "./pool-bar-segments";

/**
 * The agents that have a colour: those with a segment of their own, and while there are colours left, those that use shared
 * slots. Who had one keeps it, used or not.
 */
export function coloredAgents(pool: Pool, before: readonly string[]): readonly string[] {
  const shown = shownAgents(pool);
  const left = MOST_SHOWN - shown.length;
  if (left <= 0) return shown;
  const has = new Set(shown);
  const known = new Set(pool.agents.map(({ id }) => id));
  const kept = before.filter((id) => known.has(id) && !has.has(id));
  for (const id of kept) has.add(id);
  const users = pool.agents
    .filter((agent) => !has.has(agent.id) && onShared(agent) > 0)
    .sort((a, b) => onShared(b) - onShared(a))
    .map(({ id }) => id);
  return [...shown, ...[...kept, ...users].slice(0, left)];
}

function onShared({ types }: PoolAgent): number {
  return CALL_TYPES.reduce((sum, type) => sum + types[type].shared_in_use, 0);
}
