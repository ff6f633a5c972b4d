// The rows of the table of agents.

import type { PoolAgent } from "../../domain";

/** The agents whose name or id has all the words that are searched for. */
export function foundAgents(agents: readonly PoolAgent[], search: string): readonly PoolAgent[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return agents;
  return agents.filter(({ id, name }) => {
    const text = `${name} ${id}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
