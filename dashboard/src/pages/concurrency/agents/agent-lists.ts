import type { PoolAgent } from "../../../domain";

/** The agents whose name or id has all words of a search. */
export function foundAgents(agents: readonly PoolAgent[], search: string): readonly PoolAgent[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return agents;
  return agents.filter(({ name, id }) => {
    const text = `${name} ${id}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
