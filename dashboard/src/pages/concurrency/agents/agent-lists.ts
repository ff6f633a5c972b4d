import type { Pool, PoolAgent } from "../../../domain";

/** The agents with a reservation whose name or id has all words of a search. */
export function reservedAgents(pool: Pool, search: string): readonly PoolAgent[] {
  const words = wordsOf(search);
  return pool.agents.filter((agent) => agent.reserved > 0 && hasWords(agent, words));
}

/** The agents whose name or id has all words of a search. */
export function foundAgents(agents: readonly PoolAgent[], search: string): readonly PoolAgent[] {
  const words = wordsOf(search);
  return agents.filter((agent) => hasWords(agent, words));
}

/** The agents without a reservation that hold slots or wait, and those of `kept`: agents once listed stay. */
export function unreservedAgents(pool: Pool, kept: ReadonlySet<string>): readonly PoolAgent[] {
  return pool.agents.filter(
    (agent) => agent.reserved === 0 && (isAtWork(agent) || kept.has(agent.id)),
  );
}

export function isAtWork(agent: PoolAgent): boolean {
  return agent.active > 0 || agent.queued > 0;
}

function wordsOf(search: string): readonly string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}

function hasWords(agent: PoolAgent, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = `${agent.name} ${agent.id}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
