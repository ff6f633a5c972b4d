// The colour of an agent: one on every page and in both themes. It follows from the agent's id alone, so it never depends on
// who else is shown. Two agents may share one; names tell them apart, as colours never do alone.

/** How many hues there are: --agent-1 to --agent-12 of styles.css. */
export const AGENT_HUES = 12;

/** What tells one agent from another: a hue, plain or striped. */
export interface AgentColor {
  /** From 0 on. */
  hue: number;
  isStriped: boolean;
}

export function agentColor(id: string): AgentColor {
  const hash = hashOf(id);
  return { hue: hash % AGENT_HUES, isStriped: Math.floor(hash / AGENT_HUES) % 2 === 1 };
}

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), 32 bits, its bits mixed once more: ids are often alike. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b) >>> 0;
  return (hash ^ (hash >>> 16)) >>> 0;
}
